import { int, list, map, methods, nothing, rest, several, text } from '../schema.ts'

/** `all`, a group with a colon (`core:`), or the bare name of a statistic. */
const which = rest(text('statistic'))

/** `stats.*` - statistics as kamctl asks for them. */
export const stats = methods({
  'stats.get_statistics': {
    doc: 'get core and modules stats',
    class: 'read',
    params: [which],
    result: list(text('group:name = value')),
  },
  'stats.fetch': {
    doc: 'fetch core and modules stats as string values',
    class: 'read',
    params: [which],
    result: map(text('value')),
  },
  'stats.fetchn': {
    doc: 'fetch core and modules stats as number values',
    class: 'read',
    params: [which],
    result: map(int('value')),
  },
  'stats.reset_statistics': {
    doc: 'reset core and modules stats (silent operation)',
    class: 'write',
    params: [which],
    result: nothing,
  },
  'stats.clear_statistics': {
    doc: 'clear core and modules stats (verbose operation)',
    class: 'write',
    params: [which],
    result: several(text('group:name = old value -> 0')),
  },
})
