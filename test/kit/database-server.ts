// What database servers of tests have in common: a folder of their own, a loopback port, and an end
// with the test file that started them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Child } from './child.ts'
import { PATIENCE_MS } from './patience.ts'

export abstract class DatabaseServer {
  readonly port: number
  readonly folder: string
  protected child: Child | null = null

  protected constructor(port: number, name: string) {
    this.port = port
    this.folder = mkdtempSync(join(tmpdir(), `ohana-${name}-`))
  }

  /** Of a database of its own that is there when this resolves. */
  abstract makeDatabase(name: string): Promise<string>
  protected abstract run(): Child
  /** How it is asked to end without waiting for its clients. */
  protected abstract readonly stopSignal: NodeJS.Signals

  /** Starts it; also after it was stopped, with all that it had. */
  async start(): Promise<void> {
    this.child = this.run()
    const until = Date.now() + PATIENCE_MS
    while (!(await this.answers())) {
      if (this.child.code !== null || Date.now() > until)
        throw new Error(`the database server did not start\n${this.child.output}`)
      await new Promise(later => setTimeout(later, 20))
    }
  }

  /** Ends it; with SIGKILL as a machine that loses its power. */
  async pause(signal: NodeJS.Signals = this.stopSignal): Promise<void> {
    await this.child?.stop(signal)
    this.child = null
  }

  /** It stays, and answers no more, until SIGCONT. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const pid = this.child?.pid
    if (pid !== undefined) for (const one of [pid, ...childrenOf(pid)]) process.kill(one, signal)
  }

  async stop(): Promise<void> {
    await this.pause()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** It takes connections. */
  protected answers(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.port, '127.0.0.1')
      socket.once('error', () => resolve(false))
      socket.once('data', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('close', () => resolve(false))
      socket.once('connect', () => this.greet(socket))
    })
  }

  /** Makes it say something, where a server does not speak first. */
  protected greet(_socket: { write(bytes: Uint8Array): void }): void {}
}

/** A process for each connection is not in the server's group. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
