/**
 * A database as commands reach it: through a process that has the drivers of the server, because
 * kamctl knows nothing of its inside. It starts with the first statement and ends with the command.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  type DbOutcome,
  type DbReply,
  type DbSelect,
  type DbStatement,
  decode,
  encode,
  type PagesRequest,
  type RunRequest,
} from '../../rpc/database.ts'

/** `dist/ctl/database/agent.js` finds `dist/server/...js`, the source finds the source. */
const AGENT = fileURLToPath(
  new URL(`../../server/boot/database-agent${import.meta.url.slice(-3)}`, import.meta.url),
)

/** What the database, or the way to it, refused. */
export class DatabaseError extends Error {
  /** `unavailable`, `duplicate`, `statement` ... of the server's port. */
  readonly failure: string

  constructor(failure: string, text: string) {
    super(text)
    this.name = 'DatabaseError'
    this.failure = failure
  }
}

export interface Database {
  run(statement: DbStatement): Promise<DbOutcome>
  /** All or nothing. */
  together(statements: readonly DbStatement[]): Promise<DbOutcome[]>
  /** All rows, at most `size` at once. */
  pages(select: DbSelect, size: number): AsyncIterable<DbOutcome>
  close(): Promise<void>
}

export type OpenDatabase = (url: string) => Promise<Database>

/** Rejects with DatabaseError when there is no way to it. */
export async function openDatabase(url: string): Promise<Database> {
  const agent = new Agent()
  try {
    await agent.open(url)
    return agent
  } catch (error) {
    await agent.close()
    throw error
  }
}

/** Replies to one request, in their order, whether somebody waits for them already or not. */
class Mailbox {
  private readonly replies: DbReply[] = []
  private wake: (() => void) | null = null

  put(reply: DbReply): void {
    this.replies.push(reply)
    this.wake?.()
  }

  async take(): Promise<DbReply> {
    while (this.replies.length === 0)
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
    const reply = this.replies.shift()!
    if ('failure' in reply) throw new DatabaseError(reply.failure, reply.text)
    return reply
  }
}

class Agent implements Database {
  private readonly child: ChildProcess
  private readonly ended: Promise<void>
  private readonly boxes = new Map<number, Mailbox>()
  /** Why it answers no more. */
  private end = ''
  private last = 0

  constructor() {
    const cache = getCompileCacheDir()
    this.child = spawn(process.execPath, ['--no-warnings', AGENT], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
    })
    const { child } = this
    createInterface({ input: child.stdout! }).on('line', line => {
      const reply = decode(line) as DbReply
      this.boxes.get(reply.id)?.put(reply)
    })
    this.ended = new Promise(resolve => {
      const over = (text: string): void => {
        this.fail(text)
        resolve()
      }
      child.once('close', code => over(`the process with the drivers ended with ${code}`))
      child.once('error', error => over(error.message))
    })
    // It ended: `over` tells.
    child.stdin!.on('error', () => undefined)
  }

  async open(url: string): Promise<void> {
    await this.send(0, encode({ url })).take()
  }

  async run(statement: DbStatement): Promise<DbOutcome> {
    const [outcome] = await this.ask([statement], false)
    return outcome!
  }

  together(statements: readonly DbStatement[]): Promise<DbOutcome[]> {
    return this.ask(statements, true)
  }

  async *pages(select: DbSelect, size: number): AsyncIterable<DbOutcome> {
    const request: PagesRequest = { id: ++this.last, select, size }
    const box = this.send(request.id, encode(request))
    for (;;) {
      const reply = await box.take()
      if (!('page' in reply)) return
      yield reply.page
    }
  }

  async close(): Promise<void> {
    this.child.stdin!.end()
    await this.ended
  }

  private async ask(statements: readonly DbStatement[], together: boolean): Promise<DbOutcome[]> {
    const request: RunRequest = { id: ++this.last, statements, together }
    const reply = await this.send(request.id, encode(request)).take()
    return 'outcomes' in reply ? [...reply.outcomes] : []
  }

  private send(id: number, line: string): Mailbox {
    const box = new Mailbox()
    this.boxes.set(id, box)
    if (this.end === '') this.child.stdin!.write(`${line}\n`)
    else box.put({ id, failure: 'internal', text: this.end })
    return box
  }

  private fail(text: string): void {
    this.end = text
    for (const [id, box] of this.boxes) box.put({ id, failure: 'internal', text })
  }
}
