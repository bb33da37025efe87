/** One location table: the store, and telling others of each change. */
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
import type { Usrloc } from './usrloc.ts'

export class Table implements LocationTable {
  readonly name: string
  readonly store: LocationStore
  private readonly owner: Usrloc
  private readonly expiries: Counter

  constructor(owner: Usrloc, name: string, expiries: Counter) {
    this.owner = owner
    this.name = name
    this.expiries = expiries
    this.store = new LocationStore(
      name,
      owner.config.desc_time_order !== 0,
      owner.config.ka_mode !== 0,
    )
  }

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
    if (contact.ruid === '') contact.ruid = this.owner.nextRuid()
    const now = this.owner.now()
    contact.modified = now
    contact.lastKeepalive = now
    this.store.insert(aor, contact)
    this.owner.tell(contact, CONTACT_INSERTED)
  }

  update(contact: Contact): boolean {
    const now = this.owner.now()
    contact.modified = now
    contact.lastKeepalive = now
    if (!this.store.update(contact)) return false
    this.owner.tell(contact, CONTACT_UPDATED)
    return true
  }

  remove(contact: Contact): boolean {
    if (!this.store.remove(contact)) return false
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
    const contact = this.store.read(record)
    this.owner.tell(contact, CONTACT_EXPIRED)
    // Whoever was told may have renewed or removed it.
    if (this.store.isUsed(record) && this.store.expiryOf(record) === contact.expires) {
      this.store.remove(contact)
      if (this.owner.config.close_expired_tcp !== 0) closeConnection(this.owner.core, contact)
      this.expiries.value++
    }
  }
}
