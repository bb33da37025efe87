/**
 * What a driver module gives: sessions that carry statements out. It knows its database and nothing
 * of deadlines, queues or the circuit breaker: those are around it, the same for all drivers.
 */
import type { DbCapability, DbStatements } from './api.ts'
import type { DbUrl } from './url.ts'

export interface DbDriver {
  /** `mysql` of db_mysql. */
  readonly scheme: string
  readonly can: ReadonlySet<DbCapability>
  /** Makes no connection yet. Throws BadValue when the URL says something that it cannot do. */
  open(url: DbUrl): DbSession
}

/** One database as its driver reaches it: a pool of connections, or a worker thread. */
export interface DbSession extends DbStatements {
  /** Rejects with a DbError of kind `unavailable` when there is no way to the database. */
  connect(): Promise<void>
  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T>
  /** Ends what is under way and lets go of all connections. */
  close(): Promise<void>
}
