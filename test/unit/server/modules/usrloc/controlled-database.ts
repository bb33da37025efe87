// A driver of SQLite whose statements can be held up, refused, or carried out without an answer.
import {
  type DbCapability,
  DbError,
  type DbFailure,
  type DbResult,
  type DbSelect,
  type DbStatements,
} from '../../../../../server/core/db/api.ts'
import type { DbDriver, DbLimits, DbSession } from '../../../../../server/core/db/driver.ts'
import { ForwardedStatements, pageByPage } from '../../../../../server/core/db/forwarded.ts'
import type { DbUrl } from '../../../../../server/core/db/url.ts'
import { SqliteSession } from '../../../../../server/modules/db_sqlite/session.ts'

export class ControlledDriver implements DbDriver {
  readonly scheme = 'sqlite'
  can: ReadonlySet<DbCapability> = new Set<DbCapability>([
    'query',
    'insert',
    'delete',
    'update',
    'insert_update',
    'transactions',
  ])
  /** Statements fail like this, null: they do not. */
  failure: DbFailure | null = null
  /** Those that fail are carried out all the same: only their answer is lost. */
  carriesOut = false
  /** Statements that were carried out. */
  statements = 0
  private gate: Promise<void> | null = null
  private openGate: () => void = () => undefined

  open(url: DbUrl, limits: DbLimits): DbSession {
    const file = { path: url.database, readOnly: false, journalMode: '' }
    return new ControlledSession(this, new SqliteSession(file, limits))
  }

  /** Nothing is answered before `go`. */
  hold(): void {
    this.gate = new Promise(resolve => (this.openGate = resolve))
  }

  go(): void {
    this.gate = null
    this.openGate()
  }

  async carryOut<T>(begin: () => Promise<T>): Promise<T> {
    while (this.gate !== null) await this.gate
    const { failure } = this
    if (failure === null || this.carriesOut) {
      this.statements++
      const value = await begin()
      if (failure === null) return value
    }
    throw new DbError(failure!, `made to fail: ${failure}`)
  }
}

class ControlledStatements extends ForwardedStatements {
  protected readonly driver: ControlledDriver
  private readonly to: DbStatements

  constructor(driver: ControlledDriver, to: DbStatements) {
    super()
    this.driver = driver
    this.to = to
  }

  pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    return pageByPage(this.to.pages(select, rows), begin => this.driver.carryOut(begin))
  }

  protected run<T>(begin: (to: DbStatements) => Promise<T>): Promise<T> {
    return this.driver.carryOut(() => begin(this.to))
  }
}

class ControlledSession extends ControlledStatements implements DbSession {
  private readonly session: SqliteSession

  constructor(driver: ControlledDriver, session: SqliteSession) {
    super(driver, session)
    this.session = session
  }

  connect(): Promise<void> {
    return this.driver.carryOut(() => this.session.connect())
  }

  transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    return this.session.transaction(db => work(new ControlledStatements(this.driver, db)))
  }

  close(): Promise<void> {
    return this.session.close()
  }
}
