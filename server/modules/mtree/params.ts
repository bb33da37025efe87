/** The parameter mtree: where one tree comes from. */
import { BadValue } from '../../core/module/index.ts'
import { TEXTS, WEIGHTS, NUMBERS } from './tree.ts'

export interface TreeSource {
  readonly name: string
  readonly table: string
  readonly type: number
  /** The table has several trees, told apart by their names. */
  readonly several: boolean
  /** First the prefix, then the values; none: the usual ones. */
  readonly columns: readonly string[]
}

const EXAMPLE = "name=routes;dbtable=routes;type=0, or with cols='prefix,a,b'"

/** Throws BadValue. */
export function readSource(text: string | number): TreeSource {
  const fields = new Map<string, string>()
  for (const found of String(text).matchAll(
    /\s*([^=;\s]+)\s*=\s*('[^']*'|"[^"]*"|[^;]*)\s*(?:;|$)/g,
  ))
    fields.set(found[1]!, found[2]!.trim().replace(/^['"]|['"]$/g, ''))
  for (const key of fields.keys())
    if (!['name', 'dbtable', 'type', 'multi', 'cols'].includes(key))
      throw new BadValue(`unknown attribute "${key}" of a tree`, EXAMPLE)
  const name = fields.get('name') ?? ''
  const table = fields.get('dbtable') ?? ''
  if (name === '' || table === '') throw new BadValue(`"${text}" names no tree and table`, EXAMPLE)
  const type = Number(fields.get('type') ?? TEXTS)
  if (![TEXTS, WEIGHTS, NUMBERS].includes(type))
    throw new BadValue(`${fields.get('type')} is no type of a tree`, '0 texts, 1 d:w, 2 numbers')
  const columns = (fields.get('cols') ?? '').split(',').map(part => part.trim())
  const named = columns.filter(part => part !== '')
  if (named.length === 1) throw new BadValue('cols has no column for values', EXAMPLE)
  if (named.length > 0 && type !== TEXTS)
    throw new BadValue('values of several columns are texts', 'type=0')
  const several = Number(fields.get('multi') ?? 0) !== 0
  return { name, table, type, several, columns: named }
}
