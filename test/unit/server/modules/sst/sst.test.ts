// The check as its manual has it: Kamailio 5.6.3 does it the other way round, the reply is the
// recorded one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../../compat/uac/exchange.ts'
import { Bench } from '../../../../kit/bench.ts'
import { Replay } from '../uac/replay.ts'

const PATH = join(import.meta.dirname, '../../../../compat/sst/check.json')
const { stories } = JSON.parse(readFileSync(PATH, 'utf8')) as Facts

const MODULES = ['tm', 'sl', 'pv', 'textops', 'sst']
const routes = (answer: number): string =>
  `request_route {
    $var(rc) = sstCheckMin("${answer}");
    if ($var(rc) > 0 && ${answer} == 1) exit;
    sl_send_reply("200", "rc $var(rc)");
  }`

async function ask(headers: string[], answer = 1, minimum = 90, method = 'INVITE') {
  const params = { sst: { min_se: minimum } }
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

test.for(['sst_flag", 6', 'timeout_avp", "$avp(x)"'])('%s needs dialogs', async param => {
  const config = `loadmodule "sl.so"\nloadmodule "sst.so"\nmodparam("sst", "${param})\n`
  await expect(Bench.start(`${config}request_route {\n  exit;\n}\n`)).rejects.toThrow('dialog')
})
