import { either, int, list, map, methods, text } from '../schema.ts'

const params = [text('module, or all'), text('pkg, shm or all')] as const
const result = list(
  either(text(), map(int('bytes'))),
  'Module: name, then its sizes, then an empty text',
)
const badParams = [
  [500, 'Module name or "all" needed'],
  [500, '"pkg" or "shm" or "all" needed'],
] as const

/** `mod.*` - memory by module. */
export const mod = methods({
  'mod.stats': {
    doc: 'Per module memory usage statistics',
    class: 'read',
    params,
    badParams,
    result,
  },
  'mod.mem_stats': {
    doc: 'Per module memory usage statistics',
    class: 'read',
    params,
    badParams,
    result,
  },
  'mod.mem_statsx': {
    doc: 'Per module memory use statistics with more details',
    class: 'read',
    params,
    badParams,
    result,
  },
})
