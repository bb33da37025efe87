/** Who lives in the demo fleet, where, and with which manners; and what they do to one another. */
import type { Manners, Phone } from './phone.ts'

export const DOMAIN = 'demo.example'

export interface Subscriber {
  readonly user: string
  /** Index of the node at which it is registered. */
  readonly home: number
  readonly onCall: Manners['onCall']
}

/** Three at each node, and of each kind that makes calls fail one. */
export const subscribers: readonly Subscriber[] = [
  { user: 'alice', home: 0, onCall: 'answers' },
  { user: 'bob', home: 1, onCall: 'answers' },
  { user: 'carol', home: 2, onCall: 'answers' },
  { user: 'dave', home: 0, onCall: 'answers' },
  { user: 'erin', home: 1, onCall: 'answers' },
  { user: 'frank', home: 2, onCall: 'answers' },
  { user: 'grace', home: 0, onCall: 'is busy' },
  { user: 'heidi', home: 1, onCall: 'does not answer' },
  { user: 'ivan', home: 2, onCall: 'declines' },
]

/** Called now and then, registered nowhere. */
const NOBODY = 'mallory'
const CALLERS = 6

const between = (least: number, most: number, random: () => number): number =>
  Math.round(least + random() * (most - least))

/** How a subscriber takes calls. Callers hang up mostly; now and then the other one is faster. */
export function mannersOf({ onCall }: Subscriber, random: () => number): Manners {
  return {
    onCall,
    ringMs: () => between(400, 2500, random),
    talkMs: () => between(2000, 7000, random),
  }
}

/**
 * One act: somebody who is free calls somebody else; half a dozen kinds of failure are among it.
 */
export function act(phones: ReadonlyMap<string, Phone>, random: () => number): void {
  const free = subscribers.slice(0, CALLERS).filter(({ user }) => !phones.get(user)!.isBusy)
  const caller = free[Math.floor(random() * free.length)]
  if (caller === undefined) return
  const called = pick(caller.user, phones, random)
  const phone = phones.get(caller.user)!
  // One call in ten is given up while it rings; nobody waits for ever.
  const patience = random() < 0.1 ? between(500, 1500, random) : 9000
  let over = false
  const callId = phone.call(called, progress => {
    if (progress === 'talking' || typeof progress === 'number') over = true
    if (progress === 'ringing')
      setTimeout(() => {
        if (!over) phone.cancel(callId)
      }, patience).unref()
  })
}

/** Mostly somebody who is free: two out of three calls shall be answered. */
function pick(caller: string, phones: ReadonlyMap<string, Phone>, random: () => number): string {
  const chance = random()
  if (chance < 0.08) return NOBODY
  const others = subscribers.map(({ user }) => user).filter(user => user !== caller)
  const free = others.filter(user => !phones.get(user)!.isBusy)
  const among = chance < 0.9 && free.length > 0 ? free : others
  return among[Math.floor(random() * among.length)]!
}
