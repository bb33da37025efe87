// What the real Kamailio did with a config and some packets, done again by ours.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { holdPort } from '../../kit/ports.ts'
import { type Case, type Fact, type Facts, factsPath, type Outcome, SERVER } from './case.ts'
import { topics } from './cases/index.ts'
import { playOurs } from './ours.ts'

const factsOf = (topic: string): readonly Fact[] =>
  (JSON.parse(readFileSync(factsPath(topic), 'utf8')) as Facts).facts

function wanted({ refused, outcomes, ours }: Fact): readonly Outcome[] | 'refused' {
  if (ours === 'refused' || (ours === undefined && refused !== undefined)) return 'refused'
  return ours === undefined || ours === 'accepted' ? outcomes : ours
}

// Another run of the tests has the same ports.
beforeAll(() => holdPort(SERVER - 1), 600_000)

describe.for(Object.entries(topics))('%s', ([topic, cases]) => {
  const facts = factsOf(topic)

  test.for(cases.map(one => [one.name, one] as const))('%s', async ([name, one]) => {
    const fact = facts.find(known => known.name === name)
    if (fact === undefined)
      throw new Error(`not recorded: node test/compat/core/record.ts ${topic}`)
    const want = wanted(fact)
    const found = await playOurs(one as Case, typeof want === 'string' ? [] : want)
    // A complaint is worth reading when the config should have been taken.
    if (typeof found === 'string') expect(want === 'refused' ? want : found).toBe(want)
    else expect(found).toEqual(want)
  })

  test('differs for a reason, where it differs', () => {
    const differing = facts.filter(({ ours }) => ours !== undefined)
    expect(differing.filter(({ why }) => !why)).toEqual([])
  })
})
