/**
 * The circuit breaker of one database: after some failures in a row nothing is sent to it any more,
 * and only an attempt now and then finds out whether it is back.
 */
import type { Log } from '../log.ts'

/** Numbers that an operator may change while the node runs. */
export interface BreakerSettings {
  readonly db_failures: number
  readonly db_retry_interval: number
}

export class Breaker {
  private readonly settings: BreakerSettings
  private readonly log: Log
  private readonly name: string
  /** Resolves when the database can be reached. */
  private readonly probe: () => Promise<void>
  private readonly listeners: ((available: boolean) => void)[] = []
  private failures = 0
  private timer: NodeJS.Timeout | null = null
  private closed = false
  /** False while nothing is sent. */
  available = true
  /** Why it is not available, '' while it is. */
  reason = ''
  /** How often it was opened. */
  opened = 0

  constructor(settings: BreakerSettings, log: Log, name: string, probe: () => Promise<void>) {
    this.settings = settings
    this.log = log
    this.name = name
    this.probe = probe
  }

  /** The database answered, even if it was to say no. */
  succeeded(): void {
    this.failures = 0
  }

  failed(reason: string): void {
    this.failures++
    if (this.available && this.failures >= this.settings.db_failures) this.open(reason)
  }

  onChange(listener: (available: boolean) => void): void {
    this.listeners.push(listener)
  }

  /** No more attempts. */
  close(): void {
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private open(reason: string): void {
    this.available = false
    this.reason = reason
    this.opened++
    this.log.error('<core>', `database ${this.name} is away: ${reason}`)
    this.tell()
    this.tryLater()
  }

  private tryLater(): void {
    if (this.closed) return
    this.timer = setTimeout(() => void this.tryNow(), this.settings.db_retry_interval)
    // A node that ends does not wait for a database.
    this.timer.unref()
  }

  private async tryNow(): Promise<void> {
    try {
      await this.probe()
    } catch (error) {
      this.reason = (error as Error).message
      this.tryLater()
      return
    }
    if (this.closed) return
    this.failures = 0
    this.available = true
    this.reason = ''
    this.log.warn('<core>', `database ${this.name} is back`)
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.available)
  }
}
