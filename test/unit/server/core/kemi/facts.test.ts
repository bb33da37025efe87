// What the real Kamailio's KSR gives a script, from ours; where a case says why we differ, what
// ours gives.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { KemiEngine } from '../../../../../server/core/kemi/kemi.ts'
import type { KemiValue, RouteBlock } from '../../../../../server/core/module/index.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import {
  type Case,
  ENVIRONMENT,
  type Facts,
  FOLDER,
  HEAD,
  MODULES,
  PARAMS,
  PEER_PORT,
  type Seen,
  sourceOf,
  wentOut,
} from '../../../../compat/kemi/facts.ts'
import { Bench } from '../../../../kit/bench.ts'

const CONFIG = [
  ...HEAD,
  ...MODULES.filter(name => name !== 'ctl').map(name => `loadmodule "${name}.so"`),
  'modparam("jsonrpcs", "transport", 1)',
  ...Object.entries(PARAMS).flatMap(([module, values]) =>
    Object.entries(values).map(([name, value]) => `modparam("${module}", "${name}", "${value}")`),
  ),
  'request_route { exit; }',
  '',
].join('\n')

let bench: Bench

/** Any name is a function of it. */
const engine: KemiEngine = { name: 'any', has: () => true, call: () => 1, mayWait: () => false }

function call(msg: SipMessage, name: string, args: (string | number)[]): KemiValue {
  const dot = name.indexOf('.')
  const found = bench.core.kemi.find(name.slice(0, Math.max(0, dot)), name.slice(dot + 1))
  if (found === null) throw new Error(`no KSR.${name}`)
  const result = found.call(msg, args)
  if (result instanceof Promise) throw new Error(`KSR.${name} waits`)
  return result
}

/** A structure shows its address in memory in Kamailio, its name here. */
const seen = (value: unknown): Seen =>
  typeof value === 'string' ? value.replace(/^<<xavp:.*>>$/, '<<xavp>>') : (value as Seen)

/** Functions that give nothing give Lua false. */
function expected(one: Case): Seen[] {
  const { kemi } = bench.core
  return one.values!.map((value, i) => {
    const [name] = one.calls[i]!
    const given = one.ours?.values?.[i] ?? value
    return kemi.find('', name)?.returns === 'none' ? null : seen(given)
  })
}

function play(one: Case, number: number): Pick<Case, 'values' | 'out' | 'answers'> {
  const values: Seen[] = []
  const block: RouteBlock = {
    kind: 'request',
    name: '',
    run: msg => {
      for (const [name, ...args] of one.calls) values.push(seen(call(msg, name, args)))
      if (one.reply === true) call(msg, 'set_drop', [])
      if (one.forwarded === true) call(msg, 'forward_uri', [`sip:127.0.0.1:${PEER_PORT}`])
      return 1
    },
  }
  bench.core.routes.request = block
  bench.core.routes.reply = block
  bench.sent.length = 0
  const source = sourceOf(one, number)
  bench.receive(source)
  const texts = bench.sent.map(({ text }) => text)
  return { values, ...wentOut(texts, one, source) }
}

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  if (name === 'exports.json') continue
  const facts = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    beforeAll(async () => {
      vi.stubEnv('KEMI_ENV', ENVIRONMENT)
      bench = await Bench.start(CONFIG)
      bench.core.kemi.register(engine)
      bench.core.kemi.choose(engine.name)
    })
    afterAll(() => void vi.unstubAllEnvs())

    test.for(facts.cases.map((one, number) => ({ ...one, number })))('$name', one => {
      const { out, answers } = { ...one, ...one.ours }
      const wanted = {
        values: expected(one),
        ...(out !== undefined && { out }),
        ...(answers !== undefined && answers.length > 0 && { answers }),
      }
      expect(play(one, one.number)).toEqual(wanted)
    })
  })
}
