import { int, list, methods, record, text } from '../schema.ts'

const key = record({ NAME: text(), VALUE: text(), EXPIRES: int() })
const group = record({ KID: text(), KEYS: list(record({ KEY: key })) })

/** `auth_xkeys_.*` - shared keys in groups. */
export const authXkeys = methods({
  'auth_xkeys_.list': {
    doc: 'List existing keys. Their values are in the reply.',
    class: 'danger',
    params: [],
    result: list(group),
  },
  'auth_xkeys_.set': {
    doc: 'Set expires of existing key or add a new key.',
    class: 'write',
    params: [text('id'), text('name'), text('value'), int('expires')],
    badParams: [[500, 'Invalid Parameters']],
    result: record({}),
  },
})
