// The tables of the suite, in words that every driver's test turns into its own.
import type { DbCell, DbType } from '../../../server/core/db/api.ts'

export interface SuiteColumn {
  readonly name: string
  readonly type: DbType
  readonly null: boolean
}

export interface SuiteTable {
  readonly name: string
  /** A first column `id` that the database fills in. */
  readonly counted: boolean
  readonly columns: readonly SuiteColumn[]
  /** Columns of its unique key, where it has one. */
  readonly unique: readonly string[]
  /** In the table `version`. */
  readonly version: number
}

const column =
  (type: DbType) =>
  (name: string): SuiteColumn => ({ name, type, null: true })
const string = column('string')
const int = column('int')

/** A column for each type, and a unique name. */
export const people: SuiteTable = {
  name: 'people',
  counted: true,
  columns: [
    { ...string('name'), null: false },
    int('age'),
    column('bigint')('account'),
    column('double')('height'),
    column('datetime')('born'),
    string('note'),
    column('blob')('photo'),
  ],
  unique: ['name'],
  version: 7,
}

/** A unique key of two columns. */
export const members: SuiteTable = {
  name: 'members',
  counted: true,
  columns: [{ ...string('club'), null: false }, { ...string('member'), null: false }, int('since')],
  unique: ['club', 'member'],
  version: 3,
}

/** Nothing is unique in it. */
export const marks: SuiteTable = {
  name: 'marks',
  counted: false,
  columns: [string('name'), int('flags'), int('priority')],
  unique: [],
  version: 1,
}

/** What says how tables look. */
export const versions: SuiteTable = {
  name: 'version',
  counted: false,
  columns: [{ ...string('table_name'), null: false }, int('table_version')],
  unique: ['table_name'],
  version: 1,
}

export const TABLES = [people, members, marks, versions]

const TYPES = new Map(TABLES.flatMap(table => table.columns).map(one => [one.name, one.type]))

/** Cells of the columns of these tables: `cells({ name: 'bob', age: 7 })`. */
export const cells = (values: Readonly<Record<string, DbCell['value']>>): DbCell[] =>
  Object.entries(values).map(([name, value]) => ({ column: name, type: typeOf(name), value }))

export function typeOf(name: string): DbType {
  const type = TYPES.get(name)
  if (type === undefined) throw new Error(`no column ${name}`)
  return type
}
