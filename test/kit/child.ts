// Child processes of a test: their output is kept, and none outlives the test file that started it.
import { type ChildProcess, spawn } from 'node:child_process'
import { PATIENCE_MS } from './patience.ts'

export type ChildOptions = {
  cwd?: string
  env?: Record<string, string> | undefined
  input?: string
}

/** Milliseconds a child may take to end by itself before it is killed, on a busy machine. */
const ENDS_WITHIN_MS = 15_000

const running = new Set<Child>()

/** A started program. It leads a process group of its own, so that its children end with it. */
export class Child {
  readonly name: string
  readonly process: ChildProcess
  /** All that it wrote so far, standard output and standard error together, as bytes. */
  output = ''
  code: number | null = null
  readonly ended: Promise<number>
  #listeners: (() => void)[] = []

  constructor(command: string, args: string[], options: ChildOptions = {}) {
    this.name = command
    // The kernel ends the child when the test worker dies, however it dies.
    this.process = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    })
    running.add(this)
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('latin1').on('data', (text: string) => this.#take(text))
    // A child that ends before it read its input is its own affair.
    this.process.stdin?.on('error', () => undefined)
    if (options.input !== undefined) this.process.stdin?.end(options.input)
    this.ended = new Promise(resolve => {
      this.process.once('error', error => {
        this.output += String(error)
        resolve(this.#end(127))
      })
      this.process.once('close', (code, signal) => resolve(this.#end(code ?? (signal ? 128 : 1))))
    })
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  write(text: string): void {
    this.process.stdin?.write(text)
  }

  /** Waits until the output has the pattern; fails when the child ends or the time is over. */
  async printed(pattern: RegExp, withinMs = PATIENCE_MS): Promise<RegExpExecArray> {
    const until = Date.now() + withinMs
    for (;;) {
      const found = pattern.exec(this.output)
      if (found) return found
      const left = until - Date.now()
      if (left <= 0 || this.code !== null)
        throw new Error(`${this.name} ${this.#state()} without ${pattern}\n${this.output}`)
      await this.#change(left)
    }
  }

  /** Waits for the end, with a deadline; returns the exit code. */
  async end(withinMs = 60_000): Promise<number> {
    const late = setTimeout(() => this.#kill('SIGKILL'), withinMs)
    const code = await this.ended
    clearTimeout(late)
    return code
  }

  /** Asks it to end, insists when it does not, and returns the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    if (this.code !== null) return this.code
    this.process.kill(signal)
    return this.end(ENDS_WITHIN_MS)
  }

  #state(): string {
    return this.code === null ? 'went on' : `ended (exit ${this.code})`
  }

  #take(text: string): void {
    this.output += text
    this.#wake()
  }

  #end(code: number): number {
    this.code = code
    running.delete(this)
    this.#wake()
    return code
  }

  #wake(): void {
    for (const wake of this.#listeners.splice(0)) wake()
  }

  #change(withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, withinMs)
      this.#listeners.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal)
    } catch {
      // The whole group is gone already.
      this.process.kill(signal)
    }
  }
}

/** Starts a program that the test stops later. */
export function start(command: string, args: string[], options?: ChildOptions): Child {
  return new Child(command, args, options)
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: string[],
  options: ChildOptions & { withinMs?: number } = {},
): Promise<{ code: number; output: string }> {
  const child = new Child(command, args, { input: '', ...options })
  const code = await child.end(options.withinMs)
  return { code, output: child.output }
}

/** Ends whatever a test file left running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(child => child.stop()))
}
