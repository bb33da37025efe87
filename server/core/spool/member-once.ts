/**
 * One of several databases into which the same rows go, or of which one gets them: each takes a row
 * once, as far as it can.
 */
import type { Database, DbInsert, DbNumbered, DbOnce } from '../db/api.ts'
import { NoTable, SpoolTable } from './spool-table.ts'

/** How a database takes each row once over kills; null: it cannot. */
export const onceOf = (db: Database): DbOnce | null =>
  db.can.has('transactions') ? new SpoolTable(db) : (db.once ?? null)

export class MemberOnce implements DbOnce {
  private readonly db: Database
  private readonly warn: (text: string) => void
  private once: DbOnce | null
  /** Numbers of the last rows, where nobody else keeps them. */
  private readonly done = new Map<string, number>()

  constructor(db: Database, warn: (text: string) => void) {
    this.db = db
    this.warn = warn
    this.once = onceOf(db)
  }

  async insertOnce(numbered: DbNumbered): Promise<void> {
    if (this.once === null) return this.insertPlainly(numbered)
    try {
      await this.once.insertOnce(numbered)
    } catch (error) {
      if (!(error instanceof NoTable)) throw error
      this.warn(error.told)
      this.once = null
      await this.insertPlainly(numbered)
    }
  }

  async check(row: DbInsert): Promise<void> {
    await this.once?.check(row)
  }

  /** Over failures once, over a kill of the node not. */
  private async insertPlainly({ spool, first, rows }: DbNumbered): Promise<void> {
    const done = this.done.get(spool) ?? first - 1
    for (let at = Math.max(0, done - first + 1); at < rows.length; at++) {
      const { table, cells } = rows[at]!
      await this.db.insert(table, cells)
      this.done.set(spool, first + at)
    }
  }
}
