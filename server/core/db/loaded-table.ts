/**
 * A table in memory that is loaded from a database or a file. A load builds a new one aside and
 * puts it in force when all of it is good; a bad row leaves the old one serving, and the error
 * names the row.
 *
 *   this.domains = new LoadedTable(core, {
 *     module: 'domain',
 *     name: 'domain',
 *     source: db.shownUrl,
 *     empty: new Map(),
 *     build: async load => {
 *       const domains = new Map<string, string>()
 *       for await (const [name, did] of load.rows(db, { table: 'domain', columns, where: [] }))
 *         domains.set(String(name), String(did))   // throw BadValue: the row is named
 *       return domains
 *     },
 *   })
 *   await this.domains.load('start')               // again: load('rpc domain.reload')
 *   this.domains.current.get(host)
 */
import type { Core } from '../core.ts'
import type { Database, DbRow, DbSelect, DbValue } from './api.ts'
import { RowsHash } from './rows-hash.ts'

/** Rows that are read at once. */
const PAGE = 5000

export interface TableSource<T> {
  /** Who owns it, and what it is called there. */
  readonly module: string
  readonly name: string
  /** Where it comes from: a URL without its password, or the path of a file. */
  readonly source: string
  /** In force until the first load. */
  readonly empty: T
  readonly build: (load: Loading) => T | Promise<T>
}

/** Why nothing was loaded; the text names the row where one was to blame. */
export class LoadError extends Error {
  constructor(text: string, options: ErrorOptions) {
    super(text, options)
    this.name = 'LoadError'
  }
}

/** One load while it goes on: counts the rows and knows which one is being read. */
export class Loading {
  readonly hash = new RowsHash()
  taken = 0
  /** The row that is being built, '' between rows. */
  at = ''

  /** The rows of a query, in pages. */
  async *rows(db: Database, select: DbSelect, page = PAGE): AsyncGenerator<DbRow> {
    for await (const { columns, rows } of db.pages(select, page)) {
      const [first = { name: '' }] = columns
      for (const row of rows) {
        this.take(row, `row ${this.taken + 1} of ${select.table} (${first.name} ${row[0]})`)
        yield row
      }
    }
    this.at = ''
  }

  /** A row that comes from elsewhere; `at` names it in errors: `line 17`. */
  take(row: readonly DbValue[], at: string): void {
    this.taken++
    this.at = at
    this.hash.add(row)
  }
}

export class LoadedTable<T> {
  readonly module: string
  readonly name: string
  source: string
  /** What serves. */
  current: T
  /** How many loads were put in force. */
  generation = 0
  rows = 0
  /** Of all rows, whatever their order: two nodes with the same rows have the same. */
  hash = ''
  /** Milliseconds since 1970; 0: never. */
  loadedAt = 0
  /** `start`, `rpc domain.reload` ... */
  loadedBy = ''
  /** Why the last load was refused, '' when it was not. */
  lastError = ''
  lastErrorAt = 0
  private readonly core: Core
  private readonly build: TableSource<T>['build']
  private running: Promise<void> = Promise.resolve()

  constructor(core: Core, { module, name, source, empty, build }: TableSource<T>) {
    this.core = core
    this.module = module
    this.name = name
    this.source = source
    this.current = empty
    this.build = build
    core.databases.tables.add(this)
  }

  /**
   * Loads it anew. Rejects with a LoadError, and has logged it, when the old one stays. Loads go on
   * one after the other.
   */
  load(by: string): Promise<void> {
    const load = this.running.then(() => this.loadNow(by))
    this.running = load.catch(() => undefined)
    return load
  }

  private async loadNow(by: string): Promise<void> {
    const loading = new Loading()
    let built: T
    try {
      built = await this.build(loading)
    } catch (error) {
      throw this.refused(loading, error as Error)
    }
    this.current = built
    this.generation++
    this.rows = loading.taken
    this.hash = loading.hash.text()
    this.loadedAt = this.core.clock.now()
    this.loadedBy = by
    this.lastError = ''
  }

  private refused({ at }: Loading, cause: Error): LoadError {
    const text = at === '' ? cause.message : `${at}: ${cause.message}`
    this.lastError = text
    this.lastErrorAt = this.core.clock.now()
    const stays = this.generation === 0 ? '' : `; generation ${this.generation} stays`
    this.core.log.error(this.module, `table ${this.name} was not loaded: ${text}${stays}`)
    return new LoadError(text, { cause })
  }
}

/** All of a node, for `ohana.tables`. */
export class LoadedTables {
  private readonly byName = new Map<string, LoadedTable<unknown>>()

  /** One that was there under its name is forgotten: its module was made anew. */
  add(table: LoadedTable<never> | LoadedTable<unknown>): void {
    this.byName.set(`${table.module} ${table.name}`, table as LoadedTable<unknown>)
  }

  all(): LoadedTable<unknown>[] {
    return [...this.byName.values()]
  }
}
