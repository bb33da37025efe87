/** The thread of one database: orders of one turn of the loop go there in one message. */
import { Worker } from 'node:worker_threads'
import { DbError, type DbFailure } from '../../core/db/api.ts'
import type { SqliteAnswer, SqliteFile, SqliteOrder } from './orders.ts'

interface Waiting {
  readonly resolve: (answer: SqliteAnswer) => void
  readonly reject: (error: DbError) => void
}

/** Milliseconds to finish what is under way at the end. */
const END_MS = 3000

export class SqliteThread {
  private readonly file: SqliteFile
  private worker: Worker | null = null
  private orders: SqliteOrder[] = []
  private waiting: Waiting[] = []
  /** Who waits for the answer to which message, in the order in which they went. */
  private readonly sent: Waiting[][] = []
  private scheduled = false
  private closed = false

  constructor(file: SqliteFile) {
    this.file = file
  }

  carryOut(order: SqliteOrder): Promise<SqliteAnswer> {
    if (this.closed) return Promise.reject(new DbError('unavailable', 'the node stops'))
    return new Promise((resolve, reject) => {
      this.orders.push(order)
      this.waiting.push({ resolve, reject })
      if (this.scheduled) return
      this.scheduled = true
      setImmediate(() => this.flush())
    })
  }

  /** Does what it was given, then ends. */
  async close(): Promise<void> {
    this.flush()
    this.closed = true
    const { worker } = this
    if (worker === null) return
    const ended = new Promise<void>(done => worker.once('exit', () => done()))
    const timer = setTimeout(() => void worker.terminate(), END_MS)
    worker.ref()
    worker.postMessage(null)
    await ended
    clearTimeout(timer)
  }

  private flush(): void {
    this.scheduled = false
    if (this.orders.length === 0) return
    const { orders, waiting } = this
    this.orders = []
    this.waiting = []
    this.worker ??= this.begin()
    this.sent.push(waiting)
    this.worker.ref()
    this.worker.postMessage(orders)
  }

  private begin(): Worker {
    // The thread is what this file is: source under a loader of TypeScript, else what was built.
    const name = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
    const worker = new Worker(new URL(name, import.meta.url), { workerData: this.file })
    worker.on('message', (answers: SqliteAnswer[]) => this.hear(answers))
    let reason = 'the thread of SQLite ended'
    worker.on('error', error => {
      reason = String(error)
    })
    worker.on('exit', () => this.lose(reason))
    return worker
  }

  private hear(answers: SqliteAnswer[]): void {
    const waiting = this.sent.shift()!
    // It keeps nobody from ending while it has nothing to do.
    if (this.sent.length === 0) this.worker?.unref()
    for (const [index, answer] of answers.entries()) {
      const { resolve, reject } = waiting[index]!
      if (answer.failure === '') resolve(answer)
      else reject(new DbError(answer.failure as DbFailure, answer.text))
    }
  }

  private lose(reason: string): void {
    this.worker = null
    for (const list of this.sent.splice(0))
      for (const { reject } of list) reject(new DbError('unavailable', reason))
  }
}
