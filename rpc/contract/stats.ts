import { int, list, map, methods, nothing, rest, several, text } from '../schema.ts'

/** `all`, a group with a colon (`core:`), or the bare name of a statistic. */
const which = [text('statistic'), rest(text('statistic'))] as const
const ask = [[400, 'Please provide which stats to retrieve']] as const
const name = [[400, 'Please provide stats name']] as const

/** `stats.*` - statistics as kamctl asks for them. */
export const stats = methods({
  'stats.get_statistics': {
    doc: 'get core and modules stats',
    class: 'read',
    params: which,
    badParams: ask,
    result: list(text('group:name = value')),
  },
  'stats.fetch': {
    doc: 'fetch core and modules stats as string values',
    class: 'read',
    params: which,
    badParams: ask,
    result: map(text('value')),
  },
  'stats.fetchn': {
    doc: 'fetch core and modules stats as number values',
    class: 'read',
    params: which,
    badParams: ask,
    result: map(int('value')),
  },
  'stats.reset_statistics': {
    doc: 'reset core and modules stats (silent operation)',
    class: 'write',
    params: which,
    badParams: name,
    result: nothing,
  },
  'stats.clear_statistics': {
    doc: 'clear core and modules stats (verbose operation)',
    class: 'write',
    params: which,
    badParams: name,
    result: several(text('group:name = old value -> 0')),
  },
})
