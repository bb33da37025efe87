/** Items as rows of a database: reading them, with Kamailio's arrays, and writing them. */
import { cell, type DbCell, type DbRow, type DbValue } from '../../core/db/api.ts'
import { BadValue, type ConfigOf } from '../../core/module/index.ts'
import type { htableParams } from './params.ts'
import type { TableSpec } from './spec.ts'
import type { Item, ItemValue } from './table.ts'

type Config = ConfigOf<typeof htableParams>

/** Of a name: each row of it is an element, `name[0]`, `name[1]` and so on. */
const ARRAY = 1
const TEXT = 0
const NUMBER = 1

const INT_MIN = -0x80000000
const INT_MAX = 0x7fffffff

/** The number that a text begins with, in 32 bits; 0 when it begins with none. */
function numberOf(text: string): number {
  const digits = Number(/^[+-]?\d+/.exec(text)?.[0] ?? 0)
  return Math.max(INT_MIN, Math.min(INT_MAX, digits))
}

export class RowReader {
  readonly items = new Map<string, Item>()
  private readonly spec: TableSpec
  private readonly config: Config
  private readonly now: number
  /** The array whose rows come just now, '' for none, and its elements so far. */
  private array = ''
  private elements = 0

  constructor(spec: TableSpec, config: Config, now: number) {
    this.spec = spec
    this.config = config
    this.now = now
  }

  /** In this order `row` has its values. */
  static columns(spec: TableSpec, config: Config): string[] {
    if (spec.columns.length > 0) return [...spec.columns]
    const { key_name_column, key_type_column, value_type_column } = config
    const usual = [key_name_column, key_type_column, value_type_column, config.key_value_column]
    return config.db_expires === 0 ? usual : [...usual, config.expires_column]
  }

  /** Throws BadValue when it is no item. */
  row(row: DbRow): void {
    const [name, ...rest] = row
    if (name === null || name === undefined) throw new BadValue('NULL key value')
    if (this.spec.columns.length > 0) this.put(String(name), this.packed(rest), 0)
    else this.usual(String(name), rest)
  }

  /** The size of the last array comes behind its last row. */
  end(): Map<string, Item> {
    this.endArray()
    return this.items
  }

  private usual(name: string, [keyType, valueType, value, expires]: readonly DbValue[]): void {
    if (name !== this.array) this.endArray()
    if (value === null || value === undefined) throw new BadValue('null value')
    const end = Number(expires ?? 0)
    const key = Number(keyType) === ARRAY ? this.element(name) : name
    // What is over would go with the next sweep; a table without ends keeps it.
    if (end > 0 && end < this.now && this.spec.autoexpire > 0) return
    const text = String(value)
    this.put(key, Number(valueType ?? TEXT) === TEXT ? text : numberOf(text), end)
  }

  private element(name: string): string {
    this.array = name
    return `${name}[${this.elements++}]`
  }

  private endArray(): void {
    if (this.array !== '') this.put(this.array + this.config.array_size_suffix, this.elements, 0)
    this.array = ''
    this.elements = 0
  }

  private packed(values: readonly DbValue[]): string {
    const { delimiter, nullText } = this.spec
    const texts = values.map((value, i) => {
      if (typeof value === 'number' && !Number.isInteger(value))
        throw new BadValue(`unsupported data type for column ${i + 1}`)
      return value === null ? nullText : String(value)
    })
    return texts.join(delimiter)
  }

  private put(name: string, value: ItemValue, end: number): void {
    const { autoexpire } = this.spec
    const usual = autoexpire > 0 ? this.now + autoexpire : 0
    this.items.set(name, { name, value, expire: autoexpire > 0 && end > 0 ? end : usual })
  }
}

/** The row of an item: arrays are written as the items that they are in memory. */
export function rowOf(item: Item, config: Config): DbCell[] {
  const type = typeof item.value === 'number' ? NUMBER : TEXT
  const cells = [
    cell(config.key_name_column, 'string', item.name),
    cell(config.key_type_column, 'int', 0),
    cell(config.value_type_column, 'int', type),
    cell(config.key_value_column, 'string', String(item.value)),
  ]
  if (config.db_expires !== 0) cells.push(cell(config.expires_column, 'int', item.expire))
  return cells
}
