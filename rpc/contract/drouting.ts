import { methods, text } from '../schema.ts'

/** `drouting.*` - rules that route numbers to gateways. */
export const drouting = methods({
  'drouting.reload': {
    doc: 'Write back to disk modified tables',
    class: 'write',
    params: [],
    result: text(),
  },
})
