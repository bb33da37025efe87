/** The functions that make queries, and what becomes of the rows. */
import type { DbChange, DbColumn, DbResult, DbValue } from '../../core/db/api.ts'
import type { PvHandle, PvValue, Verdict } from '../../core/module/index.ts'
import { XavpList, xavpsOf } from '../../core/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Result, SqlOps } from './sqlops.ts'

/** What the functions tell the script. */
const FAILED = -1
const ROWS = 1
const NO_ROWS = 2
const ROWS_NOT_KEPT = 3

const INT_MIN = -0x80000000
const INT_MAX = 0x7fffffff

/** As the config sees it: numbers have 32 bits there, and none has a fraction. */
function valueOf(value: DbValue, { type }: DbColumn): PvValue {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number') return value
  if (type === 'double') return null
  return value < INT_MIN || value > INT_MAX ? String(value) : value
}

const resultOf = ({ columns, rows }: DbResult): Result => ({
  columns: columns.map(({ name }) => name),
  rows: rows.map(row => row.map((value, i) => valueOf(value, columns[i]!))),
})

/** Null: it failed, and the log says why. */
async function ask(
  self: SqlOps,
  msg: SipMessage,
  connection: string,
  statement: string,
): Promise<(DbResult & DbChange) | null> {
  const database = self.database(connection)
  if (database === null) return null
  try {
    const found = await database.raw(statement)
    self.noteChanged(msg, connection, found.affected)
    return found
  } catch (error) {
    self.error(`cannot do the query on [${connection}]: ${(error as Error).message}`)
    return null
  }
}

export async function sqlQuery(
  self: SqlOps,
  msg: SipMessage,
  connection: string,
  statement: string,
  name?: string,
): Promise<Verdict> {
  if (name !== undefined) self.free(msg, name)
  const found = await ask(self, msg, connection, statement)
  if (found === null) return FAILED
  if (found.rows.length === 0) return NO_ROWS
  if (name === undefined) return ROWS_NOT_KEPT
  return self.keep(msg, name, resultOf(found)) ? ROWS : FAILED
}

export async function sqlXquery(
  self: SqlOps,
  msg: SipMessage,
  connection: string,
  statement: string,
  name: string,
): Promise<Verdict> {
  const found = await ask(self, msg, connection, statement)
  if (found === null) return FAILED
  const { columns, rows } = resultOf(found)
  const xavps = xavpsOf(msg)
  // What stands there already comes behind the new rows, of which the first one is in front.
  for (const row of rows.toReversed()) {
    const list = new XavpList()
    row.forEach((value, i) => list.append(columns[i]!, value))
    xavps.add(name, list)
  }
  return rows.length === 0 ? NO_ROWS : ROWS
}

export async function sqlPvquery(
  self: SqlOps,
  msg: SipMessage,
  connection: string,
  statement: string,
  variables: readonly PvHandle[],
): Promise<Verdict> {
  const found = await ask(self, msg, connection, statement)
  if (found === null) return FAILED
  const { rows } = resultOf(found)
  // The last row first, so that a variable with one value ends with the first row's.
  for (const row of rows.toReversed()) {
    for (const [i, value] of row.entries()) {
      const variable = variables[i]
      if (variable === undefined) {
        self.error(`missing pv spec for column ${i + 1} of the query on [${connection}]`)
        return FAILED
      }
      const skipped = value === null && variable.text.startsWith('$avp(')
      if (!skipped && variable.set?.(msg, value) === false) return FAILED
    }
  }
  return rows.length === 0 ? NO_ROWS : ROWS
}

export function sqlQueryAsync(
  self: SqlOps,
  _msg: SipMessage,
  connection: string,
  statement: string,
): Verdict {
  const database = self.database(connection)
  if (database === null) return FAILED
  database
    .raw(statement)
    .catch((error: Error) => self.error(`cannot do the query on [${connection}]: ${error.message}`))
  return 1
}
