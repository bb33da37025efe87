/** Commands of the shell: whoever asked waits, the node does not. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Commands at once, of the whole node; each holds a process and a message. */
const MOST_RUNNING = 64
/** Bytes of output that are kept. */
const MOST_OUTPUT = 1 << 20

export interface ShellResult {
  /** As wait(2) gives it: the exit code times 256, or the signal that ended it; -1: not begun. */
  readonly status: number
  /** Latin1. */
  readonly output: string
}

export interface ShellOptions {
  /** What it reads, latin1; none: nothing. */
  readonly input?: string
  /** In addition to the node's own. */
  readonly environment?: Readonly<Record<string, string>>
  /** Is its output wanted? Otherwise it goes nowhere. */
  readonly output?: boolean
  /** Milliseconds after which it is killed; 0: never. */
  readonly most?: number
}

let running = 0

/** Null: as many commands run already as may. Its errors go where ours for the system go. */
export function runShell(
  command: string,
  { input, environment, output = false, most = 0 }: ShellOptions = {},
): Promise<ShellResult> | null {
  if (running >= MOST_RUNNING) return null
  running++
  return new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: [input === undefined ? 'ignore' : 'pipe', output ? 'pipe' : 'ignore', 'inherit'],
      env: { ...process.env, ...environment },
      // A group of its own, so that what it started ends with it.
      detached: true,
    })
    const kill = (): void => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It has just ended, or was never begun.
      }
    }
    const killer = most > 0 ? setTimeout(kill, most) : undefined
    let text = ''
    const done = (status: number): void => {
      running--
      clearTimeout(killer)
      resolve({ status, output: text })
    }
    child.stdout?.setEncoding('latin1')
    child.stdout?.on('data', (chunk: string) => {
      if (text.length < MOST_OUTPUT) text += chunk
    })
    // Who does not read what he is given is not to blame.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input, 'latin1')
    child.on('error', () => done(-1))
    child.on('close', (code, signal) =>
      done(code === null ? constants.signals[signal ?? 'SIGKILL'] : code << 8),
    )
  })
}

export const TOO_MANY = `${MOST_RUNNING} commands are running already`
