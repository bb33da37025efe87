/** The process around a tool: the terminal, the signals, the exit code. */
import { createInterface, type Interface } from 'node:readline'
import { createInterface as createQuestions } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { styleFrom } from '../rpc/fleet/line.ts'
import { openDatabase } from './database/agent.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'

const { env, stdout, stdin, stderr } = process

/** Swallows what readline would echo. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

async function askOnTerminal(question: string, secret: boolean): Promise<string> {
  const output = secret ? nowhere() : stderr
  const lines = createQuestions({ input: stdin, output, terminal: true })
  if (secret) stderr.write(question)
  try {
    return await lines.question(secret ? '' : question)
  } finally {
    if (secret) stderr.write('\n')
    lines.close()
  }
}

/** Answers that come through a pipe, one a line. */
let piped: { lines: Interface; answers: AsyncIterator<string> } | null = null

async function askPipe(question: string): Promise<string> {
  stderr.write(question)
  if (piped === null) {
    const lines = createInterface({ input: stdin })
    piped = { lines, answers: lines[Symbol.asyncIterator]() }
  }
  const { value, done } = await piped.answers.next()
  stderr.write('\n')
  if (done === true) throw new NobodyAnswers('nobody answers')
  return value
}

/** The answers through a pipe came to an end before the questions did. */
export class NobodyAnswers extends Error {}

const FINISH_MS = 300
const stop = new AbortController()
let signalled = 0

function listen(): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.on(signal, () => {
      // Whoever asks a second time gets it at once.
      if (signalled > 0) process.exit(128 + number)
      signalled = 128 + number
      stop.abort()
      // A command that only waits for an answer has nothing to finish.
      setTimeout(() => process.exit(signalled), FINISH_MS)
    })

  // The reader of our output went away (`kamctl log | head`): that is an end like any other.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 0 : EXIT.internal)
    })
}

const io: Io = {
  env,
  // The ssh front door has no terminal to hand on, only its width.
  columns: stdout.isTTY ? stdout.columns : Number(env.KAMCTL_COLUMNS) || null,
  style: styleFrom(env, stdout.isTTY),
  canAsk: stdin.isTTY && stderr.isTTY,
  out: text => void stdout.write(text),
  err: text => void stderr.write(text),
  ask: (question, secret = false) =>
    stdin.isTTY ? askOnTerminal(question, secret) : askPipe(question),
  openDatabase,
  now: Date.now,
  stop: stop.signal,
}

/** Runs a tool from its command line to its exit code. */
export async function runTool(
  name: string,
  run: (io: Io, argv: readonly string[]) => Promise<number>,
): Promise<void> {
  listen()
  try {
    const code = await run(io, process.argv.slice(2))
    process.exitCode = signalled || code
    if (signalled > 0) process.exit()
  } catch (error) {
    stderr.write(`${name}: ${(error as Error).stack ?? String(error)}\n`)
    process.exitCode = EXIT.internal
  } finally {
    if (piped !== null) {
      piped.lines.close()
      stdin.destroy()
    }
  }
}
