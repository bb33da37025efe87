// What xhttp_prom does is what it does in the real Kamailio (compat/xhttp_prom/answers.json).
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { XhttpProm } from '../../../../../server/modules/xhttp_prom/xhttp_prom.ts'
import { fixed, numberOf } from '../../../../../server/modules/xhttp_prom/number.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { TCP } from '../../../../../server/sip/transport.ts'
import { configOf, GROUPS, PARAMS, PATHS } from '../../../../compat/xhttp_prom/cases.ts'
import { plain } from '../../../../compat/xhttp_prom/plain.ts'
import { Bench, main } from '../../../../kit/bench.ts'

interface Recorded {
  readonly steps: readonly [string, string][]
  readonly metrics: string
}
const file = new URL('../../../../compat/xhttp_prom/answers.json', import.meta.url)
const { groups, params, paths } = JSON.parse(readFileSync(file, 'utf8')) as {
  groups: Record<string, Recorded>
  params: [string, boolean][]
  paths: [string, string][]
}

function get(bench: Bench, path: string): string {
  const received = { proto: TCP, srcIp: '127.0.0.1', srcPort: 40_000, connection: 9 }
  const to = { dstIp: main.address, dstPort: main.port, socket: main }
  const text = `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`
  bench.sent.length = 0
  bench.core.hooks.onHttp!(new SipMessage(text, { ...received, ...to }, 1))
  return plain(bench.sent[0]?.text ?? '')
}

const started = (parameters: string, steps: readonly string[] = []) =>
  Bench.start(configOf(25_481, { name: '', params: parameters, steps }))

describe.each(GROUPS)('as the real one: $name', group => {
  const { steps, metrics } = groups[group.name]!
  let bench: Bench
  let own: string[]

  beforeAll(async () => {
    bench = await started(group.params, group.steps)
    own = group.steps.map((_, i) => get(bench, `/T${i}`))
    return () => bench.host.stop()
  })

  it('was asked about all steps', () => expect(steps.map(([text]) => text)).toEqual(group.steps))

  it.each(steps.map(([text, answer], i) => ({ text, answer, i })))('$text', ({ answer, i }) => {
    expect(own[i]).toBe(answer)
  })

  it('shows the same', () => expect(get(bench, '/metrics')).toBe(metrics))
})

describe('the path of the metrics', () => {
  it('was asked about all', () => expect(paths.map(([path]) => path)).toEqual(PATHS))

  it.each(paths)('%s', async (path, answer) => {
    const bench = await started('')
    expect(get(bench, path).split('\n').at(-1)).toBe(answer)
    await bench.host.stop()
  })
})

describe('starts or not as the real one', () => {
  it('was asked about all', () => expect(params.map(([text]) => text)).toEqual(PARAMS))

  it.each(params)('%s %s', async (text, starts) => {
    const bench = await started(text).catch(() => null)
    expect(bench !== null).toBe(starts)
    await bench?.host.stop()
  })
})

const COUNTER = 'modparam("xhttp_prom", "prom_counter", "name=c;label=l")\n'

it('escapes what would end a label', async () => {
  const step = '$var(l) = "a\\"b\\\\c\\nd"; prom_counter_inc("c", "1", "$var(l)"); $var(a) = $rc;'
  const bench = await started(COUNTER, [step])
  get(bench, '/T0')
  expect(bench.rpc('xhttp_prom.metric_list_print')).toMatch(/^kamailio_c\{l="a\\"b\\\\c\\nd"\} 1 /m)
  await bench.host.stop()
})

it('forgets what is not used', async () => {
  let time = 1_700_000_000_000
  const clock = { now: () => time, monotonic: () => performance.now() }
  const config = configOf(25_481, { name: '', params: COUNTER, steps: [] })
  const bench = await Bench.start(config, clock)
  bench.rpc('xhttp_prom.counter_inc', 'c', 1, 'old')
  time += 59 * 60_000
  bench.rpc('xhttp_prom.counter_inc', 'c', 1, 'new')
  expect(bench.rpc('xhttp_prom.metric_list_print')).toContain('"old"')
  time += 2 * 60_000
  const self = bench.host.instance('xhttp_prom') as XhttpProm
  self.forgetOld()
  const text = bench.rpc('xhttp_prom.metric_list_print')
  expect(text).toBe(`# User defined metrics\nkamailio_c{l="new"} 1 ${time}\n`)
  await bench.host.stop()
})

it('shows all statistics, group by group', async () => {
  const bench = await started('modparam("xhttp_prom", "xhttp_prom_stats", "all")\n')
  const [, page = ''] = get(bench, '/metrics').split('\n\n')
  const [title, ...lines] = page.trimEnd().split('\n')
  expect(title).toBe('# Kamailio whole internal statistics')
  expect(lines).toContain('kamailio_script_a_b 0 T')
  expect(lines.every(line => /^kamailio_[\w]+ -?\d+ T$/.test(line))).toBe(true)
  await bench.host.stop()
})

it('lets no counter fall', async () => {
  const bench = await started(COUNTER)
  expect(() => bench.rpc('xhttp_prom.counter_inc', 'c', -1, 'x')).toThrow(
    'Failed to add -1 to counter: c (x)',
  )
  await bench.host.stop()
})

it('reads and writes numbers as C does', () => {
  const texts = ['1.5x', 'x', '-inf', 'NaN', '0x1f', '-.5e1', '']
  expect(texts.map(numberOf)).toEqual([1.5, 0, -Infinity, Number.NaN, 31, -5, null])
  expect([-Infinity, 2 ** 70, 0.0000004].map(fixed)).toEqual([
    '-inf',
    '1180591620717411303424.000000',
    '0.000000',
  ])
})
