// What the real Kamailio says of each expression and condition, our compiled script says too.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { check, ConfigError } from '../../server/boot/check.ts'
import { readOptions } from '../../server/boot/options.ts'
import { message, setup } from '../compat/script/questions.ts'
import { World } from '../kit/world.ts'

interface Fact {
  kind: 'value' | 'condition'
  expression: string
  /** null: `kamailio -c` refuses it. */
  result: string | null
}

const { facts } = JSON.parse(
  readFileSync(new URL('../compat/script/expressions.json', import.meta.url), 'utf8'),
) as { facts: Fact[] }
const PORT = 25_460

const modules = ['sl', 'pv', 'textops', 'siputils']
const statement = ({ kind, expression }: Fact, i: number): string =>
  kind === 'value'
    ? `$var(r${i}) = ${expression};`
    : `if (${expression}) { $var(r${i}) = 1; } else { $var(r${i}) = 0; }`

function configOf(statements: string[]): string {
  const text = `${modules.map(m => `loadmodule "${m}.so"`).join('\n')}
request_route {
${setup}
${statements.join('\n')}
  exit;
}
route[MINUS] { return -5; }
route[PLUS] { return 7; }
route[PLAIN] { return; }
`
  const file = join(mkdtempSync(join(tmpdir(), 'expressions.')), 'test.cfg')
  writeFileSync(file, text)
  return file
}

describe('expressions mean what they mean to Kamailio', () => {
  const results: string[] = []

  beforeAll(async () => {
    const world = new World(1)
    const statements = facts.map((fact, i) => (fact.result === null ? '' : statement(fact, i)))
    const node = await world.node(`127.0.0.1:${PORT}`, configOf(statements))
    world.send(message(PORT), '127.0.0.1:25461', `127.0.0.1:${PORT}`)
    world.run(50)
    expect(node.mistakes).toEqual([])
    facts.forEach((_, i) => {
      results[i] = String(node.core.vars.values[node.core.vars.slot(`r${i}`)])
    })
  })

  it.each(
    facts
      .map((fact, i) => [fact.expression, fact.result, i] as const)
      .filter(([, result]) => result !== null),
  )('%s is %s', (_expression, result, i) => {
    expect(results[i]).toBe(result)
  })

  it.each(facts.filter(fact => fact.result === null).map(fact => [fact.expression, fact] as const))(
    '%s is refused by the check',
    async (_expression, fact) => {
      const line = readOptions(['-f', configOf([statement(fact, 0)]), '-c'])
      await expect(check(line)).rejects.toThrow(ConfigError)
    },
  )
})
