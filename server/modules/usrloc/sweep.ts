/**
 * Dropping what has expired. A run goes over all records of all tables in slices, one slice a timer
 * tick, so that a million contacts never hold up the loop.
 */
import { TICK_MS, Timer } from '../../lib/wheel.ts'
import { isLost } from './api.ts'
import { DB_ONLY } from './modes.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

/** Records looked at in one slice: a fraction of a millisecond. */
const SLICE = 16_384
/** Contacts dropped in one slice: each may run an event route. */
const DROPS = 256

export class Sweeper {
  private readonly owner: Usrloc
  private readonly timer: Timer
  /** Tables that the current run still has to do, the first one from `record` on. */
  private remaining: Table[] = []
  private record = 1

  constructor(owner: Usrloc) {
    this.owner = owner
    this.timer = new Timer(() => this.slice())
  }

  /** Starts a run; one that is still going on is left alone. */
  begin(): void {
    if (this.remaining.length > 0) return
    this.remaining = this.owner.tables()
    this.record = 1
    this.slice()
  }

  stop(): void {
    this.remaining = []
    this.owner.core.timers.disarm(this.timer)
  }

  /** handle_lost_tcp: a contact ends with the connection by which it came. */
  private isGone(table: Table, record: number): boolean {
    const { config, core } = this.owner
    return config.handle_lost_tcp !== 0 && isLost(core, table.store.connectionOf(record))
  }

  private slice(): void {
    const { owner } = this
    const now = owner.now()
    let looked = 0
    let dropped = 0
    while (this.remaining.length > 0 && looked < SLICE && dropped < DROPS) {
      const table = this.remaining[0]!
      if (this.record > table.store.lastRecord) {
        this.remaining.shift()
        this.record = 1
        continue
      }
      const record = this.record++
      looked++
      const expires = table.store.expiryOf(record)
      if ((expires !== 0 && expires <= now) || this.isGone(table, record)) {
        table.expire(record)
        dropped++
      } else if (owner.keepalive !== null && table.store.isUsed(record)) {
        if (owner.keepalive.visit(table, record, now)) dropped++
      }
    }
    if (this.remaining.length > 0) owner.core.timers.arm(this.timer, TICK_MS)
    else if (owner.database !== null) void owner.flush()
  }
}

export function sweep(self: Usrloc): void {
  const { config, rowSweeper } = self
  if (config.db_mode !== DB_ONLY) self.sweeper.begin()
  const cleans = config.db_mode === DB_ONLY || config.db_timer_clean !== 0
  if (rowSweeper !== null && cleans) void rowSweeper.run()
}
