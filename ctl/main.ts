/** The process around kamctl: the terminal, the signals, the exit code. */
import { createInterface } from 'node:readline/promises'
import { connect } from '../rpc/client/connect.ts'
import { styleFrom } from '../rpc/fleet/line.ts'
import type { Io } from './io.ts'
import { runKamctl } from './run.ts'

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}

const FINISH_MS = 300
const stop = new AbortController()
let signalled = 0
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
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 70)
  })

const { env, stdout, stdin } = process
const io: Io = {
  env,
  // The ssh front door has no terminal to hand on, only its width.
  columns: stdout.isTTY ? stdout.columns : Number(env.KAMCTL_COLUMNS) || null,
  style: styleFrom(env, stdout.isTTY),
  canAsk: stdin.isTTY && process.stderr.isTTY,
  out: text => void stdout.write(text),
  err: text => void process.stderr.write(text),
  ask,
  now: Date.now,
  stop: stop.signal,
}

try {
  const code = await runKamctl(io, process.argv.slice(2), connect)
  process.exitCode = signalled || code
  if (signalled > 0) process.exit()
} catch (error) {
  process.stderr.write(`kamctl: ${(error as Error).stack ?? String(error)}\n`)
  process.exitCode = 70
}
