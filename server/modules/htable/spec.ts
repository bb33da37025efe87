/** The parameter `htable`: `name=>size=8;autoexpire=7200;initval=0`. */
import { BadValue } from '../../core/module/index.ts'

export interface TableSpec {
  readonly name: string
  /** How many slots Kamailio's would have: shown by htable.dump and htable.stats. */
  readonly slots: number
  /** Seconds that an item lives, 0 for ever. */
  readonly autoexpire: number
  /** A new value begins its time anew. */
  readonly updateexpire: boolean
  /** What absent items are; null for nothing. */
  readonly initval: number | null
  /** 1: written back to the database when the node stops. */
  readonly dbmode: number
  /** Its table in the database, '' for none. */
  readonly dbtable: string
  /** Columns of a table of another shape: the name, then the values. None: the usual ones. */
  readonly columns: readonly string[]
  /** Between the values of several columns. */
  readonly delimiter: string
  /** What NULL is in one of them. */
  readonly nullText: string
}

/** `size` is the power of two. */
const DEFAULT_BITS = 4
const LEAST_BITS = 3
const MOST_BITS = 31

const MOST_COLUMNS = 8

type Attributes = Map<string, string>

function readAttributes(text: string): Attributes {
  const found: Attributes = new Map()
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const equals = part.indexOf('=')
    const name = part.slice(0, equals < 0 ? part.length : equals).trim()
    if (equals < 0) throw new BadValue(`${name} has no value`, `as "${name}=1"`)
    const value = part.slice(equals + 1).trim()
    found.set(name, /^(['"]).*\1$/.test(value) ? value.slice(1, -1) : value)
  }
  return found
}

function number(attributes: Attributes, name: string, otherwise: number): number {
  const text = attributes.get(name)
  attributes.delete(name)
  if (text === undefined) return otherwise
  if (!/^-?\d+$/.test(text)) throw new BadValue(`${name}=${text} is no number`)
  return Number(text) | 0
}

function word(attributes: Attributes, name: string, otherwise: string): string {
  const text = attributes.get(name) ?? otherwise
  attributes.delete(name)
  return text
}

function readColumns(text: string): string[] {
  const columns = text.split(',').map(part => part.trim())
  if (columns.length === 1 && columns[0] === '') return []
  if (columns.length < 2 || columns.includes(''))
    throw new BadValue(`cols=${text} is no name with values`, "as cols='name,value'")
  if (columns.length > MOST_COLUMNS)
    throw new BadValue(`too many columns ${columns.length}`, `at most ${MOST_COLUMNS}`)
  return columns
}

/** What belongs to DMQ cannot be had yet, and is not left out in silence. */
function refuse(attributes: Attributes): void {
  if (number(attributes, 'dmqreplicate', 0) !== 0)
    throw new BadValue('dmqreplicate: tables are not replicated yet', 'use dmqreplicate=0')
  const [unknown] = attributes.keys()
  if (unknown !== undefined)
    throw new BadValue(
      `${unknown} is no attribute of a table`,
      'size, autoexpire, initval, updateexpire, dbtable, cols, dbmode, dmqreplicate',
    )
}

export function readSpec(value: string | number): TableSpec {
  const text = String(value)
  const arrow = text.indexOf('=>')
  const name = (arrow < 0 ? text : text.slice(0, arrow)).trim()
  if (!/^[\w.-]+$/.test(name))
    throw new BadValue(`${text} names no table`, 'as "name=>size=8;autoexpire=3600"')
  const attributes = readAttributes(arrow < 0 ? '' : text.slice(arrow + 2))
  const bits = number(attributes, 'size', DEFAULT_BITS)
  const hasInitial = attributes.has('initval')
  const initial = number(attributes, 'initval', 0)
  const spec: TableSpec = {
    name,
    slots: 2 ** (bits < 2 ? LEAST_BITS : Math.min(bits, MOST_BITS)),
    autoexpire: Math.max(0, number(attributes, 'autoexpire', 0)),
    updateexpire: number(attributes, 'updateexpire', 1) !== 0,
    initval: hasInitial ? initial : null,
    dbmode: number(attributes, 'dbmode', 0),
    dbtable: word(attributes, 'dbtable', ''),
    columns: readColumns(word(attributes, 'cols', '')),
    delimiter: word(attributes, 'coldelim', ','),
    nullText: word(attributes, 'colnull', '*'),
  }
  refuse(attributes)
  return spec
}
