/**
 * The processes of the demo. All end with it, also when it is killed hard: a pipe from us to each
 * of them ends with us.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'

/**
 * Runs a program that knows nothing of us and ends it when standard input does. Signals are passed
 * on; what does not end is killed after five seconds.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
trap 'kill -TERM $child 2>/dev/null' TERM INT HUP
{ cat <&3 >/dev/null; kill -TERM $child && sleep 5 && kill -KILL $child; } >/dev/null 2>&1 &
watcher=$!
wait $child
status=$?
while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
kill $watcher 2>/dev/null
exit $status
`

const PATIENCE_MS = 6000

export interface Started {
  readonly name: string
  readonly process: ChildProcess
  /** Exit code, or null as long as it runs. */
  code: number | null
}

export class Children {
  readonly all: Started[] = []
  /** Told when a child ends by itself. */
  onEnd: (child: Started) => void = () => undefined

  /** A program behind the guard, its output in a file. */
  guarded(name: string, logFile: string, command: string, args: readonly string[]): Started {
    const log = openSync(logFile, 'a', 0o600)
    const words = ['-c', GUARD, 'guard', command, ...args]
    return this.keep(name, spawn('sh', words, { stdio: ['pipe', log, log], detached: true }))
  }

  /** One of our own, which ends with its standard input. */
  own(name: string, logFile: string, command: string, args: readonly string[]): Started {
    const log = openSync(logFile, 'a', 0o600)
    return this.keep(name, spawn(command, args, { stdio: ['pipe', log, log], detached: true }))
  }

  /** One that has our terminal. */
  foreground(name: string, command: string, args: readonly string[]): Started {
    return this.keep(name, spawn(command, args, { stdio: 'inherit' }))
  }

  /** Ends all of them and waits for it. */
  async stop(): Promise<void> {
    this.onEnd = () => undefined
    await Promise.all(this.all.map(child => this.end(child)))
  }

  private keep(name: string, process: ChildProcess): Started {
    const child: Started = { name, process, code: null }
    this.all.push(child)
    // A pipe to a child that has ended is nothing to fail of.
    process.stdin?.on('error', () => undefined)
    const ended = (code: number): void => {
      if (child.code !== null) return
      child.code = code
      this.onEnd(child)
    }
    process.once('error', () => ended(127))
    process.once('exit', (code, signal) => ended(code ?? (signal === null ? 1 : 128)))
    return child
  }

  private end(child: Started): Promise<void> {
    if (child.code !== null) return Promise.resolve()
    return new Promise(resolve => {
      const late = setTimeout(() => child.process.kill('SIGKILL'), PATIENCE_MS)
      child.process.once('exit', () => {
        clearTimeout(late)
        resolve()
      })
      child.process.kill('SIGTERM')
      child.process.stdin?.end()
    })
  }
}
