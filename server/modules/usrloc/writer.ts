/**
 * Brings the rows of a table after the contacts in memory, in batches inside of transactions: all
 * changes of write-back, and of write-through what no request waits for (contacts that ran out) or
 * what a request could not make sure of.
 */
import { DbError } from '../../core/db/api.ts'
import { Timer } from '../../lib/wheel.ts'
import type { Contact } from './api.ts'
import type { LocationDatabase } from './database.ts'
import { WRITE_THROUGH } from './modes.ts'
import { DIRTY, NEW, SYNC, UNSURE, WRITING } from './states.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

/** Rows of one transaction. */
const BATCH = 500
/** Write-through writes what is left over soon: several at once, but not much later. */
const SOON_MS = 100
/** After a failure. */
const AGAIN_MS = 5000
/** So many rows that have to go are not kept until the timer comes. */
const MOST_REMOVALS = 10 * BATCH

/** A row that has to go. */
interface Removed {
  readonly aor: string
  readonly ruid: string
  /** What else the row is found by (db_ops_ruid 0). */
  readonly contact: Contact | null
}

interface Write {
  readonly record: number
  readonly contact: Contact
  /** How it was before. */
  readonly state: number
}

export class Writer {
  private readonly owner: Usrloc
  private readonly table: Table
  private readonly database: LocationDatabase
  private readonly through: boolean
  private readonly timer: Timer
  /** Records that differ from their rows; some may be right again or gone. */
  private changed: number[] = []
  /** Those that the present flush is about, done up to `done`. */
  private remaining: number[] = []
  private done = 0
  /** A row of the present flush was refused. */
  private refused = false
  private removals: Removed[] = []
  private flushing: Promise<boolean> | null = null

  constructor(owner: Usrloc, table: Table, database: LocationDatabase) {
    this.owner = owner
    this.table = table
    this.database = database
    this.through = owner.config.db_mode === WRITE_THROUGH
    this.timer = new Timer(() => void this.flush())
  }

  // ---- what happened

  inserted(record: number): void {
    this.table.store.setState(record, NEW)
    this.note(record)
  }

  updated(record: number): void {
    const { store } = this.table
    const state = store.stateOf(record)
    // The others are noted already.
    if (state !== SYNC && state !== WRITING) return
    store.setState(record, DIRTY)
    this.note(record)
  }

  removed(contact: Contact, state: number): void {
    if (state === NEW) return
    const whole = this.owner.config.db_ops_ruid === 0
    this.removals.push({ aor: contact.aor, ruid: contact.ruid, contact: whole ? contact : null })
    this.soon(SOON_MS)
    if (this.removals.length === MOST_REMOVALS) void this.flush()
  }

  /** A row that may be there, of a contact that is not. */
  leftBehind(aor: string, ruid: string): void {
    this.removals.push({ aor, ruid, contact: null })
    this.soon(AGAIN_MS)
  }

  /** The row of a contact in memory may be another one, or gone. */
  unsure({ record }: Contact): void {
    const { store } = this.table
    if (!store.isUsed(record) || store.stateOf(record) === UNSURE) return
    store.setState(record, UNSURE)
    this.note(record)
  }

  /** Unique names of rows of an address of record that have to go; the caller deletes them. */
  takeRemoved(aor: string): string[] {
    if (this.removals.length === 0) return []
    const mine = this.removals.filter(removed => removed.aor === aor)
    if (mine.length > 0) this.removals = this.removals.filter(removed => removed.aor !== aor)
    return mine.map(removed => removed.ruid)
  }

  private note(record: number): void {
    this.changed.push(record)
    this.soon(SOON_MS)
  }

  private soon(milliseconds: number): void {
    if (this.through && !this.timer.armed) this.owner.core.timers.arm(this.timer, milliseconds)
  }

  get waiting(): number {
    return this.changed.length + this.remaining.length - this.done + this.removals.length
  }

  stop(): void {
    this.owner.core.timers.disarm(this.timer)
  }

  // ---- writing

  /** Writes all that there is to write; false when that failed, after a line in the log. */
  flush(): Promise<boolean> {
    this.flushing ??= this.flushAll().finally(() => (this.flushing = null))
    return this.flushing
  }

  private async flushAll(): Promise<boolean> {
    // What changes meanwhile, or is put aside because a request is at it, is for the next time.
    this.remaining = this.changed
    this.done = 0
    this.changed = []
    this.refused = false
    let { length: removals } = this.removals
    let good = true
    while (good && (this.done < this.remaining.length || removals > 0)) {
      good = await this.batch()
      removals -= BATCH
    }
    for (; this.done < this.remaining.length; this.done++)
      this.changed.push(this.remaining[this.done]!)
    this.remaining = []
    this.done = 0
    if (this.waiting > 0) this.soon(good && !this.refused ? SOON_MS : AGAIN_MS)
    return good && !this.refused
  }

  private async batch(): Promise<boolean> {
    const held = new Set<string>()
    try {
      const removals = this.nextRemovals(held)
      const writes = this.nextWrites(held)
      return await this.write(removals, writes)
    } finally {
      for (const aor of held) this.table.sequence.release(aor)
    }
  }

  /** In write-through no request may be at what is written here. */
  private hold(aor: string, held: Set<string>): boolean {
    if (!this.through || held.has(aor)) return true
    if (!this.table.sequence.tryHold(aor)) return false
    held.add(aor)
    return true
  }

  private nextRemovals(held: Set<string>): Removed[] {
    const mine: Removed[] = []
    for (const removed of this.removals.splice(0, BATCH)) {
      if (this.hold(removed.aor, held)) mine.push(removed)
      else this.removals.push(removed)
    }
    return mine
  }

  private nextWrites(held: Set<string>): Write[] {
    const { store } = this.table
    const writes: Write[] = []
    while (writes.length < BATCH && this.done < this.remaining.length) {
      const record = this.remaining[this.done++]!
      if (!store.isUsed(record)) continue
      const state = store.stateOf(record)
      if (state === SYNC || state === WRITING) continue
      const contact = store.read(record)
      if (!this.hold(contact.aor, held)) {
        this.changed.push(record)
        continue
      }
      store.setState(record, WRITING)
      writes.push({ record, contact, state })
    }
    return writes
  }

  private async write(removals: Removed[], writes: Write[]): Promise<boolean> {
    if (removals.length + writes.length === 0) return true
    try {
      await this.send(removals, writes)
    } catch (error) {
      const reason = this.database.reason(error)
      const failure = error instanceof DbError ? error.failure : 'statement'
      const ofOneRow = failure === 'statement' || failure === 'duplicate'
      if (ofOneRow && removals.length + writes.length > 1) return this.oneByOne(removals, writes)
      this.giveBack(removals, writes)
      this.table.complain(
        `writing ${this.waiting} contacts of ${this.table.name} failed: ${reason}`,
      )
      // One bad row does not keep the others from being written.
      this.refused = true
      return ofOneRow
    }
    const { store } = this.table
    for (const { record } of writes)
      if (store.stateOf(record) === WRITING) store.setState(record, SYNC)
    return true
  }

  private async oneByOne(removals: Removed[], writes: Write[]): Promise<boolean> {
    for (const removed of removals) if (!(await this.write([removed], []))) return false
    for (const write of writes) if (!(await this.write([], [write]))) return false
    return true
  }

  private send(removals: Removed[], writes: Write[]): Promise<void> {
    const { database, table } = this
    const rewritten = writes.filter(({ state }) => state === UNSURE).length
    return database.atOnce(removals.length + writes.length + rewritten, async db => {
      // Given all at once they go to the database together; rows do not depend on each other.
      const rows: Promise<void>[] = []
      for (const { ruid, contact } of removals) {
        rows.push(
          contact !== null
            ? database.write(db, 'delete', contact)
            : database.deleteRuid(db, table.name, ruid),
        )
      }
      for (const { contact, state } of writes) {
        if (state === UNSURE) rows.push(database.rewrite(db, contact))
        else rows.push(database.write(db, state === NEW ? 'insert' : 'update', contact))
      }
      await Promise.all(rows)
    })
  }

  /** It was not written, or nobody knows: it will be tried again. */
  private giveBack(removals: Removed[], writes: Write[]): void {
    const { store } = this.table
    this.removals.push(...removals)
    for (const { record, state } of writes) {
      const now = store.stateOf(record)
      if (!store.isUsed(record) || (now !== WRITING && now !== DIRTY)) continue
      store.setState(record, state === DIRTY ? DIRTY : UNSURE)
      // A record that changed meanwhile has been noted again.
      if (now === WRITING) this.changed.push(record)
    }
  }
}
