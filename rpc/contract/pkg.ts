import { int, list, maybe, methods, record, text } from '../schema.ts'

/** `pkg.*` - private memory by process. */
export const pkg = methods({
  'pkg.stats': {
    doc: 'Private memory (pkg) statistics per process',
    class: 'read',
    params: [maybe(text('pid, rank or index')), maybe(int('value'))],
    result: list(
      record({
        entry: int(),
        pid: int(),
        rank: int(),
        used: int('bytes'),
        free: int('bytes'),
        real_used: int('bytes'),
        total_size: int('bytes'),
        total_frags: int(),
        desc: text(),
      }),
    ),
  },
  'pkg.info': {
    doc: 'Private memory manager details',
    class: 'read',
    params: [],
    result: record({ name: text(), size: int('bytes') }),
  },
})
