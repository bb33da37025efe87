/**
 * What waits for the database: contacts that were read from it, and changes that count once they
 * are written.
 */
import { DbError } from '../../core/db/api.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import {
  type Change,
  CONTACT_DELETED,
  CONTACT_INSERTED,
  CONTACT_UPDATED,
  type Contact,
  type LocationDraft,
  type LocationView,
} from './api.ts'
import { byOrder, type LocationDatabase } from './database.ts'
import type { Table } from './table.ts'
import { UNSURE } from './states.ts'

/** Contacts as they were in the database when it was asked. */
export class View implements LocationView {
  readonly name: string
  private readonly found: Contact[]

  constructor(name: string, found: Contact[]) {
    this.name = name
    this.found = found
  }

  contacts(aor: string): Contact[] {
    return this.found.filter(contact => contact.aor === aor)
  }

  has(aor: string): boolean {
    return this.found.some(contact => contact.aor === aor)
  }

  byRuid(aor: string, ruid: string): Contact | null {
    return this.found.find(contact => contact.ruid === ruid && contact.aor === aor) ?? null
  }

  named(ruid: string): Contact | null {
    return this.found.find(contact => contact.ruid === ruid) ?? null
  }

  byHash(hash: number, ruid: string): Contact | null {
    return (
      this.found.find(contact => contact.ruid === ruid && hashText(contact.aor) === hash) ?? null
    )
  }
}

interface Step {
  readonly change: Change
  readonly contact: Contact
}

/** May the statements have been carried out all the same? */
const isUnsure = (error: unknown): boolean =>
  error instanceof DbError && (error.failure === 'unavailable' || error.failure === 'deadline')

export class Draft implements LocationDraft {
  readonly name: string
  private readonly table: Table
  private readonly aor: string
  /** null: they are in memory. */
  private rows: Contact[] | null
  private steps: Step[] = []
  /** What is being written, for telling what failed. */
  private current: Change = 'insert'

  constructor(table: Table, aor: string, rows: Contact[] | null) {
    this.name = table.name
    this.table = table
    this.aor = aor
    this.rows = rows
  }

  contacts(aor: string): Contact[] {
    return this.rows === null ? this.table.contacts(aor) : [...this.rows]
  }

  has(aor: string): boolean {
    return this.rows === null ? this.table.has(aor) : this.rows.length > 0
  }

  byRuid(aor: string, ruid: string): Contact | null {
    return this.contacts(aor).find(contact => contact.ruid === ruid) ?? null
  }

  byHash(hash: number, ruid: string): Contact | null {
    return hashText(this.aor) === hash ? this.byRuid(this.aor, ruid) : null
  }

  named(ruid: string): Contact | null {
    return this.byRuid(this.aor, ruid)
  }

  insert(aor: string, contact: Contact): void {
    contact.aor = aor
    contact.table = this.name
    this.table.date(contact)
    this.steps.push({ change: 'insert', contact })
  }

  update(contact: Contact): boolean {
    this.table.date(contact)
    this.steps.push({ change: 'update', contact })
    return true
  }

  remove(contact: Contact): boolean {
    this.steps.push({ change: 'delete', contact })
    return true
  }

  removeAll(aor: string): number {
    const contacts = this.contacts(aor)
    for (const contact of contacts) this.remove(contact)
    return contacts.length
  }

  async commit(): Promise<Change | null> {
    const { steps, table } = this
    this.steps = []
    const { database, writer } = table
    if (steps.length === 0) return null
    if (database !== null && !table.writesLater) {
      const left = writer?.takeRemoved(this.aor) ?? []
      const { available } = database.db
      try {
        await this.write(database, steps, left)
      } catch (error) {
        const reason = database.reason(error)
        table.complain(`${this.current} of contacts of ${this.aor} failed: ${reason}`)
        if (writer !== null) this.leaveUnsure(steps, left, available && isUnsure(error))
        return this.current
      }
    }
    for (const step of steps) this.apply(step)
    return null
  }

  /** Rows that an earlier statement may have left behind go first. */
  private write(database: LocationDatabase, steps: Step[], left: string[]): Promise<void> {
    const { table } = this
    this.current = steps[0]!.change
    const rewritten = steps.filter(step => this.isRewritten(step)).length
    return database.atOnce(steps.length + left.length + rewritten, async db => {
      for (const ruid of left) await database.deleteRuid(db, table.name, ruid)
      for (const step of steps) {
        const { change, contact } = step
        this.current = change
        const rewritten = this.isRewritten(step)
        await (rewritten ? database.rewrite(db, contact) : database.write(db, change, contact))
      }
    })
  }

  private isRewritten({ change, contact }: Step): boolean {
    return change === 'update' && this.table.stateOf(contact) === UNSURE
  }

  /**
   * Memory stays as it was, and the rows follow it as soon as they can be written: a change that
   * was refused must not come to light after a restart.
   */
  private leaveUnsure(steps: Step[], left: string[], unsure: boolean): void {
    const { table, aor } = this
    const writer = table.writer!
    for (const ruid of left) writer.leftBehind(aor, ruid)
    if (!unsure) return
    for (const { change, contact } of steps) {
      if (change === 'insert') writer.leftBehind(aor, contact.ruid)
      else writer.unsure(contact)
    }
  }

  private apply({ change, contact }: Step): void {
    const { table, rows } = this
    if (change === 'delete') {
      if (rows === null) table.drop(contact)
      else this.rows = rows.filter(each => each !== contact)
      table.tell(contact, CONTACT_DELETED)
      return
    }
    const isNew = change === 'insert'
    if (rows === null) table.keep(this.aor, contact, isNew)
    else if (isNew) {
      const newestFirst = table.isNewestFirst
      this.rows = (newestFirst ? [contact, ...rows] : [...rows, contact]).toSorted(
        byOrder(newestFirst),
      )
    }
    table.tell(contact, isNew ? CONTACT_INSERTED : CONTACT_UPDATED)
  }

  release(): void {
    this.table.sequence.release(this.aor)
  }
}
