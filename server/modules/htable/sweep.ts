/**
 * Takes away what is over, a part at a time: a large table must not hold up messages. The event
 * route of a table runs for each item before it goes.
 */
import type { Core } from '../../core/core.ts'
import { Timer } from '../../lib/wheel.ts'
import type { HashTable, Item } from './table.ts'

/** Items that are looked at before messages get their turn. */
const PART = 5000
const PAUSE_MS = 10

export class Sweeper {
  private readonly core: Core
  private readonly onExpired: (table: HashTable, item: Item) => void
  private readonly rest: Timer
  private queue: HashTable[] = []
  private items: Iterator<Item> | null = null
  /** The earliest end among those that stay. */
  private earliest = Number.POSITIVE_INFINITY

  constructor(core: Core, onExpired: (table: HashTable, item: Item) => void) {
    this.core = core
    this.onExpired = onExpired
    this.rest = new Timer(() => this.go())
  }

  /** Looks through the tables that may hold something that is over. */
  sweep(tables: readonly HashTable[]): void {
    // The round before is still at it.
    if (this.queue.length > 0) return
    const now = this.seconds()
    this.queue = tables.filter(table => table.nextExpire < now)
    this.go()
  }

  stop(): void {
    this.core.timers.disarm(this.rest)
    this.queue = []
    this.items = null
  }

  private seconds(): number {
    return Math.floor(this.core.clock.now() / 1000)
  }

  private go(): void {
    let left = PART
    while (left > 0 && this.queue.length > 0) left = this.part(this.queue[0]!, left)
    if (this.queue.length > 0) this.core.timers.arm(this.rest, PAUSE_MS)
  }

  /** Goes on in a table; gives how many items may still be looked at. */
  private part(table: HashTable, most: number): number {
    if (this.items === null) {
      this.items = table.items.values()
      this.earliest = Number.POSITIVE_INFINITY
      // What is set from now on counts by itself.
      table.nextExpire = Number.POSITIVE_INFINITY
    }
    const now = this.seconds()
    for (let left = most; left > 0; left--) {
      const next = this.items.next()
      if (next.done === true) {
        table.nextExpire = Math.min(table.nextExpire, this.earliest)
        this.items = null
        this.queue.shift()
        return left
      }
      this.look(table, next.value, now)
    }
    return 0
  }

  private look(table: HashTable, item: Item, now: number): void {
    if (item.expire === 0) return
    if (item.expire >= now) {
      this.earliest = Math.min(this.earliest, item.expire)
      return
    }
    this.onExpired(table, item)
    // The event route may have given it more time.
    if (item.expire !== 0 && item.expire < now) table.remove(item.name)
  }
}
