/**
 * What kamctl and kamdbctl say to the process that has the drivers of databases: a line of JSON per
 * request and per reply. Texts are latin1 byte strings, times are seconds since 1970.
 */
export type DbValue = number | bigint | string | null

export type DbType = 'int' | 'bigint' | 'double' | 'string' | 'datetime' | 'blob' | 'bitmap'

export interface DbCell {
  readonly column: string
  readonly type: DbType
  readonly value: DbValue
}

export interface DbTerm extends DbCell {
  readonly op: '=' | '<' | '>' | '<=' | '>=' | '!='
}

export interface DbSelect {
  readonly do: 'query'
  readonly table: string
  /** Empty: all of them. */
  readonly columns: readonly string[]
  readonly where: readonly DbTerm[]
  readonly order?: string
}

export type DbStatement =
  | DbSelect
  | { readonly do: 'insert'; readonly table: string; readonly row: readonly DbCell[] }
  | {
      readonly do: 'update'
      readonly table: string
      readonly where: readonly DbTerm[]
      readonly changes: readonly DbCell[]
    }
  | { readonly do: 'delete'; readonly table: string; readonly where: readonly DbTerm[] }
  /** In the database's own language. */
  | { readonly do: 'raw'; readonly sql: string }

/** Rows of a query; of a change how many rows it touched, -1 when the database does not tell. */
export interface DbOutcome {
  readonly columns: readonly { readonly name: string; readonly type: DbType }[]
  readonly rows: readonly (readonly DbValue[])[]
  readonly affected: number
}

/** The first line opens the database; its reply has id 0. */
export interface OpenRequest {
  readonly url: string
}

export interface RunRequest {
  readonly id: number
  readonly statements: readonly DbStatement[]
  /** All or nothing. */
  readonly together: boolean
}

/** A query whose rows come in pages, each a reply of its own. */
export interface PagesRequest {
  readonly id: number
  readonly select: DbSelect
  readonly size: number
}

export type DbReply =
  | { readonly id: number; readonly outcomes: readonly DbOutcome[] }
  | { readonly id: number; readonly page: DbOutcome }
  | { readonly id: number; readonly failure: string; readonly text: string }

/** JSON has no whole numbers beyond 2^53. */
export const encode = (message: OpenRequest | RunRequest | PagesRequest | DbReply): string =>
  JSON.stringify(message, (_, value: unknown) =>
    typeof value === 'bigint' ? { bigint: String(value) } : value,
  )

export function decode(line: string): unknown {
  return JSON.parse(line, (_, value: unknown) => {
    const isBig = typeof value === 'object' && value !== null && 'bigint' in value
    return isBig ? BigInt(String(value.bigint)) : value
  })
}
