// A driver whose database does what a test says.
import {
  type DbCapability,
  type DbChange,
  DbError,
  type DbFailure,
  type DbResult,
  type DbRow,
  type DbSelect,
  type DbStatements,
} from '../../../../../server/core/db/api.ts'
import type { DbDriver, DbLimits, DbSession } from '../../../../../server/core/db/driver.ts'

const CHANGED: DbChange = { affected: 1, lastId: null }

export class FakeDriver implements DbDriver, DbSession {
  readonly scheme = 'fake'
  readonly can: ReadonlySet<DbCapability> = new Set(['query', 'insert'])
  limits!: DbLimits
  /** '' works, `hang` gives no answer, else how everything fails. */
  mood: '' | 'hang' | DbFailure = ''
  /** Statements that reached it, by name. */
  readonly asked: string[] = []
  /** What a query gives. */
  columns: string[] = []
  rows: DbRow[] = []
  closed = false
  connections = 2
  private readonly hanging: (() => void)[] = []

  open(_url: unknown, limits: DbLimits): DbSession {
    this.limits = limits
    return this
  }

  /** Answers what hangs, late. */
  wake(): void {
    for (const answer of this.hanging.splice(0)) answer()
  }

  connect = (): Promise<void> => this.do('connect', undefined)
  query = (select: DbSelect): Promise<DbResult> =>
    this.do(`query ${select.table}`, { columns: this.named(), rows: this.rows })
  insert = (): Promise<DbChange> => this.do('insert', CHANGED)
  insertUpdate = (): Promise<DbChange> => this.do('insertUpdate', CHANGED)
  replace = (): Promise<DbChange> => this.do('replace', CHANGED)
  update = (): Promise<DbChange> => this.do('update', CHANGED)
  delete = (): Promise<DbChange> => this.do('delete', CHANGED)
  raw = (): Promise<DbResult & DbChange> =>
    this.do('raw', { columns: [], rows: [], affected: 1, lastId: null })

  async *pages(_select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    for (let from = 0; from < this.rows.length; from += rows)
      yield await this.do('page', {
        columns: this.named(),
        rows: this.rows.slice(from, from + rows),
      })
  }

  async transaction<T>(work: (db: DbStatements) => Promise<T>): Promise<T> {
    await this.do('begin', undefined)
    return work(this)
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private named(): DbResult['columns'] {
    return this.columns.map(name => ({ name, type: 'string' as const }))
  }

  private do<T>(what: string, value: T): Promise<T> {
    this.asked.push(what)
    if (this.mood === '') return Promise.resolve(value)
    if (this.mood !== 'hang') return Promise.reject(new DbError(this.mood, `it is ${this.mood}`))
    return new Promise(resolve => this.hanging.push(() => resolve(value)))
  }
}
