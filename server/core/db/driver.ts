/**
 * What a driver module gives: sessions that carry statements out. It knows its database and nothing
 * of queues, statistics or the circuit breaker: those are around it, the same for all drivers.
 */
import type { Clock } from '../../lib/clock.ts'
import type { DbCapability, DbOnce, DbStatements } from './api.ts'
import type { DbUrl } from './url.ts'

export interface DbDriver {
  /** `mysql` of db_mysql. */
  readonly scheme: string
  readonly can: ReadonlySet<DbCapability>
  /** Makes no connection yet. Throws BadValue when the URL says something that it cannot do. */
  open(url: DbUrl, limits: DbLimits): DbSession
}

/** What the node allows a session; live, because operators change it while the node runs. */
export interface DbLimits {
  /** Milliseconds for a statement, as a driver that can break it off should. */
  readonly deadline: number
  /** Connections to one server. */
  readonly connections: number
  readonly clock: Clock
}

/** One database as its driver reaches it: a pool of connections, or a worker thread. */
export interface DbSession extends DbStatements {
  /** Rejects with a DbError of kind `unavailable` when there is no way to the database. */
  connect(): Promise<void>
  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T>
  /** Ends what is under way and lets go of all connections. */
  close(): Promise<void>
  /** How rows are inserted exactly once where there are no transactions. */
  readonly once?: DbOnce
  /** Connections that stand; a driver without connections leaves it out. */
  readonly connections?: number
}

/** What every driver of an SQL database can do. */
export const SQL_CAN: readonly DbCapability[] = [
  'query',
  'raw',
  'insert',
  'delete',
  'update',
  'replace',
  'insert_update',
  'fetch',
  'affected_rows',
  'transactions',
]

/** The same of those that keep each statement for itself. */
export const CAN_WITHOUT_TRANSACTIONS = SQL_CAN.filter(one => one !== 'transactions')
