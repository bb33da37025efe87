/**
 * npm run bench -- locations [CONTACTS [ROWS]]: a million contacts in memory: registered, dumped
 * page by page, expired; the size of the process and the longest pause of the loop in each part.
 * Then 100,000 rows of SQLite at the start of a node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Usrloc } from '../../server/modules/usrloc/usrloc.ts'
import { databaseFile, type LocationNode, locationBench } from '../kit/location-bench.ts'

/** Requests of one turn of the loop: less than the packets of one wake-up of a busy node. */
const TURN = 50
const WARM = 20_000
const HOUR = 3_600_000
const STEP = 10_000
const START = Date.now()
const GOALS = { bytes: 2 ** 30, pauseMs: 30, loadMs: 2000 }

const [contacts = 1_000_000, rows = 100_000] = process.argv.slice(2).map(Number)
let offset = 0
const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() + offset }

const user = (i: number): string => `user${i}`

const registerOf = (i: number): string => {
  const host = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  return [
    'REGISTER sip:example.org SIP/2.0',
    `Via: SIP/2.0/UDP ${host}:5060;branch=z9hG4bK${i}`,
    `From: <sip:${user(i)}@example.org>;tag=${i}`,
    `To: <sip:${user(i)}@example.org>`,
    `Call-ID: ${i}-8f3a1c55e0@${host}`,
    'CSeq: 1 REGISTER',
    `Contact: <sip:${user(i)}@${host}:5060;transport=udp>;expires=3600`,
    'User-Agent: Some phone 1.2.3 (build 77)',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

/** CPU time of this thread, milliseconds: others on the machine do not count. */
const busy = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Runs `turn` once a turn of the loop until it says that it is done; the longest turn. */
async function turns(node: LocationNode, turn: () => boolean | Promise<boolean>): Promise<number> {
  let longest = 0
  for (let last = busy(), done = false; !done; ) {
    const more = turn()
    done = typeof more === 'boolean' ? more : await more
    node.bench.core.timers.run()
    await new Promise(later => setImmediate(later))
    const now = busy()
    longest = Math.max(longest, now - last)
    last = now
  }
  return longest
}

const count = async (node: LocationNode): Promise<number> =>
  Number(/location_contacts = (\d+)/.exec(String(await statistics(node)))?.[1])
const statistics = (node: LocationNode): Promise<unknown> =>
  node.rpc('stats.get_statistics', 'usrloc:')

interface Page {
  readonly Contacts: readonly unknown[]
  readonly Next: number
}

interface Figures {
  readonly bytes: number
  readonly registering: number
  readonly dumping: number
  readonly expiring: number
}

async function million(node: LocationNode): Promise<Figures> {
  const { bench } = node
  let next = 0
  const registerUpTo = (last: number): Promise<number> =>
    turns(node, () => {
      bench.sent.length = 0
      for (let i = 0; i < TURN && next < last; i++) bench.receive(registerOf(next++))
      return next >= last
    })
  // Before that the code is being compiled, as after every start.
  await registerUpTo(Math.min(WARM, contacts / 2))
  const registering = await registerUpTo(contacts)
  if ((await count(node)) !== contacts) throw new Error(`${await count(node)} are registered`)
  const bytes = process.memoryUsage.rss()
  let dumped = 0
  let at = 0
  const dumping = await turns(node, async () => {
    const page = (await node.rpc('ohana.contacts', 'location', at, 500)) as Page
    dumped += page.Contacts.length
    at = page.Next
    return at === 0
  })
  if (dumped !== contacts) throw new Error(`${dumped} were dumped`)
  const { store } = (bench.host.instance('usrloc') as Usrloc).find('location')!
  const until = offset + 2 * HOUR
  const expiring = await turns(node, () => {
    // In steps: a clock that jumps makes the wheel of timers catch up.
    if (offset < until) offset += STEP
    return store.contactCount === 0
  })
  return { bytes, registering, dumping, expiring }
}

async function load(path: string): Promise<number> {
  const start = performance.now()
  const node = await locationBench({ path, settings: { usrloc: { db_mode: 1 } }, clock })
  const took = performance.now() - start
  if ((await count(node)) !== rows) throw new Error(`${await count(node)} were loaded`)
  await node.stop()
  return took
}

function fill(path: string): void {
  const db = new DatabaseSync(path)
  const insert = db.prepare(
    'INSERT INTO location (ruid, username, contact, expires, q, callid, last_modified, ' +
      'user_agent, socket, connection_id) VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, -1)',
  )
  const day = START / 86_400_000 + 2_440_587.5
  db.exec('BEGIN')
  for (let i = 0; i < rows; i++) {
    const contact = `sip:${user(i)}@10.1.2.3:5060;transport=udp`
    const callId = `${i}-8f3a1c55e0@10.1.2.3`
    const ruid = `uloc-6b01caf0-3ca7-${i.toString(16)}`
    insert.run(ruid, user(i), contact, day + 30, callId, day, 'Some phone', 'udp:127.0.0.1:5060')
  }
  db.exec('COMMIT')
  db.close()
}

const folder = mkdtempSync(join(tmpdir(), 'locations-'))
const path = databaseFile(folder)
const node = await locationBench({ path, settings: { usrloc: { db_mode: 0 } }, clock })
const { bytes, registering, dumping, expiring } = await million(node)
await node.stop()
fill(path)
const loadMs = await load(path)
rmSync(folder, { recursive: true })
console.log(`${contacts} contacts: ${(bytes / 2 ** 20).toFixed(0)} MiB, longest turn of the loop`)
console.log(
  `  registered ${registering.toFixed(1)} ms, dumped ${dumping.toFixed(1)} ms, ` +
    `expired ${expiring.toFixed(1)} ms`,
)
console.log(`${rows} rows of SQLite at the start: ${loadMs.toFixed(0)} ms`)
const bad =
  bytes > GOALS.bytes ||
  Math.max(registering, dumping, expiring) > GOALS.pauseMs ||
  loadMs > GOALS.loadMs
process.exit(bad ? 1 : 0)
