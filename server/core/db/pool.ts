/** The connections of one database server: how many, who has which, what becomes of lost ones. */
import { DbError, type DbResult, type DbSelect, type DbStatements } from './api.ts'
import type { DbLimits, DbSession } from './driver.ts'
import { ForwardedStatements, pageByPage } from './forwarded.ts'

/** One connection of a driver. Its errors are DbErrors. */
export interface DbConnection extends DbStatements {
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  ping(): Promise<void>
  /** Called once, when it is of no use any more. */
  onLost(listener: () => void): void
  /** Lets the server know. */
  end(): Promise<void>
  /** At once; what is under way is rejected. */
  destroy(): void
}

export interface PoolOptions {
  readonly connect: () => Promise<DbConnection>
  readonly limits: DbLimits
  /** How often a query is tried again on another connection when its own was lost. */
  readonly retries: number
  /** Milliseconds between two pings of a connection that nobody uses; 0: none. */
  readonly pingInterval: number
}

interface Waiter {
  readonly since: number
  readonly resolve: (connection: DbConnection) => void
  readonly reject: (error: Error) => void
}

/** Milliseconds between two looks at those that are busy. */
const LOOK_EVERY = 100

export class PooledSession extends ForwardedStatements implements DbSession {
  private readonly options: PoolOptions
  private readonly idle: DbConnection[] = []
  /** When their statements were begun; Infinity while the one who has it does something else. */
  private readonly busy = new Map<DbConnection, number>()
  private readonly waiting: Waiter[] = []
  private opening = 0
  private closed = false
  private looking: NodeJS.Timeout | null = null
  private readonly pinging: NodeJS.Timeout | null

  constructor(options: PoolOptions) {
    super()
    this.options = options
    const { pingInterval } = options
    this.pinging =
      pingInterval > 0 ? setInterval(() => this.pingIdle(), pingInterval).unref() : null
  }

  get connections(): number {
    return this.idle.length + this.busy.size
  }

  connect(): Promise<void> {
    return this.again(connection => connection.ping())
  }

  override query(select: DbSelect): Promise<DbResult> {
    return this.again(connection => connection.query(select))
  }

  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const connection = await this.take()
    let good = false
    try {
      for await (const page of connection.pages(select, rows)) {
        // The reader takes its time.
        this.touch(connection, Infinity)
        yield page
        this.touch(connection)
      }
      good = true
    } catch (error) {
      good = !isLost(error)
      throw error
    } finally {
      this.giveBack(connection, good)
    }
  }

  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    return this.run(async connection => {
      const statements = new TransactionStatements(connection, () => this.touch(connection))
      await connection.begin()
      let value: T
      try {
        value = await work(statements)
      } catch (error) {
        statements.end()
        // When this fails the connection goes, and the transaction with it.
        if (!isLost(error)) await connection.rollback().catch(() => connection.destroy())
        throw error
      }
      statements.end()
      await connection.commit()
      return value
    })
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.pinging !== null) clearInterval(this.pinging)
    if (this.looking !== null) clearInterval(this.looking)
    this.refuseWaiting(new DbError('unavailable', 'the node stops'))
    for (const connection of this.busy.keys()) connection.destroy()
    await Promise.all(this.idle.splice(0).map(one => one.end().catch(() => one.destroy())))
  }

  /** What may be done twice is done again when its connection was lost. */
  private async again<T>(work: (connection: DbConnection) => Promise<T>): Promise<T> {
    for (let left = this.options.retries; ; left--) {
      const hadSome = this.connections > 0
      try {
        return await this.run(work)
      } catch (error) {
        // A server to which no connection was made is away.
        if (left <= 0 || !hadSome || this.closed || !isLost(error)) throw error
      }
    }
  }

  protected async run<T>(work: (connection: DbConnection) => Promise<T>): Promise<T> {
    const connection = await this.take()
    try {
      const value = await work(connection)
      this.giveBack(connection, true)
      return value
    } catch (error) {
      this.giveBack(connection, !isLost(error))
      throw error
    }
  }

  private take(): DbConnection | Promise<DbConnection> {
    if (this.closed) return Promise.reject(new DbError('unavailable', 'the node stops'))
    const connection = this.idle.pop()
    if (connection !== undefined) {
      this.lend(connection)
      return connection
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ since: this.now(), resolve, reject })
      this.openMore()
    })
  }

  private lend(connection: DbConnection): void {
    this.busy.set(connection, this.now())
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY).unref()
  }

  /** Its next statement begins. */
  private touch(connection: DbConnection, since = this.now()): void {
    // Otherwise it was lost meanwhile.
    if (this.busy.has(connection)) this.busy.set(connection, since)
  }

  private giveBack(connection: DbConnection, good: boolean): void {
    // No longer there: it was lost.
    if (!this.busy.delete(connection)) return
    if (!good || this.closed) connection.destroy()
    else if (!this.serve(connection)) this.idle.push(connection)
    this.openMore()
  }

  /** Hands it to the first who waits; false when nobody does. */
  private serve(connection: DbConnection): boolean {
    const oldest = this.now() - this.options.limits.deadline
    for (;;) {
      const waiter = this.waiting.shift()
      if (waiter === undefined) return false
      if (waiter.since < oldest) {
        // Nobody wants to know any more what it comes to.
        waiter.reject(new DbError('deadline', 'no connection was free in time'))
        continue
      }
      this.lend(connection)
      waiter.resolve(connection)
      return true
    }
  }

  private openMore(): void {
    const { connections } = this.options.limits
    while (this.waiting.length > this.opening && this.connections + this.opening < connections)
      void this.openOne()
  }

  private async openOne(): Promise<void> {
    this.opening++
    let made: DbConnection
    try {
      made = await this.options.connect()
    } catch (error) {
      this.opening--
      // Those that stand may do the work, when the server wants no more of them.
      if (this.connections === 0) this.refuseWaiting(error as Error)
      return
    }
    this.opening--
    if (this.closed) {
      made.destroy()
      return
    }
    made.onLost(() => this.forget(made))
    if (!this.serve(made)) this.idle.push(made)
  }

  private forget(connection: DbConnection): void {
    this.busy.delete(connection)
    const at = this.idle.indexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
    if (!this.closed) this.openMore()
  }

  private now(): number {
    return this.options.limits.clock.monotonic()
  }

  private refuseWaiting(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error)
  }

  /** A connection that is silent for too long is cut off, and who waits for one gets another. */
  private look(): void {
    const oldest = this.now() - this.options.limits.deadline
    for (const [connection, since] of this.busy) if (since < oldest) connection.destroy()
    if (this.busy.size > 0 || this.looking === null) return
    clearInterval(this.looking)
    this.looking = null
  }

  private pingIdle(): void {
    for (const connection of this.idle.splice(0)) {
      this.lend(connection)
      connection.ping().then(
        () => this.giveBack(connection, true),
        () => this.giveBack(connection, false),
      )
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof DbError && error.failure === 'unavailable'

/** The statements of one transaction, while it lasts. */
class TransactionStatements extends ForwardedStatements {
  private readonly to: DbStatements
  private readonly touch: () => void
  private over = false

  constructor(to: DbStatements, touch: () => void) {
    super()
    this.to = to
    this.touch = touch
  }

  end(): void {
    this.over = true
  }

  pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    return pageByPage(this.to.pages(select, rows), begin => this.run(begin))
  }

  protected run<T>(begin: (to: DbStatements) => Promise<T>): Promise<T> {
    if (this.over) return Promise.reject(new DbError('statement', 'the transaction is over'))
    this.touch()
    return begin(this.to)
  }
}
