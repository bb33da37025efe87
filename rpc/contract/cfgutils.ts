import { int, methods, nothing, text } from '../schema.ts'

const bits = [int('bits')] as const
const bad = [[500, 'Invalid Parameters']] as const

/** `cfgutils.*` - global flags, the probability of rand_event(), the hash of a file. */
export const cfgutils = methods({
  'cfgutils.is_gflag': {
    doc: 'Checks if the bits specified by the argument are all set.',
    class: 'read',
    params: bits,
    badParams: bad,
    result: text('TRUE or FALSE'),
  },
  'cfgutils.set_gflag': {
    doc: 'Sets the bits specified by the argument.',
    class: 'write',
    params: bits,
    badParams: bad,
    result: nothing,
  },
  'cfgutils.get_gflags': {
    doc: 'Return the value for global flags.',
    class: 'read',
    params: [],
    result: text(),
  },
  'cfgutils.reset_gflag': {
    doc: 'Resets the bits specified by the argument.',
    class: 'write',
    params: bits,
    badParams: bad,
    result: nothing,
  },
  'cfgutils.rand_set_prob': {
    doc: 'Set the random probability.',
    class: 'write',
    params: [int('percent')],
    badParams: bad,
    result: nothing,
  },
  'cfgutils.rand_reset_prob': {
    doc: 'Reset the random probability.',
    class: 'write',
    params: [],
    result: nothing,
  },
  'cfgutils.rand_get_prob': {
    doc: 'Get the random probability.',
    class: 'read',
    params: [],
    result: text(),
  },
  'cfgutils.get_config_hash': {
    doc: 'Get config hash value.',
    class: 'read',
    params: [],
    result: text('MD5'),
  },
  'cfgutils.check_config_hash': {
    doc: 'Check config hash value.',
    class: 'read',
    params: [],
    result: text(),
  },
})
