/** One location table: the store, its database, and telling others of each change. */
import type { Counter } from '../../core/counters.ts'
import { LocationStore } from '../../core/shared/location-store.ts'
import {
  CONTACT_DELETED,
  CONTACT_EXPIRED,
  CONTACT_INSERTED,
  CONTACT_UPDATED,
  type Contact,
  type LocationTable,
} from './api.ts'
import { closeConnection } from './connections.ts'
import type { LocationDatabase } from './database.ts'
import { Draft, View } from './draft.ts'
import { loadTable } from './load.ts'
import { DB_ONLY, READ_AT_START, WRITE_BACK, WRITE_THROUGH } from './modes.ts'
import { Sequence } from './sequence.ts'
import { SYNC } from './states.ts'
import type { Usrloc } from './usrloc.ts'
import { Writer } from './writer.ts'

export class Table implements LocationTable {
  readonly name: string
  readonly store: LocationStore
  /** null: contacts are in memory alone. */
  readonly database: LocationDatabase | null
  /** Brings rows after contacts; null when nothing is in memory or nothing is written. */
  readonly writer: Writer | null
  /** What is changed in memory may be written later, or never. */
  readonly writesLater: boolean
  readonly sequence = new Sequence()
  waitsToRead: boolean
  waitsToWrite: boolean
  private readonly owner: Usrloc
  private readonly expiries: Counter
  private loading: Promise<boolean> | null = null

  constructor(owner: Usrloc, name: string, expiries: Counter) {
    const { db_mode: mode } = owner.config
    this.owner = owner
    this.name = name
    this.expiries = expiries
    this.database = owner.database
    this.store = new LocationStore(
      name,
      owner.config.desc_time_order !== 0,
      owner.config.ka_mode !== 0,
    )
    const written = mode === WRITE_THROUGH || mode === WRITE_BACK
    this.writer = written ? new Writer(owner, this, owner.database!) : null
    this.writesLater = mode === WRITE_BACK || mode === READ_AT_START
    // Until it has been read.
    this.waitsToRead = mode !== 0
    this.waitsToWrite = mode !== 0
  }

  // ---- in memory

  contacts(aor: string): Contact[] {
    const contacts: Contact[] = []
    for (let record = this.store.head(aor); record !== 0; record = this.store.next(record))
      contacts.push(this.store.read(record))
    return contacts
  }

  count(aor: string): number {
    let count = 0
    for (let record = this.store.head(aor); record !== 0; record = this.store.next(record)) count++
    return count
  }

  has(aor: string): boolean {
    return this.store.head(aor) !== 0
  }

  insert(aor: string, contact: Contact): void {
    this.date(contact)
    this.store.insert(aor, contact)
    this.writer?.inserted(contact.record)
    this.owner.tell(contact, CONTACT_INSERTED)
  }

  update(contact: Contact): boolean {
    this.date(contact)
    if (!this.store.update(contact)) return false
    this.writer?.updated(contact.record)
    this.owner.tell(contact, CONTACT_UPDATED)
    return true
  }

  remove(contact: Contact): boolean {
    if (!this.take(contact)) return false
    this.owner.tell(contact, CONTACT_DELETED)
    return true
  }

  removeAll(aor: string): number {
    const contacts = this.contacts(aor)
    for (const contact of contacts) this.remove(contact)
    return contacts.length
  }

  byRuid(aor: string, ruid: string): Contact | null {
    for (let record = this.store.head(aor); record !== 0; record = this.store.next(record)) {
      const contact = this.store.read(record)
      if (contact.ruid === ruid) return contact
    }
    return null
  }

  named(ruid: string): Contact | null {
    const record = this.store.named(ruid)
    return record === 0 ? null : this.store.read(record)
  }

  byHash(hash: number, ruid: string): Contact | null {
    const record = this.store.findByRuid(hash, ruid)
    return record === 0 ? null : this.store.read(record)
  }

  each(visit: (contact: Contact) => void): void {
    for (let record = 1; record <= this.store.lastRecord; record++)
      if (this.store.isUsed(record)) visit(this.store.read(record))
  }

  /** The time of a contact is over. */
  expire(record: number): void {
    // A request that is being carried out may be about to renew it: the next sweep sees.
    if (this.writer !== null && this.sequence.isHeld(this.store.aorOf(record))) return
    const contact = this.store.read(record)
    this.owner.tell(contact, CONTACT_EXPIRED)
    // Whoever was told may have renewed or removed it.
    if (this.store.isUsed(record) && this.store.expiryOf(record) === contact.expires) {
      this.take(contact)
      if (this.owner.config.close_expired_tcp !== 0) closeConnection(this.owner.core, contact)
      this.expiries.value++
    }
  }

  get isNewestFirst(): boolean {
    return this.owner.config.desc_time_order !== 0
  }

  countExpired(contacts: number): void {
    this.expiries.value += contacts
  }

  /** Takes a contact out of memory, and its row out of the database as soon as that can be. */
  private take(contact: Contact): boolean {
    const state = this.writer === null ? 0 : this.store.stateOf(contact.record)
    if (!this.store.remove(contact)) return false
    this.writer?.removed(contact, state)
    return true
  }

  // ---- with the database

  /** Gives a contact that is being stored its times, and a name when it has none. */
  date(contact: Contact): void {
    if (contact.ruid === '') contact.ruid = this.owner.nextRuid()
    const now = this.owner.now()
    contact.modified = now
    contact.lastKeepalive = now
  }

  tell(contact: Contact, event: number): void {
    this.owner.tell(contact, event)
  }

  complain(text: string): void {
    this.owner.core.log.error('usrloc', text)
  }

  /** Begins to read it, once all before it is ready. */
  load(): Promise<boolean> {
    if (this.owner.config.db_mode === DB_ONLY || this.database === null)
      return Promise.resolve(true)
    this.loading ??= loadTable(this.owner, this, this.database).then(good => {
      this.loading = null
      if (good) this.isRead()
      return good
    })
    return this.loading
  }

  private isRead(): void {
    this.waitsToRead = false
    this.waitsToWrite = !this.writesLater
  }

  async view(aors: readonly string[], ruids: readonly string[] = []): Promise<View | Table | null> {
    const { database } = this
    if (database === null) return this
    if (this.owner.config.db_mode !== DB_ONLY) return (await this.load()) ? this : null
    try {
      const found: Contact[] = []
      for (const aor of new Set(aors)) found.push(...(await database.ofAor(this.name, aor)))
      for (const ruid of ruids) {
        const where = database.shape.ofRuid(ruid)
        found.push(...(await database.contacts({ table: this.name, where })))
      }
      return new View(this.name, found)
    } catch (error) {
      this.complain(`querying contacts failed: ${database.reason(error)}`)
      return null
    }
  }

  async draft(aor: string): Promise<Draft | null> {
    // A request that need not wait has its turn at once.
    if (this.waitsToRead && !(await this.load())) return null
    const held = this.sequence.hold(aor)
    if (held !== true && !(await held)) return null
    if (this.owner.config.db_mode !== DB_ONLY) return new Draft(this, aor, null)
    try {
      return new Draft(this, aor, await this.database!.ofAor(this.name, aor))
    } catch (error) {
      this.sequence.release(aor)
      this.complain(`querying contacts of ${aor} failed: ${this.database!.reason(error)}`)
      return null
    }
  }

  /** An empty table like this one, for what was read of it. */
  copy(): Table {
    return new Table(this.owner, this.name, this.expiries)
  }

  /** How a contact that was read agrees with its row. */
  stateOf(contact: Contact): number {
    const { record } = contact
    return record > 0 && this.store.isUsed(record) ? this.store.stateOf(record) : 0
  }

  /** Stores a contact whose row has been written, or will be (writesLater). */
  keep(aor: string, contact: Contact, isNew: boolean): void {
    const there = !isNew && this.store.update(contact)
    if (!there) this.store.insert(aor, contact)
    if (!this.writesLater) this.store.setState(contact.record, SYNC)
    else if (there) this.writer?.updated(contact.record)
    else this.writer?.inserted(contact.record)
  }

  /** Takes a contact out of memory whose row has been deleted, or will be (writesLater). */
  drop(contact: Contact): void {
    if (this.writesLater) this.take(contact)
    else this.store.remove(contact)
  }
}
