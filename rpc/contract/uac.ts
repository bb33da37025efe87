import { int, list, long, looseText, methods, nothing, orNull, record, text } from '../schema.ts'

const registration = record({
  l_uuid: text(),
  l_username: text(),
  l_domain: text(),
  r_username: text(),
  r_domain: text(),
  realm: text(),
  auth_username: text(),
  auth_password: text(),
  auth_ha1: text(),
  auth_proxy: text(),
  expires: int(),
  flags: int('1 disabled, 2 under way, 4 registered, 8 answered a challenge, 16 begun'),
  diff_expires: int('seconds until it is renewed'),
  timer_expires: long('seconds since 1970'),
  reg_init: long('seconds since 1970'),
  reg_delay: int(),
  contact_addr: text(),
  socket: orNull(text()),
})
const attribute = text('l_uuid, l_username, r_username or auth_username')
const filter = [attribute, looseText('value')] as const
const invalid = [[400, 'Invalid Parameters']] as const
const failed = (what: string): readonly (readonly [number, string])[] => [[500, what]]

/** `uac.*` - registrations of this node at other servers. */
export const uac = methods({
  'uac.reg_dump': {
    doc: 'Dump the contents of user registrations table.',
    class: 'read',
    params: [],
    result: list(registration),
  },
  'uac.reg_info': {
    doc: 'Return the details of registration for a particular record.',
    class: 'read',
    params: filter,
    result: registration,
    badParams: invalid,
  },
  'uac.reg_enable': {
    doc: 'Enable registration for a particular record.',
    class: 'write',
    params: filter,
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_disable': {
    doc: 'Disable registration for a particular record.',
    class: 'write',
    params: filter,
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_unregister': {
    doc: 'Send a register request with expires 0.',
    class: 'write',
    params: filter,
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_refresh': {
    doc: 'Refresh a record from database.',
    class: 'write',
    params: [text('l_uuid')],
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_reload': {
    doc: 'Reload records from database.',
    class: 'write',
    params: [],
    result: nothing,
  },
  'uac.reg_remove': {
    doc: 'Remove a record from memory.',
    class: 'danger',
    params: [text('l_uuid')],
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_add': {
    doc: 'Add a record to memory.',
    class: 'write',
    params: [
      text('l_uuid'),
      text('l_username'),
      text('l_domain'),
      text('r_username'),
      text('r_domain'),
      text('realm'),
      text('auth_username'),
      text('auth_password'),
      text('auth_ha1'),
      text('auth_proxy'),
      int('expires'),
      int('flags'),
      int('reg_delay'),
      text('socket'),
      text('contact_addr'),
    ],
    result: nothing,
    badParams: invalid,
  },
  'uac.reg_active': {
    doc: 'Set remote registration active or inactive for all records.',
    class: 'write',
    params: [int('0 or 1')],
    result: record({ omode: int('mode before'), nmode: int('mode now') }),
    badParams: failed('Missing parameter'),
  },
})
