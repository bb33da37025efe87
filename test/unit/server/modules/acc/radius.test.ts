// Accounting over RADIUS: the packets of recorded calls, silence, repetition, another server.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnyModule } from '../../../../../server/core/module/index.ts'
import accRadius from '../../../../../server/modules/acc_radius/acc_radius.module.ts'
import {
  type Call,
  CALLER_PORT,
  FOLDER,
  requestText,
  type Word,
} from '../../../../compat/acc/facts.ts'
import { FakeRadius, type RadiusFacts } from '../../../../compat/acc/radius.ts'
import { AccWorld } from './acc-world.ts'
import { play } from './replay.ts'

const facts = JSON.parse(readFileSync(join(FOLDER, 'radius.json'), 'utf8')) as RadiusFacts
const MODULES = [accRadius] as unknown as AnyModule[]

/**
 * What Kamailio makes of a text where the dictionary wants a number or an address are its first
 * bytes; and a text that is too long for an attribute makes it send nothing.
 */
const ODD = /no number|an address|a long value/

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ohana-radius-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

async function fake(): Promise<FakeRadius> {
  const server = await FakeRadius.open()
  onTestFinished(() => server.close())
  return server
}

async function world(
  runDir: string,
  call: Pick<Call, 'params' | 'on'>,
  ...servers: [FakeRadius, ...FakeRadius[]]
): Promise<AccWorld> {
  const path = join(runDir, 'radiusclient.conf')
  const [first, ...others] = servers
  writeFileSync(path, first.config(runDir, ...others))
  const acc_radius = { ...call.params?.acc_radius, radius_config: path }
  const made = new AccWorld({ ...call, params: { ...call.params, acc_radius } }, runDir, MODULES)
  made.core.params.spool_reserve = 0
  await made.start()
  return made
}

describe('packets, as Kamailio sends them', () => {
  test.for(facts.calls.filter(({ name }) => !ODD.test(name)))('$name', async call => {
    const server = await fake()
    const made = await world(folder(), call, server)
    play(made, call)
    await made.delivered()
    const sorted = (packets: string[][]): string[][] => packets.map(packet => [...packet].sort())
    expect(sorted(server.packets)).toEqual(sorted(call.packets))
    await made.stop()
  })
})

const account = (...comments: string[]): Record<string, Word[]> => ({
  '*': comments.map((comment): Word => ['acc_rad_request', comment]),
})

/** Lets the loop and the clock of the world go on until it is so. */
async function until(made: AccWorld, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    made.pass(100)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

test('a server that is silent gets the same packet again, then the next one gets it', async () => {
  const [dead, alive] = [await fake(), await fake()]
  dead.silent = true
  const made = await world(folder(), { on: account('200 OK') }, dead, alive)
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await until(made, () => alive.packets.length > 0)
  await made.delivered()
  expect(dead.ids).toEqual([dead.ids[0], dead.ids[0]])
  expect(alive.packets[0]).toContainEqual(expect.stringMatching(/^Acct-Delay-Time=([4-9]|\d\d+)$/))
  const count = (name: string) => made.core.counters.find('acc_radius', name)!.current()
  expect(['retransmissions', 'failovers', 'answered'].map(count)).toEqual([1, 1, 1])
  await made.stop()
})

test('what no server takes waits, over a restart, and arrives once and in order', async () => {
  const server = await fake()
  server.silent = true
  const runDir = folder()
  const comments = ['200 a', '201 b', '202 c']
  const first = await world(runDir, { on: account(...comments) }, server)
  first.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await until(first, () => first.core.spools.status()[0]!.blocked !== '')
  expect(first.core.spools.status()[0]!.blocked).toBe('no RADIUS server answered')
  await first.stop()
  server.silent = false
  const again = await world(runDir, { on: {} }, server)
  await again.delivered()
  const codes = server.packets.map(packet => packet.find(text => text.startsWith('Sip-Response')))
  expect(codes).toEqual(['200', '201', '202'].map(code => `Sip-Response-Code=${code}`))
  await again.stop()
})

test('what was under way at a kill comes again as it was, and nothing else does', async () => {
  const server = await fake()
  server.most = 2
  const runDir = folder()
  const killed = await world(runDir, { on: account('200 a', '201 b', '202 c') }, server)
  killed.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await until(killed, () => server.heard.length > 2)
  const unanswered = server.heard[2]!
  server.most = Number.POSITIVE_INFINITY
  const again = await world(runDir, { on: {} }, server)
  await again.delivered()
  const lasting = (packet: string[]) => packet.filter(one => !one.startsWith('Acct-Delay-Time'))
  expect(server.packets).toHaveLength(3)
  expect(lasting(server.packets[2]!)).toEqual(lasting(unanswered))
  expect(lasting(unanswered)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Acct-Session-Id=/),
      expect.stringMatching(/^Event-Timestamp=/),
      'Sip-Response-Code=202',
    ]),
  )
  await again.stop()
  await killed.stop()
})

test('an answer with another secret is none', async () => {
  const server = await fake()
  server.secret = 'wrong'
  const made = await world(folder(), { on: account('200 OK') }, server)
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await until(made, () => made.core.counters.find('acc_radius', 'ignored')!.current() > 0)
  expect(made.core.spools.status()[0]!.pending).toBe(1)
  await made.stop()
})

test('values are of their attribute’s kind, and long ones are cut', async () => {
  const server = await fake()
  const radius_extra = 'Framed-IP-Address=$si;NAS-Port=$fU;User-Name=$avp(long)'
  const words: Word[] = [
    ['avp', 'long', 'x'.repeat(300)],
    ['acc_rad_request', '200 OK'],
  ]
  const call = { params: { acc_radius: { radius_extra } }, on: { '*': words } }
  const made = await world(folder(), call, server)
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  await made.delivered()
  const [packet] = server.packets
  expect(packet).toContain('Framed-IP-Address=127.0.0.1')
  expect(packet).toContain(`User-Name=${'x'.repeat(253)}`)
  expect(packet).toContain('NAS-Port-Id=5060')
  const told = made.core.log.tail(9).map(({ text }) => text)
  expect(told).toContain('"alice" is no value for NAS-Port')
  await made.stop()
})

test('without radius_config nothing is sent, and the function says so', async () => {
  const made = new AccWorld({ on: account('200 OK') }, '', MODULES)
  await made.start()
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  expect(made.core.log.tail(1)[0]!.text).toMatch(/acc_rad_request: there is no RADIUS server/)
  await made.stop()
})

test.for([
  ['a file that is not there', '/nowhere/radiusclient.conf', '', /ENOENT/],
  ['a dictionary without an attribute', '', 'radius_extra', /can't get code for the No-Such/],
] as const)('refuses %s', async ([, path, parameter, sentence]) => {
  const runDir = folder()
  const server = await fake()
  const config = join(runDir, 'radiusclient.conf')
  writeFileSync(config, server.config(runDir))
  const acc_radius = {
    radius_config: path || config,
    ...(parameter === '' ? {} : { [parameter]: 'No-Such=$fU' }),
  }
  expect(() => new AccWorld({ params: { acc_radius }, on: {} }, runDir, MODULES)).toThrow(sentence)
})
