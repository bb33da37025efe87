/** A hash table that is loaded from a table of a database, and written back to it. */
import type { Database, DbStatements } from '../../core/db/api.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import type { Htable } from './htable.ts'
import { RowReader, rowOf } from './rows.ts'
import type { HashTable, Item } from './table.ts'

export class StoredTable {
  readonly table: HashTable
  private readonly self: Htable
  private readonly database: Database
  private readonly loaded: LoadedTable<Map<string, Item>>

  constructor(self: Htable, database: Database, table: HashTable) {
    this.self = self
    this.database = database
    this.table = table
    this.loaded = new LoadedTable(self.core, {
      module: 'htable',
      name: table.spec.name,
      source: database.shownUrl,
      empty: new Map(),
      build: load => this.build(load),
    })
  }

  /** What was set meanwhile goes, as in Kamailio. */
  async load(by: string): Promise<void> {
    await this.loaded.load(by)
    this.table.replace(this.loaded.current)
  }

  private async build(load: Loading): Promise<Map<string, Item>> {
    const { config } = this.self
    const { spec } = this.table
    const columns = RowReader.columns(spec, config)
    const reader = new RowReader(spec, config, this.self.seconds())
    // In the order of the names, so that the rows of an array follow one another.
    const select = { table: spec.dbtable, columns, where: [], order: columns[0]! }
    for await (const row of load.rows(this.database, select, config.fetch_rows)) reader.row(row)
    return reader.end()
  }

  /** In the place of all rows. False, and the log says why, when the database refuses. */
  async save(): Promise<boolean> {
    const { name, dbtable, columns } = this.table.spec
    if (columns.length > 0) {
      const text = `saving htable [${name}] with custom db columns is not available`
      this.self.core.log.warn('htable', text)
      return true
    }
    // What changes while it is written is left for the next time.
    const rows = this.lasting().map(item => rowOf(item, this.self.config))
    const write = async (db: DbStatements): Promise<void> => {
      await db.delete(dbtable, [])
      for (const row of rows) await db.insert(dbtable, row)
    }
    try {
      if (this.database.can.has('transactions')) await this.database.transaction(write)
      else await write(this.database)
      return true
    } catch (error) {
      this.self.error(`failed syncing hash table [${name}] to db: ${(error as Error).message}`)
      return false
    }
  }

  private lasting(): Item[] {
    const now = this.self.seconds()
    return [...this.table.items.values()].filter(
      ({ expire }) => !this.table.expires || expire === 0 || expire >= now,
    )
  }
}
