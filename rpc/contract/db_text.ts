import { methods, several, text } from '../schema.ts'

/** `db_text.*` - databases that are text files. */
export const dbText = methods({
  'db_text.dump': {
    doc: 'Write back to disk modified tables.',
    class: 'write',
    params: [],
    result: text(),
  },
  'db_text.query': {
    doc: 'Perform Live Query.',
    class: 'write',
    params: [text('statement')],
    result: several(text()),
  },
})
