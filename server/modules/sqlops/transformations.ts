/** {sql.val}, {sql.val.int}, {sql.val.str}: a value as it is written in a statement of SQL. */
import type { PvValue, Transformation } from '../../core/module/index.ts'

const ESCAPES: Readonly<Record<string, string>> = { '\0': '\\0' }

const quoted = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  `'${text.replace(/['"\\\0]/g, char => ESCAPES[char] ?? `\\${char}`)}'`

const written = (doc: string, nothing: string | number): Transformation => ({
  doc,
  minArgs: 0,
  maxArgs: 0,
  run: (value: PvValue) => {
    if (value === null) return nothing
    return typeof value === 'number' ? value : quoted(value)
  },
})

export const sqlTransformations: Record<string, Transformation> = {
  val: written('A number, or a text in quotes; NULL for nothing.', 'NULL'),
  'val.int': written('The same; 0 for nothing.', 0),
  'val.str': written('The same; two quotes for nothing.', "''"),
}
