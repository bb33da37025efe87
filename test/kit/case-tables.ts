// Cases of test/compat that want tables: a folder and a SQLite database that live as long as they.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What cases.ts of a topic has, seen from the outside. */
export interface TableCases {
  /** Statements of the routing language; each becomes a route of its own. */
  readonly CASES: readonly string[]
  configOf(url: string, port: number): string
  makeTables(path: string): void
}

/** What `work` makes of a new database that has the tables. */
export async function withTables<T>(
  { makeTables }: Pick<TableCases, 'makeTables'>,
  work: (url: string, path: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'case-tables-'))
  try {
    const path = join(folder, 'tables.db')
    makeTables(path)
    return await work(`sqlite:///${path}`, path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
