// Accounting in each database, the node killed and the database away under load: the short form of
// test/soak/acc.ts.
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'vitest'
import { AccountedLoad } from '../kit/accounted-load.ts'
import { AccountingNode } from '../kit/accounting-node.ts'
import { ACCOUNTING_SINKS } from '../kit/accounting-sinks.ts'

// test/peers/acc.test.ts does it with SQLite.
const SINKS = Object.keys(ACCOUNTING_SINKS).filter(name => name !== 'sqlite')

// Side by side: most of the time they wait.
test.concurrent.for(SINKS)('%s loses nothing', async (name, context) => {
  const { expect, onTestFinished } = context
  const sink = await ACCOUNTING_SINKS[name]!()
  onTestFinished(() => sink.stop())
  const node = await AccountingNode.start(sink.accounts, 'db_deadline=500')
  onTestFinished(() => node.stop())
  const load = await AccountedLoad.open(node.port)
  onTestFinished(() => load.close())
  load.start(100)
  await pause(500)
  await node.kill()
  await sink.rows()
  await node.start()
  await pause(300)
  await sink.leave()
  await pause(1000)
  await node.kill()
  await node.start()
  await pause(500)
  await sink.comeBack()
  await pause(500)
  load.pause()
  await expect
    .poll(async () => load.judge(await sink.rows()), { interval: 200 })
    .toEqual({ lost: [], doubled: [] })
  expect(load.answered.size).toBeGreaterThan(100)
})
