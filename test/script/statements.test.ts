// What statements do in the real Kamailio they do in our compiled script, too: values of routes,
// $rc, exits, loops, switches.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { check, ConfigError } from '../../server/boot/check.ts'
import { readOptions } from '../../server/boot/options.ts'
import { prepare, request, routes } from '../compat/statements/questions.ts'
import { World, type WorldNode } from '../kit/world.ts'

interface Fact {
  body: string
  /** $rc, $var(q) and $var(i); 'ended' when the script was; 'refused' when the config is. */
  result: string
}

const { facts } = JSON.parse(
  readFileSync(new URL('../compat/statements/statements.json', import.meta.url), 'utf8'),
) as { facts: Fact[] }

/** What Kamailio refuses and we take: a number in quotes for a number. */
const TAKEN = ['strip("1");']

const PORT = 25_460
const NODE = `127.0.0.1:${PORT}`
const PEER = '127.0.0.1:25461'
const modules = ['kex', 'sl', 'pv', 'textops', 'siputils', 'xlog']

function configOf(tests: readonly string[]): string {
  const text = `#!KAMAILIO
${modules.map(m => `loadmodule "${m}.so"`).join('\n')}
request_route {
  ${prepare}
  $var(n) = "T" + $hdr(X-Test);
  route($var(n));
  $var(result) = "" + $rc + " " + $var(q) + " " + $var(i);
}
${routes}
${tests.map((body, i) => (body === '' ? '' : `route[T${i}] { ${body} }`)).join('\n')}
`
  const file = join(mkdtempSync(join(tmpdir(), 'statements.')), 'test.cfg')
  writeFileSync(file, text)
  return file
}

describe('statements do what they do in Kamailio', () => {
  const world = new World(1)
  let node: WorldNode

  beforeAll(async () => {
    const tests = facts.map(({ body, result }) => (result === 'refused' ? '' : body))
    node = await world.node(NODE, configOf(tests))
  })

  const running = facts.map((fact, i) => [fact.body, fact.result, i] as const)
  it.each(running.filter(([, result]) => result !== 'refused'))('%s: %s', (_body, result, i) => {
    const { vars } = node.core
    vars.values[vars.slot('result')] = 'ended'
    world.send(request(25_461, i), PEER, NODE)
    world.run(1)
    expect(vars.values[vars.slot('result')]).toBe(result)
  })

  it.each(facts.filter(({ body, result }) => result === 'refused' && !TAKEN.includes(body)))(
    '$body is refused',
    async ({ body }) => {
      const line = readOptions(['-f', configOf([body]), '-c'])
      await expect(check(line)).rejects.toThrow(ConfigError)
    },
  )
})
