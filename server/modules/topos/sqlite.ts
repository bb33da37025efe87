/** Records in SQLite, in a thread of their own: the loop never waits for the disk. */
import { Worker } from 'node:worker_threads'
import type { Log } from '../../core/log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { TopologyStorage, TopologyStripping } from './api.ts'
import { BRANCH_COLUMNS, DIALOG_COLUMNS, dialogKey, recordOf, type TopologyRecord } from './data.ts'
import type { Answer, Order, Statement } from './sqlite-worker.ts'
import { SCHEMA } from './tables.ts'

/** Milliseconds after which a read is given up. */
const DEADLINE = 3000
/** Statements that may wait to be written; beyond that the oldest messages are not kept. */
const MOST_WAITING = 100_000
/** Reads that may wait for an answer; more are refused. */
const MOST_READERS = 10_000
/** The Julian day on which 1970 began: how Kamailio writes times into SQLite. */
const EPOCH_DAY = 2_440_587.5
const DAY = 86_400

interface Reader {
  readonly done: (row: TopologyRecord | null) => void
  readonly failed: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

export class SqliteStorage implements TopologyStorage {
  private readonly path: string
  private readonly log: Log
  private readonly clock: Clock
  private readonly limits: Pick<TopologyStripping, 'branchExpire' | 'dialogExpire'>
  private worker: Worker | null = null
  private waiting: Statement[] = []
  private flushing = false
  private readonly readers = new Map<number, Reader>()
  private lastId = 0
  /** Between a failure and the next success: told once. */
  private failing = false

  constructor(path: string, log: Log, clock: Clock, limits: SqliteStorage['limits']) {
    this.path = path
    this.log = log
    this.clock = clock
    this.limits = limits
  }

  async start(): Promise<void> {
    // The worker is what this file is: source under a loader of TypeScript, else what was built.
    const file = import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js'
    const workerData = { path: this.path, schema: SCHEMA }
    const worker = new Worker(new URL(file, import.meta.url), { workerData })
    this.worker = worker
    await new Promise<void>((ready, failed) => {
      worker.once('error', failed)
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'ready') ready()
        else this.hear(answer)
      })
    })
    worker.on('error', (error: Error) => this.tell(error.message))
  }

  async stop(): Promise<void> {
    const { worker } = this
    if (worker === null) return
    this.flush()
    this.worker = null
    const ended = new Promise(done => worker.once('exit', done))
    worker.postMessage({ kind: 'end' } satisfies Order)
    await ended
    for (const { timer, failed } of this.readers.values()) {
      clearTimeout(timer)
      failed(new Error('the storage was closed'))
    }
    this.readers.clear()
  }

  insertDialog(record: TopologyRecord): void {
    this.insert('topos_d', DIALOG_COLUMNS, record)
  }

  insertBranch(record: TopologyRecord): void {
    this.insert('topos_t', BRANCH_COLUMNS, record)
  }

  updateDialog(uuid: string, changes: Partial<TopologyRecord>): void {
    this.update('topos_d', changes, 'a_uuid = ?', [dialogKey(uuid)])
  }

  updateBranch(branch: TopologyRecord, changes: Partial<TopologyRecord>): void {
    this.update('topos_t', changes, 'x_vbranch = ?', [branch.x_vbranch])
  }

  endDialog(uuid: string): void {
    this.write('UPDATE topos_d SET rectime = ?, iflags = 0 WHERE a_uuid = ?', [
      this.now(),
      dialogKey(uuid),
    ])
  }

  loadDialog(uuid: string): Promise<TopologyRecord | null> {
    return this.read('SELECT * FROM topos_d WHERE a_uuid = ?', [dialogKey(uuid)])
  }

  loadBranch(viaBranch: string): Promise<TopologyRecord | null> {
    return this.read('SELECT * FROM topos_t WHERE x_vbranch = ?', [viaBranch])
  }

  loadInvite(callId: string, toTag: string, uuid: string): Promise<TopologyRecord | null> {
    const where = "a_callid = ? AND b_tag = ? AND a_uuid = ? AND s_method = 'INVITE'"
    return this.read(`SELECT * FROM topos_t WHERE ${where}`, [callId, toTag, dialogKey(uuid)])
  }

  clean(): void {
    const { branchExpire, dialogExpire } = this.limits
    const before = (seconds: number): number => this.now() - seconds / DAY
    this.write('DELETE FROM topos_t WHERE rectime <= ?', [before(branchExpire)])
    this.write('DELETE FROM topos_d WHERE rectime <= ?', [before(dialogExpire)])
    // What was never answered, or is over, goes with its transactions.
    this.write('DELETE FROM topos_d WHERE rectime <= ? AND iflags = 0', [before(branchExpire)])
  }

  private now(): number {
    return Math.floor(this.clock.now() / 1000) / DAY + EPOCH_DAY
  }

  private insert(
    table: string,
    columns: readonly (keyof TopologyRecord)[],
    record: TopologyRecord,
  ): void {
    const marks = '?, '.repeat(columns.length)
    const values = columns.map(name => record[name])
    const sql = `INSERT INTO ${table} (${columns.join(', ')}, rectime) VALUES (${marks}?)`
    this.write(sql, [...values, this.now()])
  }

  private update(
    table: string,
    changes: Partial<TopologyRecord>,
    where: string,
    which: string[],
  ): void {
    const names = Object.keys(changes) as (keyof TopologyRecord)[]
    if (names.length === 0) return
    const set = names.map(name => `${name} = ?`).join(', ')
    this.write(`UPDATE ${table} SET ${set} WHERE ${where}`, [
      ...names.map(name => changes[name]!),
      ...which,
    ])
  }

  private write(sql: string, values: (string | number)[]): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.tell('too much is waiting to be written')
      return
    }
    this.waiting.push({ sql, values: values.map(toText) })
    if (this.flushing) return
    this.flushing = true
    setImmediate(() => this.flush())
  }

  private flush(): void {
    this.flushing = false
    if (this.waiting.length === 0 || this.worker === null) return
    const statements = this.waiting
    this.waiting = []
    this.worker.postMessage({ kind: 'write', statements } satisfies Order)
  }

  private read(sql: string, values: string[]): Promise<TopologyRecord | null> {
    if (this.worker === null || this.readers.size >= MOST_READERS)
      return Promise.reject(new Error('too many reads wait'))
    this.flush()
    const id = ++this.lastId
    return new Promise((done, failed) => {
      const timer = setTimeout(() => {
        this.readers.delete(id)
        failed(new Error('no answer from SQLite'))
      }, DEADLINE)
      this.readers.set(id, { done, failed, timer })
      const query = { sql, values: values.map(toText) as string[] }
      this.worker?.postMessage({ kind: 'read', id, query } satisfies Order)
    })
  }

  private hear(answer: Exclude<Answer, { kind: 'ready' }>): void {
    const reader = this.readers.get(answer.id)
    this.readers.delete(answer.id)
    if (reader !== undefined) clearTimeout(reader.timer)
    if (answer.kind === 'failed') {
      this.tell(answer.text)
      reader?.failed(new Error(answer.text))
      return
    }
    this.failing = false
    reader?.done(answer.row === null ? null : fromRow(answer.row))
  }

  private tell(text: string): void {
    if (!this.failing) this.log.error('topos', `${this.path}: ${text}`)
    this.failing = true
  }
}

/** Strings of the node are bytes, those of SQLite are UTF-8. */
const toText = (value: string | number): string | number =>
  typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : value

function fromRow(row: Record<string, unknown>): TopologyRecord {
  const bytes = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' ? Buffer.from(value, 'utf8').toString('latin1') : value,
  ])
  return recordOf(Object.fromEntries(bytes))
}
