import { int, methods, nothing, orNull, record, rows, text } from '../schema.ts'

const entry = record({
  PRIO: int(),
  MATCHOP: int('0 equal, 1 regular expression, 2 pattern of file names'),
  MATCHEXP: text(),
  MATCHLEN: int('0: any length'),
  SUBSTEXP: orNull(text()),
  REPLEXP: orNull(text()),
  ATTRS: orNull(text()),
})

/** `dialplan.*` - rules that translate numbers. */
export const dialplan = methods({
  'dialplan.reload': {
    doc: 'Reload dialplan table from database.',
    class: 'write',
    params: [],
    result: nothing,
  },
  'dialplan.translate': {
    doc: 'Perform dialplan translation.',
    class: 'read',
    params: [int('dialplan'), text('input')],
    badParams: [[500, 'Invalid parameters']],
    result: record({ Output: text(), Attributes: text() }),
  },
  'dialplan.dump': {
    doc: 'Dump dialplan content.',
    class: 'read',
    params: [int('dialplan')],
    badParams: [[500, 'Missing parameter']],
    result: record({ DPID: int(), ENTRIES: rows('ENTRY', entry) }),
  },
})
