/** What goes between the loop and the thread of SQLite. */
import type { DbColumn } from '../../core/db/api.ts'

export const QUERY = 0
export const CHANGE = 1
/** A statement as somebody wrote it: rows or a change. */
export const RAW = 2
/** BEGIN, COMMIT, ROLLBACK: between them nobody else has orders in a list. */
export const BOUNDARY = 3

export interface SqliteOrder {
  readonly kind: number
  readonly sql: string
  readonly values: readonly unknown[]
}

export interface SqliteAnswer {
  columns: readonly DbColumn[]
  rows: unknown[][]
  affected: number
  lastId: number | bigint | null
  /** A DbFailure, '' when all went well. */
  failure: string
  text: string
}

export interface SqliteFile {
  readonly path: string
  readonly readOnly: boolean
  /** Of PRAGMA journal_mode, '' leaves it as it is. */
  readonly journalMode: string
}
