// The check as its manual has it: Kamailio 5.6.3 does it the other way round, the reply is the
// recorded one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../../compat/uac/exchange.ts'
import { Bench } from '../../../../kit/bench.ts'
import { Replay as Session } from '../../../../compat/dialog/replay.ts'
import { SESSION } from '../../../../compat/sst/session.ts'
import { Replay } from '../uac/replay.ts'

const PATH = join(import.meta.dirname, '../../../../compat/sst/check.json')
const { stories } = JSON.parse(readFileSync(PATH, 'utf8')) as Facts

const MODULES = ['tm', 'sl', 'pv', 'rr', 'textops', 'dialog', 'sst']
const routes = (answer: number): string =>
  `request_route {
    $var(rc) = sstCheckMin("${answer}");
    if ($var(rc) > 0 && ${answer} == 1) exit;
    sl_send_reply("200", "rc $var(rc)");
  }`

async function ask(headers: string[], answer = 1, minimum = 90, method = 'INVITE') {
  const params = { sst: { sst_flag: 6, min_se: minimum } }
  const replay = await Replay.start(MODULES, {
    name: '',
    params,
    routes: routes(answer),
    steps: [],
  })
  const [reply] = replay.step({ send: `${method} sip:bob@example.com`, headers })
  await replay.stop()
  return String(reply)
}

describe('sstCheckMin', () => {
  test('answers as Kamailio', async () => {
    const recorded = stories.find(({ name }) => name === 'SE and Min-SE above, 1')
    expect(await ask(['Session-Expires: 50', 'Supported: timer'])).toBe(
      recorded?.steps[0]?.got?.[0],
    )
  })

  test.for([
    ['Session-Expires: 89', 90],
    ['x: 50', 90],
    ['Session-Expires: 1800;refresher=uac', 2000],
  ] as const)('takes %s for too short when %i is the least', async ([header, least]) => {
    expect(await ask([header], 0, least)).toContain('200 rc 1\n')
    expect(await ask([header], 1, least)).toContain(`Min-SE: ${least}\n`)
  })

  test.for([
    ['Session-Expires: 90', 'INVITE'],
    ['Session-Expires: 1800', 'INVITE'],
    ['Session-Expires: soon', 'INVITE'],
    ['Min-SE: 10', 'INVITE'],
    ['Session-Expires: 50', 'UPDATE'],
  ] as const)('lets %s of %s pass', async ([header, method]) => {
    expect(await ask([header], 1, 90, method)).toContain('200 rc -1\n')
  })
})

test.for([
  ['', 'no sst flag set!!'],
  ['modparam("sst", "sst_flag", 66)', 'invalid sst flag 66!!'],
])('as in Kamailio, %s is refused', async ([param, why]) => {
  const modules = MODULES.map(name => `loadmodule "${name}.so"`).join('\n')
  const config = `${modules}\n${param}\nrequest_route {\n  exit;\n}\n`
  await expect(Bench.start(config)).rejects.toThrow(why)
})

const SE = (seconds: number): string => `Supported: timer | Session-Expires: ${seconds}`
const began = (asked: string, answered: string): string[] => [
  `alice INVITE${asked && ` | ${asked}`}`,
  `bob 200${answered && ` | ${answered}`}`,
  'alice ACK',
]

describe('the lifetime of a dialog', () => {
  async function lifetimes(...steps: string[]): Promise<string[]> {
    const replay = await Session.start(SESSION[0]!)
    const told = await replay.tell({ name: 'session', steps: [...steps, 'alice BYE'] })
    await replay.stop()
    const lines = told.flatMap(({ log = [] }) => log)
    return lines.flatMap(line => /^(?:ACK|branch BYE) life=(\d+)/.exec(line)?.[1] ?? [])
  }

  test.for([
    ['what both agree on', SE(1800), SE(600), '600'],
    ['what was asked, when the callee cannot', SE(1800), '', '1800'],
    ['what the callee alone wants', '', SE(300), '300'],
    ['as long as without timers, when nobody can', '', '', '43200'],
    ['our own, when the caller only can', 'Supported: timer', '', '90'],
  ] as const)('is %s', async ([, asked, answered, seconds]) => {
    expect(await lifetimes(...began(asked, answered))).toEqual([seconds, seconds])
  })

  test.for([
    ['a longer one', SE(1200), SE(1000), '1000'],
    ['what was asked, when the other side cannot', SE(1200), '', '1200'],
    ['none any more', 'Supported: timer', '', '43200'],
    ['none any more, by a phone that cannot', 'Session-Expires: 1200', '', '43200'],
  ] as const)('a refresh agrees on %s', async ([, asked, answered, seconds]) => {
    const refresh = [`bob UPDATE | ${asked}`, `alice 200 UPDATE${answered && ` | ${answered}`}`]
    const told = await lifetimes(...began(SE(1800), SE(600)), ...refresh)
    expect(told).toEqual(['600', seconds])
  })

  test('a refused refresh changes nothing', async () => {
    const refused = [`alice UPDATE | ${SE(100)}`, 'bob 422 UPDATE | Min-SE: 200']
    expect(await lifetimes(...began(SE(1800), SE(600)), ...refused)).toEqual(['600', '600'])
  })

  test('ends, and is counted, when nobody refreshes', async () => {
    const replay = await Session.start(SESSION[0]!)
    const steps = [...began(SE(100), SE(100)), 'wait 98', 'wait 4']
    const told = await replay.tell({ name: 'over', steps })
    const expired = replay.bench.rpc('stats.get_statistics', 'expired_sst')
    await replay.stop()
    expect(told.at(-2)!.log).toBeUndefined()
    expect(told.at(-1)!.log).toEqual(['end life=100 avp=<null>'])
    expect(expired).toEqual(['sst:expired_sst = 1'])
  })

  test('begins anew with each refresh', async () => {
    const replay = await Session.start(SESSION[0]!)
    const refresh = [`alice UPDATE | ${SE(100)}`, `bob 200 UPDATE | ${SE(100)}`]
    const steps = [...began(SE(100), SE(100)), 'wait 60', ...refresh, 'wait 60', 'wait 60']
    const told = await replay.tell({ name: 'over', steps })
    await replay.stop()
    expect(told.at(-2)!.log).toBeUndefined()
    expect(told.at(-1)!.log).toEqual(['end life=100 avp=<null>'])
  })
})
