/**
 * The statements that are under way to one database. All have the same time, so that the oldest is
 * always the first in the set and one timer does for all.
 */
import type { Clock } from '../../lib/clock.ts'
import { DbError } from './api.ts'

/** What bounds a statement. */
export interface FlightLimits {
  /** Milliseconds. */
  readonly deadline: number
  readonly clock: Clock
}

interface Flight {
  /** Monotonic milliseconds at which it was begun. */
  readonly since: number
  readonly expire: () => void
}

/** Milliseconds between two looks at the oldest. */
const LOOK_EVERY = 50

export class Flights {
  private readonly limits: FlightLimits
  private readonly under = new Set<Flight>()
  private timer: NodeJS.Timeout | null = null

  constructor(limits: FlightLimits) {
    this.limits = limits
  }

  get count(): number {
    return this.under.size
  }

  /** Runs it, and rejects with `deadline` when that takes too long. */
  run<T>(begin: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const running = begin()
      const landed = this.begin(reject)
      running.then(
        value => {
          landed()
          resolve(value)
        },
        (error: unknown) => {
          landed()
          reject(error as Error)
        },
      )
    })
  }

  /**
   * Something is under way from now on: `late` is called when it takes too long. At its end the
   * result is called, which says whether that was in time.
   */
  begin(late: (error: DbError) => void): () => boolean {
    const flight: Flight = {
      since: this.limits.clock.monotonic(),
      expire: () => late(new DbError('deadline', `no answer within ${this.limits.deadline} ms`)),
    }
    this.under.add(flight)
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY)
    return () => this.under.delete(flight)
  }

  private look(): void {
    const before = this.limits.clock.monotonic() - this.limits.deadline
    for (const flight of this.under) {
      if (flight.since > before) break
      this.under.delete(flight)
      flight.expire()
    }
    if (this.under.size > 0 || this.timer === null) return
    clearInterval(this.timer)
    this.timer = null
  }
}
