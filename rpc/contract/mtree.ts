import { either, int, list, long, maybe, methods, record, scalar, text } from '../schema.ts'

const EMPTY = [[500, 'Empty tree list.']] as const

const found = record({ PREFIX: text(), TVALUE: scalar() })

/** `mtree.*` - values of prefixes. */
export const mtree = methods({
  'mtree.summary': {
    doc: 'Print summary of loaded mtree tables.',
    class: 'read',
    params: [maybe(text('tree'))],
    result: list(
      record({
        table: text('the tree'),
        item: record({
          ttype: int('0 texts, 1 d:w, 2 numbers'),
          memsize: int('bytes'),
          nrnodes: int(),
          nritems: int(),
          reload_count: int(),
          reload_time: long('seconds since 1970'),
        }),
      }),
    ),
  },
  'mtree.reload': {
    doc: 'Reload mtrees from database to memory.',
    class: 'write',
    params: [maybe(text('tree'))],
    result: text(),
  },
  'mtree.match': {
    doc: 'Match prefix value against mtree.',
    class: 'read',
    params: [text('tree'), text('prefix'), int('mode: 0 the longest, 2 all')],
    badParams: [[500, 'Invalid Parameters']],
    result: either(found, list(found), 'with mode 2 a list'),
  },
  'mtree.list': {
    doc: 'List the content of one or all trees.',
    class: 'read',
    params: [maybe(text('tree'))],
    badParams: EMPTY,
    result: list(record({ tname: text(), tprefix: text(), tvalue: list(either(text(), int())) })),
  },
})
