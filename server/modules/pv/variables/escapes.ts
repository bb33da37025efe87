/** Characters that are awkward to write in a string of the config: `$En`, `$Eq`. */
import { since6, variable, type Pvar } from '../../../core/module/index.ts'
import type { Pv } from '../pv.ts'

const character = (doc: string, text: string): Pvar<Pv> =>
  since6(variable({ doc, get: () => text }))

export const escapeVariables: Record<string, Pvar<Pv>> = {
  En: character('A line feed.', '\n'),
  Er: character('A carriage return.', '\r'),
  Et: character('A tab.', '\t'),
  Es: character('A blank.', ' '),
  Ec: character('A comma.', ','),
  Eq: character('A double quote.', '"'),
  Ek: character('A single quote.', "'"),
  Ei: character('A colon.', ':'),
  Ej: character('A semicolon.', ';'),
  Ev: character('A backtick.', '`'),
  Eb: character('A backslash.', '\\'),
}
