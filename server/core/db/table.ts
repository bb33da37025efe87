/**
 * Words in which a module declares its tables. Schemas for all databases, `ohana --describe` and the
 * version check are derived from the declaration; names, lengths and defaults are Kamailio's.
 */

/** Kamailio's column types of the schema (share/xml of its database definitions). */
export type SqlType =
  | 'serial'
  | 'int'
  | 'uint'
  | 'smallint'
  | 'usmallint'
  | 'tinyint'
  | 'utinyint'
  | 'bigint'
  | 'ubigint'
  | 'float'
  | 'double'
  | 'varchar'
  | 'char'
  | 'text'
  | 'mediumtext'
  | 'blob'
  | 'mediumblob'
  | 'datetime'

export interface TableColumn {
  readonly type: SqlType
  /** Of a varchar `64`, of a float `10,2`, of a number the width that MySQL prints. */
  readonly size: string
  readonly null: boolean
  /** Undefined: a row must bring its own. */
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

type Default = string | number | null

const column =
  (type: SqlType) =>
  (size: number | string = '', value?: Default): TableColumn => ({
    type,
    size: String(size),
    null: value === null,
    ...(value === undefined ? {} : { default: value }),
  })

/** `varchar(64, '')`: the second argument is the default; null makes the column nullable. */
export const varchar = column('varchar')
const sized =
  (type: SqlType, size = '') =>
  (value?: Default): TableColumn =>
    column(type)(size, value)

/** The key that the database makes itself. */
export const serial = (): TableColumn => column('serial')()
export const int = sized('int')
export const uint = sized('uint')
export const smallint = sized('smallint')
export const tinyint = sized('tinyint')
export const float = column('float')
export const text = sized('text')
export const mediumtext = sized('mediumtext')
export const blob = sized('blob')
export const datetime = sized('datetime')

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
