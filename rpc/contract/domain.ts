import { list, methods, nothing, record, text } from '../schema.ts'

/** `domain.*` - domains that the node serves. */
export const domain = methods({
  'domain.reload': {
    doc: 'Reload domain tables from database',
    class: 'write',
    params: [],
    result: nothing,
  },
  'domain.dump': {
    doc: 'Return the contents of domain and domain_attrs tables',
    class: 'read',
    params: [],
    result: record({
      domains: list(record({ domain: text(), did: text() })),
      attributes: list(record({ did: text(), attrs: list(text()) })),
    }),
  },
})
