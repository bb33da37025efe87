/**
 * The thread in which SQLite runs: it takes lists of orders, carries them out in turn and answers
 * each list with one list. Changes of one list are one transaction of SQLite, because a commit
 * costs more than all else; a change that fails does not undo its neighbours.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { DbColumn } from '../../core/db/api.ts'
import { toText } from '../../core/db/text.ts'
import { failureOf } from './failures.ts'
import {
  BOUNDARY,
  CHANGE,
  QUERY,
  RAW,
  type SqliteAnswer,
  type SqliteFile,
  type SqliteOrder,
} from './orders.ts'
import { columnTypes, readRows, withFoundTypes } from './values.ts'

interface Prepared {
  readonly statement: StatementSync
  readonly columns: readonly DbColumn[] | null
  /** It may make a key. */
  readonly inserts: boolean
}

/** Milliseconds to wait for another program that writes to the same file. */
const BUSY_MS = 2000
/** Statements that are kept prepared; the oldest goes first. */
const MOST_PREPARED = 500

const file = workerData as SqliteFile
const port = parentPort!
const prepared = new Map<string, Prepared>()
let database: DatabaseSync | null = null

function open(): DatabaseSync {
  if (database !== null) return database
  const made = new DatabaseSync(file.path, { timeout: BUSY_MS, readOnly: file.readOnly })
  try {
    if (file.journalMode !== '') made.exec(`PRAGMA journal_mode=${file.journalMode}`)
    // Reads the file: what is no database is refused here, by name.
    made.exec('SELECT 1 FROM sqlite_master LIMIT 1')
  } catch (error) {
    made.close()
    throw error
  }
  database = made
  return made
}

function prepare(sql: string): Prepared {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  const statement = open().prepare(sql)
  statement.setReturnArrays(true)
  const columns = columnTypes(statement)
  const inserts = /^\s*(insert|replace)/i.test(sql)
  const made = { statement, columns: columns.length === 0 ? null : columns, inserts }
  if (prepared.size >= MOST_PREPARED) prepared.delete(prepared.keys().next().value!)
  prepared.set(sql, made)
  return made
}

const done = (): SqliteAnswer => ({
  columns: [],
  rows: [],
  affected: -1,
  lastId: null,
  failure: '',
  text: '',
})

const failed = (error: unknown): SqliteAnswer => ({
  ...done(),
  failure: failureOf(error),
  text: String((error as Error).message),
})

/** Texts are bytes where they come from. */
const input = (values: readonly unknown[]): SQLInputValue[] =>
  values.map(value => (typeof value === 'string' ? toText(value) : value)) as SQLInputValue[]

function query({ statement, columns }: Prepared, values: readonly unknown[]): SqliteAnswer {
  const rows = allRows(statement, input(values))
  let known = columns ?? []
  // The table was altered since SELECT * was prepared.
  if (rows.length > 0 && rows[0]!.length !== known.length) known = columnTypes(statement)
  readRows(rows, known)
  return { ...done(), columns: withFoundTypes(known, rows), rows }
}

function allRows(statement: StatementSync, values: SQLInputValue[]): unknown[][] {
  try {
    return statement.all(...values) as unknown as unknown[][]
  } catch (error) {
    // A whole number that a number does not hold: all of them come as bigint then.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error
    statement.setReadBigInts(true)
    return statement.all(...values) as unknown as unknown[][]
  }
}

function change({ statement, inserts }: Prepared, values: readonly unknown[]): SqliteAnswer {
  const { changes, lastInsertRowid } = statement.run(...input(values))
  return { ...done(), affected: Number(changes), lastId: inserts ? lastInsertRowid : null }
}

function raw(sql: string): SqliteAnswer {
  const text = toText(sql)
  const one = prepare(text)
  // Several statements: SQLite has prepared the first one only.
  if (one.statement.sourceSQL.trim().length < text.trim().replace(/;$/, '').length) {
    open().exec(text)
    return done()
  }
  return one.columns === null ? change(one, []) : query(one, [])
}

function carryOut({ kind, sql, values }: SqliteOrder): SqliteAnswer {
  if (kind === RAW) return raw(sql)
  if (kind === BOUNDARY) {
    open().exec(sql)
    return done()
  }
  const one = prepare(sql)
  return kind === QUERY ? query(one, values) : change(one, values)
}

/** The changes of a list that are not committed yet. */
class Group {
  private readonly answers: SqliteAnswer[]
  private readonly open: DatabaseSync
  private pending: number[] = []

  constructor(answers: SqliteAnswer[], open: DatabaseSync) {
    this.answers = answers
    this.open = open
    this.open.exec('BEGIN IMMEDIATE')
  }

  changed(index: number): void {
    this.pending.push(index)
  }

  /** Some errors (disk full) end the transaction with all that was in it. */
  survives(error: unknown): boolean {
    if (this.open.isTransaction) return true
    this.fail(error)
    return false
  }

  end(): void {
    try {
      this.open.exec('COMMIT')
    } catch (error) {
      if (this.open.isTransaction) this.open.exec('ROLLBACK')
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    for (const index of this.pending) this.answers[index] = failed(error)
    this.pending = []
  }
}

function answerAll(orders: readonly SqliteOrder[]): SqliteAnswer[] {
  const answers: SqliteAnswer[] = []
  let group: Group | null = null
  let changes = orders.filter(order => order.kind === CHANGE).length
  // Inside the transaction of a module there is one already.
  const mayGroup = database?.isTransaction !== true && orders.every(one => one.kind !== BOUNDARY)
  for (const [index, order] of orders.entries()) {
    try {
      if (order.kind === RAW) {
        group?.end()
        group = null
      }
      if (order.kind === CHANGE && group === null && mayGroup && changes > 1)
        group = new Group(answers, open())
      if (order.kind === CHANGE) changes--
      answers[index] = carryOut(order)
      if (order.kind === CHANGE) group?.changed(index)
    } catch (error) {
      answers[index] = failed(error)
      if (group !== null && !group.survives(error)) group = null
    }
  }
  group?.end()
  return answers
}

port.on('message', (orders: readonly SqliteOrder[] | null) => {
  if (orders !== null) {
    port.postMessage(answerAll(orders))
    return
  }
  database?.close()
  port.close()
})
