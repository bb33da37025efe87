import { methods, nothing } from '../schema.ts'

/** `regex.*` - the file with groups of expressions. */
export const regex = methods({
  'regex.reload': {
    doc: 'Reload regex file',
    class: 'write',
    params: [],
    result: nothing,
  },
})
