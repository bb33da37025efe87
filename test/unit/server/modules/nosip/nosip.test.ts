import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Facts, FOLDER, ROUTES } from '../../../../compat/nosip/facts.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'

const config = (params: Record<string, string>, routes = ROUTES): string =>
  [
    '#!KAMAILIO',
    ...['sl', 'pv', 'xlog', 'nosip'].map(name => `loadmodule "${name}.so"`),
    ...Object.entries(params).map(
      ([name, value]) => `modparam("nosip", "${name}", ${JSON.stringify(value)})`,
    ),
    routes,
  ].join('\n')

const marks = (lines: string[]): string[] =>
  lines.filter(line => line.includes('@@')).map(line => line.split('@@')[1]!.trim())

const { cases } = JSON.parse(readFileSync(join(FOLDER, 'packets.json'), 'utf8')) as Facts

describe('packets that are no SIP', () => {
  test.for(cases)('as Kamailio gives them to its script, %j', async ({ params, packets }) => {
    const bench = await Bench.start(config(params))
    const seen = packets.map(({ text }) => ({ text, logged: marks(bench.logged(text)) }))
    expect(seen).toEqual(packets)
  })

  test('match an expression or not', async () => {
    const bench = await Bench.start(config({ msg_match: '^:RESUME:[0-9]+:$|^A', msg_skip: 'B$' }))
    const long = 'A'.repeat(40)
    expect(marks(bench.logged(long))).toHaveLength(1)
    expect(marks(bench.logged(`${long}B`))).toEqual(['parse-error 41'])
    expect(marks(bench.logged(`x${long}`))).toEqual(['parse-error 41'])
  })

  test('are in $nosip, which is null elsewhere', async () => {
    const routes = `
request_route { xlog("L_ALERT", "@@$nosip\\n"); }
event_route[nosip:msg] { xlog("L_ALERT", "@@$nosip $si:$sp\\n"); }`
    const bench = await Bench.start(config({}, routes))
    const packet = 'A'.repeat(40)
    expect(marks(bench.logged(packet))).toEqual([`${packet} 127.0.0.1:${PEER_PORT}`])
    const options = [
      'OPTIONS sip:a@b SIP/2.0',
      'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
      'From: <sip:a@b>;tag=1',
      'To: <sip:a@b>',
      'Call-ID: 1',
      'CSeq: 1 OPTIONS',
      '',
      '',
    ]
    expect(marks(bench.logged(options.join('\r\n')))).toEqual(['<null>'])
    expect(bench.sent).toEqual([])
  })

  test('without the event route are what they were, and the log says so', async () => {
    const bench = await Bench.start(config({}, 'request_route { drop; }'))
    expect(bench.logged('A'.repeat(40)).join()).toContain('parse_msg')
  })
})
