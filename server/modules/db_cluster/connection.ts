/** One database of a cluster, and whether it may be used now. */
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../../core/db/api.ts'

export class ClusterConnection {
  readonly id: string
  readonly url: string
  /** Clusters in use that have it. */
  references = 0
  /** When it may be used again, on the monotonic clock. */
  private until = -Infinity
  /** An operator has disabled it: it is not used for want of others either. */
  private byHand = false
  private readonly clock: Clock
  private readonly opener: () => Database
  private opened: Database | null = null

  constructor(id: string, url: string, clock: Clock, opener: () => Database) {
    this.id = id
    this.url = url
    this.clock = clock
    this.opener = opener
  }

  get database(): Database {
    this.opened ??= this.opener()
    return this.opened
  }

  get active(): boolean {
    return this.clock.monotonic() >= this.until
  }

  get disabledByHand(): boolean {
    return this.byHand && !this.active
  }

  get disabledUntil(): number {
    return Math.max(0, this.until)
  }

  disable(seconds: number, byHand: boolean): void {
    this.until = this.clock.monotonic() + seconds * 1000
    this.byHand = byHand
  }

  enable(): void {
    this.until = -Infinity
  }
}
