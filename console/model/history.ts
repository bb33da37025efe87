/** Rates out of totals: what happened between two snapshots of a node, for the last minutes. */
import type { TopicData } from '../../rpc/contract/index.ts'

export type Snapshot = TopicData<'stats'>

export const replyClasses = ['1xx', '2xx', '3xx', '4xx', '5xx', '6xx'] as const
export type ReplyClass = (typeof replyClasses)[number]

/** Per second, except where the name says otherwise. */
export interface Rates {
  readonly at: number
  readonly requests: number
  readonly calls: number
  readonly answered: number
  readonly failed: number
  readonly registers: number
  readonly replies: Readonly<Record<ReplyClass, number>>
  readonly cpuPercent: number
  /** Not a rate: how many there are. */
  readonly users: number
}

/** Five minutes, at one snapshot a second. */
const KEPT = 300
/**
 * Seconds over which a rate is taken: a call every other second is a steady half, not a flicker.
 */
const SMOOTH = 5

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length

export class History {
  private last: Snapshot | null = null
  private readonly kept: Rates[] = []

  get latest(): Snapshot | null {
    return this.last
  }

  /** What is going on now, over the last seconds; null before the second snapshot. */
  now(value: (rates: Rates) => number): number | null {
    const recent = this.kept.slice(-SMOOTH)
    return recent.length === 0 ? null : mean(recent.map(value))
  }

  /** The newest `count` values, oldest first, each smoothed over the seconds before it. */
  series(value: (rates: Rates) => number, count: number): number[] {
    const values = this.kept.slice(-count - SMOOTH).map(value)
    const smooth = values.map((_, index) =>
      mean(values.slice(Math.max(0, index - SMOOTH + 1), index + 1)),
    )
    return smooth.slice(-count)
  }

  add(snapshot: Snapshot): void {
    const before = this.last
    this.last = snapshot
    // A node that was started anew counts from zero: nothing can be said about the time in between.
    const isNew = before === null || snapshot.uptime < before.uptime
    if (isNew || snapshot.now <= before.now) return
    this.kept.push(ratesBetween(before, snapshot))
    if (this.kept.length > KEPT) this.kept.shift()
  }
}

function ratesBetween(before: Snapshot, now: Snapshot): Rates {
  const seconds = (now.now - before.now) / 1000
  const rate = (later: number, earlier: number): number => Math.max(0, later - earlier) / seconds
  const cpu = ({ cpu: { user_us, system_us } }: Snapshot): number => user_us + system_us
  const replies = replyClasses.map(name => {
    const sent = rate(now.sent[name], before.sent[name])
    return [name, sent] as const
  })
  return {
    at: now.now,
    requests: rate(now.requests.received, before.requests.received),
    calls: rate(now.calls.attempted, before.calls.attempted),
    answered: rate(now.calls.answered, before.calls.answered),
    failed: rate(now.calls.failed, before.calls.failed),
    registers: rate(now.requests.register, before.requests.register),
    replies: Object.fromEntries(replies) as Record<ReplyClass, number>,
    cpuPercent: rate(cpu(now), cpu(before)) / 1e4,
    users: now.registrations.users,
  }
}
