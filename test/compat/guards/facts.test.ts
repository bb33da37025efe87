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

/** Behind Kamailio's words about a reload that failed ours has what is wrong, and in which row. */
function withoutReason(told: unknown, theirs: unknown): unknown {
  const [mine, words] = [told, theirs].map(one => (one as { message?: string } | null)?.message)
  const isLonger = mine !== undefined && words !== undefined && mine.startsWith(words)
  return isLonger && /reload/i.test(words) ? { ...(told as object), message: words } : told
}

describe.each(MODULES)('%s', module => {
  test.each(readFacts(module).stories)('$name', async story => {
    const ours = await playOurs(story)
    const came = ours.map(({ marks, told }, i) => {
      const step = story.steps[i]!
      return { ...step, marks, told: withoutReason(told, step.told) }
    })
    expect(came.map(shown)).toEqual(story.steps.map(shown))
  })
})
