/**
 * The database API that modules see: Kamailio's db1, with promises. A module does not know which
 * database it talks to; drivers are modules (db_sqlite, db_mysql ...) that put themselves into
 * core.databases.
 */

/** Kamailio's column types (lib/srdb1/db_val.h). */
export type DbType = 'int' | 'bigint' | 'double' | 'string' | 'datetime' | 'blob' | 'bitmap'

/**
 * Null is NULL; texts and blobs are latin1 byte strings like everything of a SIP message; a
 * datetime is seconds since 1970; a whole number beyond 2^53 is a bigint.
 */
export type DbValue = number | bigint | string | null

export type DbOperator = '=' | '<' | '>' | '<=' | '>=' | '!=' | '&'

/** A value for a column: of a new row or of a change. */
export interface DbCell {
  readonly column: string
  readonly type: DbType
  readonly value: DbValue
}

/** One comparison; all comparisons of a query must hold. A value of null is IS NULL. */
export interface DbTerm extends DbCell {
  readonly op: DbOperator
}

export interface DbColumn {
  readonly name: string
  readonly type: DbType
}

/** Values in the order of the result's columns. */
export type DbRow = readonly DbValue[]

export interface DbResult {
  readonly columns: readonly DbColumn[]
  readonly rows: readonly DbRow[]
}

/** What a statement did that gives no rows. */
export interface DbChange {
  /** Rows that it touched; -1 when the database does not tell. */
  readonly affected: number
  /** The key that the database made for the last inserted row; null when it made none. */
  readonly lastId: number | bigint | null
}

export interface DbSelect {
  readonly table: string
  /** Empty: all of them. */
  readonly columns: readonly string[]
  readonly where: readonly DbTerm[]
  /** Column to order by, as Kamailio's `_o`: `priority` or `priority DESC, id`. */
  readonly order?: string
}

/** What a driver can do (Kamailio's DB_CAP_...); asking for more is refused at the start. */
export type DbCapability =
  | 'query'
  | 'raw'
  | 'insert'
  | 'delete'
  | 'update'
  | 'replace'
  | 'insert_update'
  | 'fetch'
  | 'last_id'
  | 'affected_rows'
  | 'transactions'

/** The statements, all of which reject with a DbError and nothing else. */
export interface DbStatements {
  query(select: DbSelect): Promise<DbResult>
  /** The same in pages of at most `rows` rows, so that a large table never is in memory at once. */
  pages(select: DbSelect, rows: number): AsyncIterable<DbResult>
  insert(table: string, row: readonly DbCell[]): Promise<DbChange>
  /** Changes the row with the same unique key instead when there is one; `keys`: its columns. */
  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange>
  /** Takes the place of the row with the same unique key; `keys`: its columns. */
  replace(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange>
  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange>
  delete(table: string, where: readonly DbTerm[]): Promise<DbChange>
  /** A statement in the database's own language. */
  raw(statement: string): Promise<DbResult & DbChange>
}

/** A row for a table. */
export interface DbInsert {
  readonly table: string
  readonly cells: readonly DbCell[]
}

/** Rows that have numbers, one after the other. */
export interface DbNumbered {
  /** Whose numbers these are. */
  readonly spool: string
  /** Number of the first row. */
  readonly first: number
  readonly rows: readonly DbInsert[]
  /** What was inserted survives the loss of power, too. */
  readonly sync: boolean
}

/** What a database without transactions offers to who must insert each row once, over kills. */
export interface DbOnce {
  /**
   * Inserts rows in order; the database keeps the number of the last one with them, so that those
   * which are there already are left out, whoever died when.
   */
  insertOnce(numbered: DbNumbered): Promise<void>
  /** Rejects if the row itself is what `insertOnce` refuses. */
  check(row: DbInsert): Promise<void>
}

/** One database as one module uses it. Pools, deadlines and the circuit breaker are behind it. */
export interface Database extends DbStatements {
  /** Without its password: for messages and RPC replies. */
  readonly shownUrl: string
  /** `mysql`, `sqlite`, `text` ... */
  readonly scheme: string
  readonly can: ReadonlySet<DbCapability>
  /** Of some databases without transactions. */
  readonly once?: DbOnce | undefined
  /**
   * All or nothing: commits when `work` resolves, rolls back when it rejects. The statements must
   * be those of its argument.
   */
  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T>
  /** Resolves when a connection stands; rejects with the database's own words. For the start. */
  connect(): Promise<void>
  /** False while the circuit is open: statements are refused at once then. */
  readonly available: boolean
  /** Called at each change of `available`: to write what was kept back. */
  onAvailable(listener: (available: boolean) => void): void
}

/** Why a statement failed. */
export type DbFailure =
  /** No connection, or it was lost while the statement ran: it may be tried again later. */
  | 'unavailable'
  /** It took too long. Whether it was carried out is not known. */
  | 'deadline'
  /** Too many statements wait already, or somebody else has the row: later it may be better. */
  | 'busy'
  /** A row with the same unique key is there. */
  | 'duplicate'
  /** The database does not understand or allow it: to try it again is of no use. */
  | 'statement'

export class DbError extends Error {
  readonly failure: DbFailure

  constructor(failure: DbFailure, text: string, options?: ErrorOptions) {
    super(text, options)
    this.name = 'DbError'
    this.failure = failure
  }
}

/** `column = value` for a where list. */
export const is = (column: string, type: DbType, value: DbValue): DbTerm => ({
  column,
  type,
  value,
  op: '=',
})

export const cell = (column: string, type: DbType, value: DbValue): DbCell => ({
  column,
  type,
  value,
})
