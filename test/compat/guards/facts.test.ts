// What guards and spreads traffic does so as the real Kamailio did it when it was recorded.
import { describe, expect, test } from 'vitest'
import { playOurs } from './ours.ts'
import { readFacts, type Step } from './story.ts'

const MODULES = [
  'dispatcher',
  'pike',
  'permissions',
  'domain',
  'userblocklist',
  'ratelimit',
  'pipelimit',
  'secfilter',
]

/** A step with what came of it, short enough to be read in a complaint. */
const shown = ({ script, rpc, marks, told }: Step, number: number): object => ({
  number,
  step: script ?? rpc,
  came: marks ?? told,
})

describe.each(MODULES)('%s', module => {
  test.each(readFacts(module).stories)('$name', async story => {
    const ours = await playOurs(story)
    const came = ours.map(({ marks, told }, i) => ({ ...story.steps[i]!, marks, told }))
    expect(came.map(shown)).toEqual(story.steps.map(shown))
  })
})
