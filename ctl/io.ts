import type { Style } from '../rpc/fleet/line.ts'
import type { OpenDatabase } from './database/agent.ts'

/** The world as a command sees it. A test hands in its own, so that it needs no process. */
export interface Io {
  readonly env: Record<string, string | undefined>
  /** Width of the terminal that standard output is; null when it is none. */
  readonly columns: number | null
  readonly style: Style
  /** Is there somebody to answer a question? */
  readonly canAsk: boolean
  /** Data, and nothing but data. */
  out(text: string): void
  /** All that is not data. */
  err(text: string): void
  /** Asks on the terminal; only when `canAsk`. What is typed is not shown when it is secret. */
  ask(question: string, secret?: boolean): Promise<string>
  /** A database by its URL. */
  readonly openDatabase: OpenDatabase
  /** Milliseconds since 1970. */
  now(): number
  /** Aborted when the user or the system wants the command to end. */
  readonly stop: AbortSignal
}

/** Waits, but not longer than until the command shall end. */
export function pause(io: Io, ms: number): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      io.stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    io.stop.addEventListener('abort', done)
    if (io.stop.aborted) done()
  })
}
