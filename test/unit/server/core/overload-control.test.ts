// A queue in a box: calls come at a rate, each is much work once and little work many times after
// that, and refusing one is cheap. How many end well in a second tells whether the control is good.
import { describe, expect, it } from 'vitest'
import { OverloadControl } from '../../../../server/core/overload-control.ts'
import { SeededRandom } from '../../../../server/lib/random.ts'

const INVITE_MS = 3.4
const LATER_MS = 0.05
const LATER_MESSAGES = 12
const REFUSAL_MS = 0.018
/** Calls a second that a node can take which does nothing else. */
const CAPACITY = 1000 / (INVITE_MS + LATER_MESSAGES * LATER_MS)
/** What the kernel keeps; more is lost and comes again. */
const QUEUE = 5000

type Message = 'invite' | 'later' | 'last'

/** Calls ended and refused in each second. */
function run(rate: number, seconds: number): { ended: number[]; refused: number[] } {
  const control = new OverloadControl()
  const random = new SeededRandom(7)
  const queue: Message[] = []
  const later: { at: number; what: Message }[][] = []
  const ended = Array<number>(seconds).fill(0)
  const refused = Array<number>(seconds).fill(0)
  let [due, debt, idle] = [0, 0, 0]
  const at = (ms: number, what: Message): void => {
    ;(later[ms] ??= []).push({ at: ms, what })
  }
  const arrive = (now: number, what: Message): void => {
    if (queue.length < QUEUE) queue.push(what)
    else at(now + 500, what)
  }
  const work = (now: number, what: Message): number => {
    const second = Math.floor(now / 1000)
    if (what === 'last') ended[second]!++
    if (what !== 'invite') return LATER_MS
    if (random.uint32() / 2 ** 32 >= control.taken) {
      refused[second]!++
      return REFUSAL_MS
    }
    for (let i = 1; i < LATER_MESSAGES; i++) at(now + i * 5, 'later')
    at(now + LATER_MESSAGES * 5, 'last')
    return INVITE_MS
  }
  for (let now = 0; now < seconds * 1000; now++) {
    for (due += rate / 1000; due >= 1; due--) arrive(now, 'invite')
    for (const { what } of later[now] ?? []) arrive(now, what)
    debt -= 1
    while (debt < 0 && queue.length > 0) debt += work(now, queue.shift()!)
    if (debt < 0) {
      idle -= debt
      debt = 0
    }
    if (now % 100 === 99) {
      control.look(1 - idle / 100, 0.98)
      idle = 0
    }
  }
  return { ended, refused }
}

const mean = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
/** The control may take this long to find its share. */
const settled = (values: number[]): number => mean(values.slice(4))

describe('the control of overload', () => {
  it('refuses nothing below what a node can take', () => {
    const { ended, refused } = run(CAPACITY * 0.9, 12)
    expect(Math.max(...refused)).toBe(0)
    expect(settled(ended)).toBeCloseTo(CAPACITY * 0.9, -1)
  })

  it.each([1.2, 2, 5])('ends at least 0.9 of the best at %d times the load', times => {
    const { ended, refused } = run(CAPACITY * times, 24)
    expect(settled(ended)).toBeGreaterThan(CAPACITY * 0.9)
    expect(settled(refused)).toBeGreaterThan(CAPACITY * (times - 1.1))
  })

  it('waits ten looks before it believes', () => {
    const control = new OverloadControl()
    const nine = Array<number>(9).fill(1)
    for (const busy of [...nine, 0.5, ...nine, 0.97]) control.look(busy, 0.98)
    expect(control.taken).toBe(1)
    for (const busy of [...nine, 1]) control.look(busy, 0.98)
    expect(control.taken).toBeLessThan(1)
  })

  it('takes everything again soon after the load has gone', () => {
    const control = new OverloadControl()
    for (let i = 0; i < 30; i++) control.look(1, 0.98)
    expect(control.taken).toBe(0.02)
    let looks = 0
    for (; control.taken < 1; looks++) control.look(0.3, 0.98)
    expect(looks).toBeLessThan(40)
  })
})
