/** Statements of a database that speaks SQL; what differs is left to its driver. */
import type { DbCell, DbChange, DbResult, DbSelect, DbStatements, DbTerm } from './api.ts'
import type { Sql, SqlBuilder } from './sql.ts'

export abstract class SqlStatements implements DbStatements {
  protected readonly sql: SqlBuilder

  constructor(sql: SqlBuilder) {
    this.sql = sql
  }

  protected abstract rows(statement: Sql): Promise<DbResult>
  protected abstract change(statement: Sql): Promise<DbChange>

  abstract pages(select: DbSelect, rows: number): AsyncGenerator<DbResult>
  abstract raw(statement: string): Promise<DbResult & DbChange>
  abstract insertUpdate(
    table: string,
    row: readonly DbCell[],
    keys: readonly string[],
  ): Promise<DbChange>
  abstract replace(
    table: string,
    row: readonly DbCell[],
    keys: readonly string[],
  ): Promise<DbChange>

  /** Each page a query of its own: nothing is held open between two of them. */
  protected async *pagesByOffset(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    for (let from = 0; ; from += rows) {
      const found = await this.rows(this.sql.select(select, ` LIMIT ${rows} OFFSET ${from}`))
      if (found.rows.length > 0) yield found
      if (found.rows.length < rows) return
    }
  }

  query(select: DbSelect): Promise<DbResult> {
    return this.attempt(() => this.rows(this.sql.select(select)))
  }

  insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.attempt(() => this.change(this.sql.insert(table, row)))
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange> {
    return this.attempt(() => this.change(this.sql.update(table, where, changes)))
  }

  delete(table: string, where: readonly DbTerm[]): Promise<DbChange> {
    return this.attempt(() => this.change(this.sql.delete(table, where)))
  }

  /** A statement that cannot be put together is rejected like one that the database refuses. */
  private async attempt<T>(begin: () => Promise<T>): Promise<T> {
    return begin()
  }
}
