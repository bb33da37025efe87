/**
 * Words in which tables are declared. Schemas for all databases, `ohana --describe` and the version
 * check are derived from the declarations (db/tables); names, lengths and defaults are Kamailio's.
 */

/** Kamailio's column types of the schema (share/xml of its database definitions), and bigint. */
export type SqlType =
  | 'serial'
  | 'bigint'
  | 'int'
  | 'uint'
  | 'smallint'
  | 'usmallint'
  | 'tinyint'
  | 'utinyint'
  | 'float'
  | 'varchar'
  | 'text'
  | 'mediumtext'
  | 'blob'
  | 'mediumblob'
  | 'datetime'

export interface TableColumn {
  readonly type: SqlType
  /** Of a varchar `64`, of a float `10,2`, of a number the width that MySQL shows. */
  readonly size: string
  readonly null: boolean
  /** Undefined: a row must bring its own, or has NULL where that is allowed. */
  readonly default?: string | number | null
}

export interface TableIndex {
  readonly name: string
  readonly columns: readonly string[]
  readonly unique: boolean
}

export interface TableDeclaration {
  readonly name: string
  /** In Kamailio's table `version`. */
  readonly version: number
  readonly doc: string
  readonly columns: Readonly<Record<string, TableColumn>>
  readonly indexes: readonly TableIndex[]
}

export const table = (
  name: string,
  version: number,
  doc: string,
  columns: Readonly<Record<string, TableColumn>>,
  indexes: readonly TableIndex[],
): TableDeclaration => ({ name, version, doc, columns, indexes })

type Default = string | number | null

/** A default of null makes the column nullable, with NULL as what it says about itself. */
const column = (type: SqlType, size: number | string, value?: Default): TableColumn => ({
  type,
  size: String(size),
  null: value === null,
  ...(value === undefined ? {} : { default: value }),
})

/** `int(0)`: the default; `int(0, 10)`: and the width where it is not the one of the type. */
const number =
  (type: SqlType) =>
  (value?: Default, width: number | '' = ''): TableColumn =>
    column(type, width, value)

const sized =
  (type: SqlType) =>
  (size: number | string, value?: Default): TableColumn =>
    column(type, size, value)

const unsized =
  (type: SqlType) =>
  (value?: Default): TableColumn =>
    column(type, '', value)

/** The key that the database makes itself. */
export const serial = (): TableColumn => column('serial', '')
export const bigint = number('bigint')
export const int = number('int')
export const uint = number('uint')
export const smallint = number('smallint')
export const usmallint = number('usmallint')
export const tinyint = number('tinyint')
export const utinyint = number('utinyint')
/** `float('10,2', '1.0')`: digits in all and behind the point; a default as it is to be printed. */
export const float = sized('float')
/** `varchar(64, '')`: length and default. */
export const varchar = sized('varchar')
export const text = unsized('text')
export const mediumtext = unsized('mediumtext')
export const blob = unsized('blob')
export const mediumblob = unsized('mediumblob')
/** A default is written `2030-05-28 21:32:15`. */
export const datetime = unsized('datetime')

/** NULL is allowed, and the column says nothing of a default or has another one. */
export const nullable = (of: TableColumn): TableColumn => ({ ...of, null: true })

export const index = (name: string, ...columns: string[]): TableIndex => ({
  name,
  columns,
  unique: false,
})
export const unique = (name: string, ...columns: string[]): TableIndex => ({
  name,
  columns,
  unique: true,
})
