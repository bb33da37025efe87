// Accounting that loses nothing, the long form of test/peers/acc.test.ts: see test/soak/acc.
import { setTimeout as pause } from 'node:timers/promises'
import { AccountedLoad } from '../kit/accounted-load.ts'
import { AccountingNode } from '../kit/accounting-node.ts'
import { ACCOUNTING_SINKS } from '../kit/accounting-sinks.ts'

/** While the database is away. */
const MOST_LATENCY_MS = 50
const BACK_WITHIN_MS = 60_000

const [kills = 50, seconds = 60, rate = 100] = process.argv.slice(2, 5).map(Number)
const name = process.argv[5] ?? 'mysql'
const open = ACCOUNTING_SINKS[name]
if (open === undefined)
  throw new Error(`no database ${name}: ${Object.keys(ACCOUNTING_SINKS).join(', ')}`)
const sink = await open()

/** Waits until nothing is missing; says what was found. */
async function judge(load: AccountedLoad): Promise<boolean> {
  const until = Date.now() + BACK_WITHIN_MS
  for (;;) {
    const found = await sink.rows()
    const { lost, doubled } = load.judge(found)
    if ((lost.length === 0 && doubled.length === 0) || Date.now() > until) {
      console.log(
        `${load.made} calls made, ${load.answered.size} requests answered, ${found.length} rows: ` +
          `${lost.length} lost, ${doubled.length} doubled`,
      )
      return lost.length === 0 && doubled.length === 0
    }
    await pause(500)
  }
}

async function killed(node: AccountingNode): Promise<boolean> {
  const load = await AccountedLoad.open(node.port, 'kill')
  load.start(rate)
  for (let kill = 1; kill <= kills; kill++) {
    await pause(100 + Math.random() * 900)
    await node.kill()
    await node.start()
  }
  await pause(1000)
  load.pause()
  console.log(`killed ${kills} times:`)
  const good = await judge(load)
  load.close()
  return good
}

async function away(node: AccountingNode): Promise<boolean> {
  const before = await AccountedLoad.open(node.port, 'before')
  before.start(rate)
  await pause(5000)
  before.close()
  const load = await AccountedLoad.open(node.port, 'away')
  await sink.leave()
  load.start(rate)
  await pause(seconds * 1000)
  const latency = load.latency(0.99)
  await sink.comeBack()
  await pause(3000)
  load.pause()
  console.log(
    `database away for ${seconds} s: 99 % of the answers within ${latency.toFixed(1)} ms ` +
      `(at most ${MOST_LATENCY_MS}; with the database ${before.latency(0.99).toFixed(1)})`,
  )
  const good = await judge(load)
  load.close()
  const refused = [...load.refused].map(([code, count]) => `${count} times ${code}`)
  if (refused.length > 0) console.log(`refused: ${refused.join(', ')}`)
  return good && latency <= MOST_LATENCY_MS
}

try {
  const node = await AccountingNode.start(sink.accounts)
  try {
    const good = [await killed(node), await away(node)]
    process.exitCode = good.every(Boolean) ? 0 : 1
  } finally {
    await node.stop()
  }
} finally {
  await sink.stop()
}
