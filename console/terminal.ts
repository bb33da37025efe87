/** A terminal, be it the one of the process or the one behind an ssh channel. */
import type { Readable, Writable } from 'node:stream'
import type { Style } from '../rpc/fleet/line.ts'

export type TerminalInput = Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }
export type TerminalOutput = Writable & { isTTY?: boolean; columns: number; rows: number }

export interface Terminal {
  readonly input: TerminalInput
  readonly output: TerminalOutput
  readonly style: Style
  /** Aborted when the terminal is gone or its owner wants us to end. */
  readonly gone: AbortSignal
  /** Tells a terminal without a kernel behind it whether a line end needs a carriage return. */
  cooked?(on: boolean): void
}
