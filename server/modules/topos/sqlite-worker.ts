/**
 * The thread in which SQLite runs: it takes lists of statements, each list in one transaction, and
 * answers queries in the order in which everything came.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

export interface Statement {
  readonly sql: string
  readonly values: readonly (string | number)[]
}
export type Order =
  | { readonly kind: 'write'; readonly statements: readonly Statement[] }
  | { readonly kind: 'read'; readonly id: number; readonly query: Statement }
  | { readonly kind: 'end' }
export type Answer =
  | { readonly kind: 'row'; readonly id: number; readonly row: Record<string, unknown> | null }
  | { readonly kind: 'failed'; readonly id: number; readonly text: string }
  | { readonly kind: 'ready' }

/** Milliseconds to wait for another program that writes to the same file. */
const BUSY_MS = 2000

const { path, schema } = workerData as { path: string; schema: string }
const port = parentPort!
const database = new DatabaseSync(path, { timeout: BUSY_MS })
const prepared = new Map<string, StatementSync>()

function prepare(sql: string): StatementSync {
  let statement = prepared.get(sql)
  if (statement === undefined) {
    statement = database.prepare(sql)
    prepared.set(sql, statement)
  }
  return statement
}

function write(statements: readonly Statement[]): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const { sql, values } of statements) prepare(sql).run(...(values as SQLInputValue[]))
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function take(order: Order): Answer | null {
  if (order.kind === 'write') {
    write(order.statements)
    return null
  }
  if (order.kind === 'read') {
    const row = prepare(order.query.sql).get(...(order.query.values as SQLInputValue[]))
    return { kind: 'row', id: order.id, row: row === undefined ? null : { ...row } }
  }
  database.close()
  port.close()
  return null
}

port.on('message', (order: Order) => {
  try {
    const answer = take(order)
    if (answer !== null) port.postMessage(answer)
  } catch (error) {
    const id = order.kind === 'read' ? order.id : 0
    port.postMessage({ kind: 'failed', id, text: String((error as Error).message) })
  }
})
database.exec(schema)
port.postMessage({ kind: 'ready' } satisfies Answer)
