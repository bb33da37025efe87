/** Statements that are handed on to somebody else, each through `run`. */
import type { DbCell, DbChange, DbResult, DbSelect, DbStatements, DbTerm } from './api.ts'

export abstract class ForwardedStatements implements DbStatements {
  private readonly to: DbStatements

  constructor(to: DbStatements) {
    this.to = to
  }

  protected abstract run<T>(begin: () => Promise<T>): Promise<T>

  query(select: DbSelect): Promise<DbResult> {
    return this.run(() => this.to.query(select))
  }

  /** Each page is a statement of its own. */
  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const pages = this.to.pages(select, rows)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const page = await this.run(() => pages.next())
        if (page.done === true) return
        yield page.value
      }
    } finally {
      await pages.return?.()
    }
  }

  insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.run(() => this.to.insert(table, row))
  }

  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.run(() => this.to.insertUpdate(table, row, keys))
  }

  replace(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.run(() => this.to.replace(table, row, keys))
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange> {
    return this.run(() => this.to.update(table, where, changes))
  }

  delete(table: string, where: readonly DbTerm[]): Promise<DbChange> {
    return this.run(() => this.to.delete(table, where))
  }

  raw(statement: string): Promise<DbResult & DbChange> {
    return this.run(() => this.to.raw(statement))
  }
}
