// Accounting in a database: what is written when, and what happens when it cannot be.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import {
  answerText,
  CALLEE_PORT,
  CALLER_PORT,
  requestText,
  type Word,
} from '../../../../compat/acc/facts.ts'
import { makeTables, readRows } from '../../../../compat/acc/rows.ts'
import { AccWorld } from './acc-world.ts'

const FLAGS = { db_flag: 1, db_missed_flag: 2, failed_transaction_flag: 3 }
const RELAY: Word[] = [['setflag', 1], ['setflag', 2], ['setflag', 3], ['t_relay']]

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ohana-acc-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

async function started(
  runDir: string,
  acc: Record<string, string | number> = {},
  words = RELAY,
  spoolMax = 100,
): Promise<AccWorld> {
  const db_url = `sqlite:///${join(runDir, 'acc.sqlite')}`
  const world = new AccWorld(
    { params: { acc: { ...FLAGS, db_url, ...acc } }, on: { '*': words } },
    runDir,
  )
  world.core.params.spool_max = spoolMax
  world.core.params.spool_reserve = 0
  await world.start()
  return world
}

/** The callee answers the INVITE that it got. */
function answer(world: AccWorld, line: string): void {
  const invite = world.sent.find(({ port }) => port === CALLEE_PORT)!
  world.receive(answerText(invite.text, { answer: line, tag: 'tt1' }), CALLEE_PORT)
}

/** All that the spool has on the disk. */
function onDisk(runDir: string): string {
  const spool = join(runDir, 'spool', 'acc')
  const segments = readdirSync(spool).filter(name => name.endsWith('.segment'))
  return segments.map(name => readFileSync(join(spool, name), 'latin1')).join('')
}

test('the row is in the spool before the reply leaves', async () => {
  const runDir = folder()
  // Without its tables the database takes nothing: what is on the disk stays there.
  new DatabaseSync(join(runDir, 'acc.sqlite')).close()
  const world = await started(runDir)
  const story: string[] = []
  world.onSend = text => {
    // As all transports do.
    expect(world.core.network.beforeLeaving!()).toBe(true)
    story.push(`${text.slice(0, 11)} ${onDisk(runDir).includes('call1@local')}`)
  }
  world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
  answer(world, '200 OK')
  expect(story).toEqual(['SIP/2.0 100 false', 'INVITE sip: false', 'SIP/2.0 200 true'])
  await world.stop()
})

test('rows wait for tables that are not there, over a restart, and are loaded once', async () => {
  const runDir = folder()
  const path = join(runDir, 'acc.sqlite')
  new DatabaseSync(path).close()
  const first = await started(runDir)
  first.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
  answer(first, '200 OK')
  await expect.poll(() => first.core.spools.status()[0]!.blocked).toMatch(/no such table/)
  await first.stop()
  makeTables(path)
  const again = await started(runDir)
  await again.delivered()
  await again.stop()
  const third = await started(runDir)
  await third.stop()
  expect(readRows(path)).toEqual({ acc: [expect.objectContaining({ callid: 'call1@local' })] })
})

test('a row that the table refuses makes way for the others', async () => {
  const runDir = folder()
  const path = join(runDir, 'acc.sqlite')
  makeTables(path)
  const db = new DatabaseSync(path)
  db.exec(`CREATE TRIGGER picky BEFORE INSERT ON others WHEN NEW.sip_reason = 'bad'
    BEGIN SELECT RAISE(ABORT, 'not this one'); END`)
  db.close()
  const requests = ['200 a', '200 bad', '200 b', '200 c']
  const words = requests.map((comment): Word => ['acc_db_request', comment, 'others'])
  const world = await started(runDir, {}, words)
  world.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await world.delivered()
  await world.stop()
  expect(readRows(path).others!.map(row => row.sip_reason)).toEqual(['a', 'b', 'c'])
  const rejected = readFileSync(join(runDir, 'spool', 'acc', 'rejected'), 'latin1')
  expect(rejected).toMatch(/not this one.*"bad"/)
})

test('new calls are refused while their rows cannot be kept, those under way are not', async () => {
  const runDir = folder()
  new DatabaseSync(join(runDir, 'acc.sqlite')).close()
  // Full after its first row.
  const world = await started(runDir, {}, RELAY, 0.0001)
  world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
  answer(world, '200 OK')
  await Promise.resolve()
  world.receive(requestText({ send: 'BYE', tag: 'tt1' }), CALLER_PORT)
  expect(world.sent.at(-1)!.text).toMatch(/^BYE/)
  const other = requestText({ send: 'INVITE' }).replaceAll('call1@', 'call2@')
  world.receive(other.replace('z9hG4bK', 'z9hG4bKx'), CALLER_PORT)
  expect(world.sent.at(-1)!.text).toMatch(/^SIP\/2\.0 503 .*Retry-After: 10/s)
  expect(world.core.counters.find('acc', 'refused')!.value).toBe(1)
  expect(world.core.spools.status()).toMatchObject([{ state: 'limit', pending: 1 }])
  await world.stop()
})

test('a database that nobody can open is no reason not to start', async () => {
  const runDir = folder()
  const world = await started(runDir, { db_url: `sqlite:///${runDir}/nowhere/acc.sqlite` })
  expect(world.log).toEqual([expect.stringMatching(/unable to connect to the database.*rows wait/)])
  await world.stop()
})

test('a driver that is not loaded is', async () => {
  await expect(started(folder(), { db_url: 'mysql://a@b/c' })).rejects.toThrow(
    'Module db_mysql not found. Missing loadmodule?',
  )
})

test('a spool that cannot be made is', async () => {
  const runDir = folder()
  writeFileSync(join(runDir, 'spool'), '')
  makeTables(join(runDir, 'acc.sqlite'))
  await expect(started(runDir)).rejects.toThrow(/spool\/acc cannot be opened/)
})

test('the spool gives the disk back when all has arrived', async () => {
  const runDir = folder()
  makeTables(join(runDir, 'acc.sqlite'))
  const words = Array.from(
    { length: 50 },
    (): Word => ['acc_db_request', '200 x'.repeat(99), 'others'],
  )
  const world = await started(runDir, {}, words)
  const request = requestText({ send: 'MESSAGE' })
  for (let i = 0; i < 100; i++) world.receive(request, CALLER_PORT)
  await world.delivered()
  await world.stop()
  const sizes = readdirSync(join(runDir, 'spool', 'acc')).filter(name => name.endsWith('.segment'))
  const bytes = sizes.map(name => statSync(join(runDir, 'spool', 'acc', name)).size)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_100_000)
  expect(readRows(join(runDir, 'acc.sqlite')).others).toHaveLength(5000)
})
