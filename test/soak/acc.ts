// Accounting that loses nothing, the long form of test/peers/acc.test.ts: see test/soak/acc.
import { setTimeout as pause } from 'node:timers/promises'
import { AccountedLoad, type AccountedRow } from '../kit/accounted-load.ts'
import { AccountingNode, inDatabase } from '../kit/accounting-node.ts'
import { MariadbServer } from '../kit/mariadb.ts'

/** While the database is away. */
const MOST_LATENCY_MS = 50
const BACK_WITHIN_MS = 60_000

const TABLE = `CREATE TABLE acc (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  method VARCHAR(16) DEFAULT '' NOT NULL, from_tag VARCHAR(128) DEFAULT '' NOT NULL,
  to_tag VARCHAR(128) DEFAULT '' NOT NULL, callid VARCHAR(255) DEFAULT '' NOT NULL,
  sip_code VARCHAR(3) DEFAULT '' NOT NULL, sip_reason VARCHAR(128) DEFAULT '' NOT NULL,
  time DATETIME NOT NULL)`

const [kills = 50, seconds = 60, rate = 100] = process.argv.slice(2).map(Number)

const server = await MariadbServer.start()

async function rows(): Promise<AccountedRow[]> {
  const text = await server.sql('SELECT method, callid FROM acc', 'kamailio')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [method = '', callid = ''] = line.split('\t')
      return { method, callid }
    })
}

/** Waits until nothing is missing; says what was found. */
async function judge(load: AccountedLoad): Promise<boolean> {
  const until = Date.now() + BACK_WITHIN_MS
  for (;;) {
    const found = await rows()
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
  await server.pause()
  load.start(rate)
  await pause(seconds * 1000)
  const latency = load.latency(0.99)
  await server.start()
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
  const url = await server.makeDatabase('kamailio')
  await server.sql(TABLE, 'kamailio')
  const node = await AccountingNode.start(inDatabase('db_mysql', url))
  try {
    const good = [await killed(node), await away(node)]
    process.exitCode = good.every(Boolean) ? 0 : 1
  } finally {
    await node.stop()
  }
} finally {
  await server.stop()
}
