/** What the handlers of the core's commands work on. */
import type { Core } from '../core.ts'
import type { NodeFacts } from './facts.ts'
import type { LoopDelay } from './loop-delay.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface CommandEnvironment {
  readonly core: Core
  readonly facts: NodeFacts
  readonly subscriptions: Subscriptions
  readonly loopDelay: LoopDelay
}

/** As C's ctime prints it, without the line end: `Sat Nov 21 07:03:49 2026`, local time. */
export function ctime(milliseconds: number): string {
  const [day, month, date, year, time] = new Date(milliseconds).toString().split(' ')
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`
}
