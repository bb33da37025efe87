/** Statements that are handed on to somebody else, each through `run`. */
import type { DbCell, DbChange, DbResult, DbSelect, DbStatements, DbTerm } from './api.ts'
import {
  deleteText,
  insertText,
  selectText,
  type StatementText,
  updateText,
} from './statement-text.ts'

export abstract class ForwardedStatements implements DbStatements {
  /** Finds the one that carries it out; `text` says what it is. */
  protected abstract run<T>(
    begin: (to: DbStatements) => Promise<T>,
    text: StatementText,
  ): Promise<T>

  abstract pages(select: DbSelect, rows: number): AsyncGenerator<DbResult>

  query(select: DbSelect): Promise<DbResult> {
    return this.run(
      to => to.query(select),
      () => selectText(select),
    )
  }

  insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.run(
      to => to.insert(table, row),
      () => insertText(table, row),
    )
  }

  insertUpdate(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.run(
      to => to.insertUpdate(table, row, keys),
      () => insertText(table, row),
    )
  }

  replace(table: string, row: readonly DbCell[], keys: readonly string[]): Promise<DbChange> {
    return this.run(
      to => to.replace(table, row, keys),
      () => insertText(table, row, 'replace'),
    )
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange> {
    return this.run(
      to => to.update(table, where, changes),
      () => updateText(table, where, changes),
    )
  }

  delete(table: string, where: readonly DbTerm[]): Promise<DbChange> {
    return this.run(
      to => to.delete(table, where),
      () => deleteText(table, where),
    )
  }

  raw(statement: string): Promise<DbResult & DbChange> {
    return this.run(
      to => to.raw(statement),
      () => statement,
    )
  }
}

/** Pages, each of which is a statement of its own for `run`. */
export async function* pageByPage(
  pages: AsyncIterable<DbResult>,
  run: <T>(begin: () => Promise<T>) => Promise<T>,
): AsyncGenerator<DbResult> {
  const iterator = pages[Symbol.asyncIterator]()
  let leftEarly = true
  try {
    for (;;) {
      const page = await run(() => iterator.next())
      if (page.done === true) {
        leftEarly = false
        return
      }
      yield page.value
    }
  } catch (error) {
    leftEarly = false
    // Not waited for: who has not answered in time may never do.
    iterator.return?.().catch(() => undefined)
    throw error
  } finally {
    if (leftEarly) await iterator.return?.()
  }
}
