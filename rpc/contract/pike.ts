import { int, list, maybe, methods, record, text } from '../schema.ts'

const addresses = record({
  max_hits: int('packets of an interval that are too many'),
  list: list(
    record({
      ip_addr: text(),
      leaf_hits_prev: int('packets of the last interval'),
      leaf_hits_curr: int('packets of this one'),
      expires: int('seconds until it is forgotten'),
      status: text('HOT, WARM or nothing'),
    }),
  ),
  number_of_rows: int(),
})
const kind = maybe(text('ALL, HOT or WARM'))
const doc = 'pike.top Dump parts of the pike table'

/** `pike.*` - addresses that send much. */
export const pike = methods({
  'pike.top': { doc, class: 'read', params: [kind], result: addresses },
  'pike.list': { doc, class: 'read', params: [kind], result: addresses },
})
