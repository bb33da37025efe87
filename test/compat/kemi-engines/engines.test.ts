// What scripts see in our engines is what they see in the real Kamailio's.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import {
  ENGINES,
  type Fact,
  type Facts,
  type Language,
  messageFor,
  MODULES,
  questionsFor,
  routesFor,
  writeScript,
} from './questions.ts'

/** Where ours differs on purpose: why, and what it shows. */
const OURS: Readonly<Record<string, { why: string; seen: readonly string[] }>> = {
  'show(KSR.tm.t_on_failure("later"))': {
    why: 'without cfgengine a route of the config is meant, and there is none',
    seen: ['number -1', 'rc 1'],
  },
}

const factsOf = (language: Language): readonly Fact[] => {
  const path = join(import.meta.dirname, `${language}.json`)
  return (JSON.parse(readFileSync(path, 'utf8')) as Facts).facts
}

describe.for(['js', 'lua'] as const)('a script in %s', language => {
  let bench: Bench

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engines-'))
    const { module } = ENGINES[language]
    const modules = [...MODULES, module].map(name => `loadmodule "${name}.so"\n`).join('')
    const load = `modparam("${module}", "load", "${writeScript(language, folder)}")\n`
    bench = await Bench.start(`debug=-1\n${modules}${load}${routesFor(language)}`)
    rmSync(folder, { recursive: true })
  })

  test('is asked what was recorded', () => {
    expect(factsOf(language).map(({ question }) => question)).toEqual(questionsFor(language))
  })

  test.for(factsOf(language).map((fact, number) => [fact.question, fact, number] as const))(
    '%s',
    ([question, fact, number]) => {
      const lines = bench.logged(messageFor(number))
      const seen = lines
        .filter(line => line.includes('@@'))
        .map(line => line.slice(line.indexOf('@@') + 2).replace(/\n$/, ''))
      expect(seen, lines.join('\n')).toEqual(OURS[question]?.seen ?? fact.seen)
    },
  )
})
