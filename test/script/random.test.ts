// Random expressions are worth here what they are worth to the real Kamailio, and those that it
// refuses are refused. test/compat/random says how they were made and recorded.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import pv from '../../server/modules/pv/pv.module.ts'
import textops from '../../server/modules/textops/textops.module.ts'
import { compile, load } from '../../server/script/index.ts'
import { MODULES, request } from '../compat/script/cases.ts'
import { ROUTES, SETUP } from '../compat/random/generator.ts'
import { Bench } from '../kit/bench.ts'
import { PEER_PORT } from '../kit/bench-ports.ts'

const { facts } = JSON.parse(readFileSync('test/compat/random/values.json', 'utf8')) as {
  facts: [expression: string, answer: string][]
}
const taken = facts.filter(([, answer]) => answer !== 'refused')
const refused = facts.filter(([, answer]) => answer === 'refused').map(([text]) => text)

const LOADED = MODULES.map(name => `loadmodule "${name}.so"\n`).join('')
const LINES_A_ROUTE = 100

/** One route for every hundred of them: functions of reasonable size. */
function configOf(expressions: readonly string[]): string {
  const statements = expressions.map(
    (text, i) => `$var(r${i}) = "?"; $var(r${i}) = ${text}; $var(t${i}) = $var(r${i}) + 1;`,
  )
  const routes: string[] = []
  for (let at = 0; at < statements.length; at += LINES_A_ROUTE)
    routes.push(
      `route[P${at}] {\n${statements.slice(at, at + LINES_A_ROUTE).join('\n')}\nreturn 1; }`,
    )
  const calls = routes.map((_, i) => `route(P${i * LINES_A_ROUTE});`).join('\n')
  const main = `request_route {\n${SETUP}\n${calls}\n}\n`
  return `#!KAMAILIO\n${LOADED}${main}${routes.join('\n')}\n${ROUTES}`
}

describe('expressions that Kamailio evaluates', () => {
  let bench: Bench

  beforeAll(async () => {
    bench = await Bench.start(configOf(taken.map(([text]) => text)))
    bench.receive(request(PEER_PORT))
  })

  it(`have its values, ${taken.length} of them`, () => {
    const { vars } = bench.core
    const value = (name: string): string => String(vars.values[vars.slot(name)])
    const ours = taken.map(([text], i) => [text, `<${value(`r${i}`)}> <${value(`t${i}`)}>`])
    expect(ours).toEqual(taken)
  })
})

describe('expressions that Kamailio refuses', () => {
  const registry = new Registry()
  for (const surface of [coreSurface, pv, textops]) registry.add(surface)

  const isTaken = (text: string): boolean => {
    const config = `#!KAMAILIO\nrequest_route { $var(r) = ${text}; }\n${ROUTES}`
    return !compile(load('test.cfg', { read: () => config }), registry).failed
  }

  it(`are refused, ${refused.length} of them`, () => {
    expect(refused.filter(isTaken)).toEqual([])
  })
})
