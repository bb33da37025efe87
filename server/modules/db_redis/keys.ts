/** Which keys of Redis hold the rows of a table, and which sets lead to them. */
import type { DbCell } from '../../core/db/api.ts'
import { BadValue } from '../../core/module/index.ts'
import { printValue } from './values.ts'

export interface KeyMap {
  readonly name: string
  readonly columns: readonly string[]
}

export interface TableKeys {
  /** Columns that make the key of a row. */
  readonly entry: readonly string[]
  readonly maps: readonly KeyMap[]
}

const SAMPLE = 'location=entry:ruid&usrdom:username,domain'

/** `table=entry:column,column&map:column;table=...` */
export function readKeys(text: string): Map<string, TableKeys> {
  const tables = new Map<string, TableKeys>()
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const [table = '', list = ''] = splitOnce(part.trim(), '=')
    const maps = list.split('&').map(readMap)
    const entry = maps.find(({ name }) => name === 'entry')
    if (table === '' || entry === undefined)
      throw new BadValue(`keys of "${part.trim()}": a table needs an entry key`, SAMPLE)
    tables.set(table, { entry: entry.columns, maps: maps.filter(map => map !== entry) })
  }
  return tables
}

function readMap(text: string): KeyMap {
  const [name = '', list = ''] = splitOnce(text.trim(), ':')
  const columns = list.split(',').map(column => column.trim())
  if (name === '' || columns.includes('')) throw new BadValue(`"${text}" is no key`, SAMPLE)
  return { name, columns }
}

function splitOnce(text: string, by: string): string[] {
  const at = text.indexOf(by)
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + 1)]
}

/** What all keys of rows of a table begin with. */
export const entryPrefix = (table: string): string => `${table}:entry::`

/** The set with all keys of a map, by which others find them. */
export const indexKey = (table: string, map: string): string => `${table}::index::${map}`

/** `location:usrdom::alice:example.org`; null when a column has no value. */
export function keyOf(
  table: string,
  { name, columns }: KeyMap,
  text: (column: string) => string | null,
): string | null {
  const values = columns.map(text)
  return values.includes(null) ? null : `${table}:${name}::${values.join(':')}`
}

/** The text of a column among cells; null when it is not there. */
export const textIn =
  (cells: readonly DbCell[]) =>
  (column: string): string | null => {
    const found = cells.find(cell => cell.column === column)
    return found === undefined || found.value === null ? null : printValue(found)
  }
