/**
 * What stands between modules and the session of a driver, the same for all databases: a bound on
 * what is under way, a deadline for each statement, the circuit breaker, statistics.
 */
import type { Clock } from '../../lib/clock.ts'
import type { Counter } from '../counters.ts'
import type { Log } from '../log.ts'
import {
  type Database,
  type DbCapability,
  DbError,
  type DbOnce,
  type DbResult,
  type DbSelect,
  type DbStatements,
} from './api.ts'
import { Breaker, type BreakerSettings } from './breaker.ts'
import type { DbDriver, DbLimits, DbSession } from './driver.ts'
import { Flights } from './flights.ts'
import { ForwardedStatements, pageByPage } from './forwarded.ts'
import { insertText, selectText, type StatementText } from './statement-text.ts'
import { type DbUrl, shownUrl } from './url.ts'

/** Core parameters that bound it; read anew each time, because they may change. */
export interface GuardSettings extends BreakerSettings {
  readonly db_deadline: number
  readonly db_max_statements: number
  readonly db_connections: number
  /** Microseconds; 0: no statement is told of. */
  readonly latency_limit_db: number
  readonly latency_log: number
}

/** Of all databases together. */
export interface DbStatistics {
  readonly statements: Counter
  readonly errors: Counter
  readonly deadlines: Counter
  readonly refused: Counter
}

export interface GuardEnv {
  readonly params: GuardSettings
  readonly log: Log
  readonly clock: Clock
  readonly statistics: DbStatistics
}

export class GuardedDatabase extends ForwardedStatements implements Database {
  readonly shownUrl: string
  readonly scheme: string
  readonly can: ReadonlySet<DbCapability>
  readonly once: DbOnce | undefined
  /** Modules that opened it. */
  readonly users = new Set<string>()
  readonly breaker: Breaker
  statements = 0
  errors = 0
  deadlines = 0
  refused = 0
  lastError = ''
  private readonly env: GuardEnv
  private readonly session: DbSession
  private readonly flights: Flights

  constructor(env: GuardEnv, driver: DbDriver, url: DbUrl) {
    const { params } = env
    const limits: DbLimits = {
      clock: env.clock,
      get deadline() {
        return params.db_deadline
      },
      get connections() {
        return params.db_connections
      },
    }
    super()
    this.env = env
    this.session = driver.open(url, limits)
    this.shownUrl = shownUrl(url)
    this.scheme = url.scheme
    this.can = driver.can
    this.once = this.guarded(this.session.once)
    this.flights = new Flights(limits)
    this.breaker = new Breaker(params, env.log, this.shownUrl, () => this.connect())
  }

  get available(): boolean {
    return this.breaker.available
  }

  /** Statements that are under way or wait. */
  get underWay(): number {
    return this.flights.count
  }

  get connections(): number {
    return this.session.connections ?? 0
  }

  onAvailable(listener: (available: boolean) => void): void {
    this.breaker.onChange(listener)
  }

  connect(): Promise<void> {
    return this.flights.run(() => this.session.connect())
  }

  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    const refusal = this.refusal()
    if (refusal !== null) return Promise.reject(refusal)
    return this.watch(this.timedTransaction(work))
  }

  /** Begin, each of its statements and end have a deadline; what else `work` does has none. */
  private timedTransaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    const { flights } = this
    return new Promise((resolve, reject) => {
      let landed = flights.begin(reject)
      const inside = async (db: DbStatements): Promise<T> => {
        // Nobody waits for it any more: it is rolled back.
        if (!landed()) throw new DbError('deadline', 'the transaction began too late')
        try {
          return await work(new TimedStatements(db, flights, this.env))
        } finally {
          landed = flights.begin(reject)
        }
      }
      this.session.transaction(inside).then(
        value => {
          landed()
          resolve(value)
        },
        (error: unknown) => {
          landed()
          reject(error as Error)
        },
      )
    })
  }

  async close(): Promise<void> {
    this.breaker.close()
    await this.session.close()
  }

  pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const text = (): string => selectText(select)
    return pageByPage(this.session.pages(select, rows), begin => this.run(begin, text))
  }

  protected run<T>(begin: (to: DbStatements) => Promise<T>, text: StatementText): Promise<T> {
    const refusal = this.refusal()
    if (refusal !== null) return Promise.reject(refusal)
    return this.watch(
      tellSlow(
        this.env,
        text,
        this.flights.run(() => begin(this.session)),
      ),
    )
  }

  private guarded(once: DbOnce | undefined): DbOnce | undefined {
    if (once === undefined) return undefined
    return {
      insertOnce: numbered =>
        this.run(
          () => once.insertOnce(numbered),
          () => `rows from ${numbered.first} on of ${numbered.spool}`,
        ),
      check: row =>
        this.run(
          () => once.check(row),
          () => insertText(row.table, row.cells),
        ),
    }
  }

  /** Why nothing is sent, null when it is. */
  private refusal(): DbError | null {
    const { statistics, params } = this.env
    this.statements++
    statistics.statements.value++
    const { available, reason } = this.breaker
    if (available && this.flights.count < params.db_max_statements) return null
    this.refused++
    statistics.refused.value++
    return available
      ? new DbError('busy', `${this.flights.count} statements wait for ${this.shownUrl}`)
      : new DbError('unavailable', `${this.shownUrl} is away: ${reason}`)
  }

  private async watch<T>(running: Promise<T>): Promise<T> {
    try {
      const value = await running
      this.breaker.succeeded()
      return value
    } catch (error) {
      if (error instanceof DbError) this.note(error)
      throw error
    }
  }

  private note(error: DbError): void {
    const { statistics } = this.env
    const late = error.failure === 'deadline'
    this.lastError = error.message
    if (late) this.deadlines++
    else this.errors++
    statistics[late ? 'deadlines' : 'errors'].value++
    // Who says that a statement is wrong is there.
    if (late || error.failure === 'unavailable') this.breaker.failed(error.message)
    else this.breaker.succeeded()
  }
}

/** The statements of a transaction: each has its deadline, all of them count as one. */
class TimedStatements extends ForwardedStatements {
  private readonly to: DbStatements
  private readonly flights: Flights
  private readonly env: GuardEnv

  constructor(to: DbStatements, flights: Flights, env: GuardEnv) {
    super()
    this.to = to
    this.flights = flights
    this.env = env
  }

  pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const text = (): string => selectText(select)
    return pageByPage(this.to.pages(select, rows), begin => this.run(begin, text))
  }

  protected run<T>(begin: (to: DbStatements) => Promise<T>, text: StatementText): Promise<T> {
    return tellSlow(
      this.env,
      text,
      this.flights.run(() => begin(this.to)),
    )
  }
}

/** A statement that takes longer than latency_limit_db has a line in the log. */
function tellSlow<T>(env: GuardEnv, text: StatementText, running: Promise<T>): Promise<T> {
  if (env.params.latency_limit_db <= 0) return running
  const began = env.clock.monotonic()
  return running.finally(() => {
    const { latency_limit_db: limit, latency_log: level } = env.params
    const microseconds = Math.round((env.clock.monotonic() - began) * 1000)
    if (limit <= 0 || microseconds < limit) return
    const what = `query execution too long [${microseconds} us] for [${text()}]`
    env.log.write(level, '<core>', `alert - ${what}`)
  })
}
