import { either, maybe, methods, nothing, pairs, record, text } from '../schema.ts'

const entry = record({ DOMAIN: text(), PREFIX: text() })

/** `pdt.*` - domains of prefixes. */
export const pdt = methods({
  'pdt.reload': {
    doc: 'Reload PDT database records',
    class: 'write',
    params: [],
    result: nothing,
  },
  'pdt.list': {
    doc: 'List PDT memory records',
    class: 'read',
    params: [maybe(text('source domain')), maybe(text('prefix')), maybe(text('domain'))],
    badParams: [[500, 'Error Reading Parameters']],
    result: pairs(
      either(text(), pairs(entry, 'every pair is named ENTRY')),
      'pairs of SDOMAIN and RECORDS, for each source domain',
    ),
  },
})
