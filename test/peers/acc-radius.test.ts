// Accounting at real FreeRADIUS servers: what arrives, and what happens when a server is away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { DICTIONARY } from '../compat/acc/radius.ts'
import { AccountedLoad } from '../kit/accounted-load.ts'
import { AccountingNode, overRadius } from '../kit/accounting-node.ts'
import { type DetailRecord, FreeRadius, RADIUS_SECRET } from '../kit/freeradius.ts'
import { freePort } from '../kit/ports.ts'

async function stage(ports: number[]) {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-acc-radius-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'radiusclient.conf')
  writeFileSync(join(folder, 'servers'), `127.0.0.1 ${RADIUS_SECRET}\n`)
  const lines = ports.map(port => `acctserver 127.0.0.1:${port}`)
  lines.push(`servers ${join(folder, 'servers')}`, `dictionary ${DICTIONARY}`)
  writeFileSync(
    path,
    [...lines, 'radius_timeout 1', 'radius_retries 2', 'radius_deadtime 60'].join('\n'),
  )
  const node = await AccountingNode.start(overRadius(path))
  onTestFinished(() => node.stop())
  const load = await AccountedLoad.open(node.port)
  onTestFinished(() => load.close())
  return { node, load }
}

async function radius(): Promise<FreeRadius> {
  const server = await FreeRadius.start()
  onTestFinished(() => server.stop())
  return server
}

const rowsOf = (records: DetailRecord[]) =>
  records.map(record => ({ method: record['Sip-Method']!, callid: record['Acct-Session-Id']! }))

test('calls begin and end at a server', async () => {
  const server = await radius()
  const { load } = await stage([server.accounting])
  load.start(20)
  await expect.poll(() => load.answered.has('BYE call-0')).toBe(true)
  load.pause()
  await expect.poll(() => load.judge(rowsOf(server.records())).lost).toEqual([])
  const call = server.records().filter(record => record['Acct-Session-Id'] === 'call-0')
  expect(call).toMatchObject([
    {
      'Acct-Status-Type': 'Start',
      'Service-Type': 'Sip-Session',
      'Sip-Method': 'INVITE',
      'Sip-Response-Code': '200',
      'Sip-From-Tag': 'acall-0',
      'Sip-To-Tag': 'b',
      'User-Name': 'alice',
      'NAS-Port': '5060',
      'NAS-IP-Address': '127.0.0.1',
      'Acct-Delay-Time': '0',
    },
    { 'Acct-Status-Type': 'Stop', 'Sip-Method': 'BYE' },
  ])
})

test('a call that fails is told of as one that failed', async () => {
  const server = await radius()
  const { load } = await stage([server.accounting])
  load.answer = '486 Busy Here'
  load.start(20)
  await expect.poll(() => load.refused.get(486) ?? 0).toBeGreaterThan(0)
  load.pause()
  await expect
    .poll(() => server.records()[0])
    .toMatchObject({
      'Acct-Status-Type': 'Failed',
      'Sip-Response-Code': '486',
    })
})

test('the next server gets what the first one does not answer', async () => {
  const server = await radius()
  const { load } = await stage([await freePort(), server.accounting])
  load.start(20)
  await expect.poll(() => server.records().length).toBeGreaterThan(5)
  load.pause()
  await expect.poll(() => load.judge(rowsOf(server.records()))).toEqual({ lost: [], doubled: [] })
})

test('records wait for a server that is away, over a kill of the node', async () => {
  const server = await radius()
  const { node, load } = await stage([server.accounting])
  load.start(50)
  await expect.poll(() => server.records().length).toBeGreaterThan(5)
  await server.pause()
  await pause(1000)
  await node.kill()
  await node.start()
  await pause(500)
  load.pause()
  await server.start()
  await expect.poll(() => load.judge(rowsOf(server.records())).lost).toEqual([])
})
