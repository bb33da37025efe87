/**
 * The location service, as other modules use it: tables of addresses of record and their contacts.
 */
import type { Core } from '../../core/core.ts'
import { api } from '../../core/module/index.ts'
import { protoName, type SocketInfo } from '../../sip/transport.ts'
import type { Contact } from '../../core/shared/location-contact.ts'

export {
  ALL_METHODS,
  Contact,
  LAST_SECOND,
  PERMANENT,
  Q_UNSET,
} from '../../core/shared/location-contact.ts'

// ---- what happened to a contact, as bits (Kamailio's UL_CONTACT_*)
export const CONTACT_INSERTED = 1
export const CONTACT_UPDATED = 2
export const CONTACT_DELETED = 4
export const CONTACT_EXPIRED = 8

/** Told after the table was changed (expired: before the contact is removed). */
export type ContactListener = (contact: Contact, event: number) => void

// ---- matching_mode: how save() finds the contact of a REGISTER; 0 is by its URI alone
export const MATCH_CONTACT_CALLID = 1
export const MATCH_CONTACT_PATH = 2
export const MATCH_CONTACT_CALLID_ONLY = 3

/** `udp:127.0.0.1:5060`: a socket as ul.lookup and $ulc print it. */
export const socketText = (socket: SocketInfo): string =>
  `${protoName(socket.proto)}:${socket.host}:${socket.port}`

/** Has the connection of a contact ended? False for one that came by datagrams. */
export const isLost = ({ network }: Core, connection: number): boolean =>
  connection > 0 && network.streams !== null && network.streams.connection(connection) === null

/** What can be asked of a location table, or of a part of it that was read from the database. */
export interface LocationView {
  readonly name: string
  /**
   * All contacts of an address of record in the order in which requests try them; expired ones that
   * are not swept yet too.
   */
  contacts(aor: string): Contact[]
  has(aor: string): boolean
  /** The contact with this unique name, of this address of record; null. */
  byRuid(aor: string, ruid: string): Contact | null
  /**
   * The contact with this unique name of an address of record with this hash (temporary GRUUs);
   * null.
   */
  byHash(hash: number, ruid: string): Contact | null
  /** The contact with this unique name, of whatever address of record; null. For databases. */
  named(ruid: string): Contact | null
}

/** What can be done to one. All operations are synchronous. */
export interface LocationChanges extends LocationView {
  /** Stores a new contact; sets its table, aor, record, modified, and ruid when it has none. */
  insert(aor: string, contact: Contact): void
  /** Writes the fields of a contact that was read from this table; false when it is gone. */
  update(contact: Contact): boolean
  /** Removes a contact that was read from this table; false when it is gone. */
  remove(contact: Contact): boolean
  /** Removes all contacts of an address of record; how many there were. */
  removeAll(aor: string): number
}

/** What a change does to a row of the database. */
export type Change = 'insert' | 'update' | 'delete'

/**
 * One address of record while a request changes it, with nobody else changing it meanwhile. Nothing
 * is changed before `commit`, and then all of it or nothing.
 */
export interface LocationDraft extends LocationChanges {
  /** Writes it all; null when that is done, else which kind of change could not be written. */
  commit(): Promise<Change | null>
  /** To be called at the end, whatever it was: the next request is let in. */
  release(): void
}

/** One location table (Kamailio: domain). */
export interface LocationTable extends LocationChanges {
  /**
   * Its contacts have to be waited for (`view`): they are in the database alone, or it is still
   * being read.
   */
  readonly waitsToRead: boolean
  /** Changes count when the database has them: they are made by a `draft`. */
  readonly waitsToWrite: boolean
  /**
   * What is on file of these addresses of record and unique names; null when the database cannot be
   * asked.
   */
  view(aors: readonly string[], ruids?: readonly string[]): Promise<LocationView | null>
  /**
   * An address of record for changing it, when it is its turn; null when the database cannot be
   * asked or too many wait for it.
   */
  draft(aor: string): Promise<LocationDraft | null>
  /** Number of contacts without making them. */
  count(aor: string): number
  /** Every contact of every address of record; do not change the table meanwhile. */
  each(visit: (contact: Contact) => void): void
}

export interface UserLocation {
  readonly useDomain: boolean
  readonly matchingMode: number
  /** Seconds within which a REGISTER with an equal CSeq counts as a retransmission. */
  readonly cseqDelay: number
  /** Branch flag mask of contacts behind a NAT; 0 when not set. */
  readonly natFlag: number
  /** Name of the xavp with attributes of a contact; ''. */
  readonly xavpContact: string
  /**
   * Are addresses of record told apart by case? registrar says so (its parameter case_sensitive).
   */
  isCaseSensitive: () => boolean
  /** The table with this name; made when it is new. */
  register(name: string): LocationTable
  /** The table with this name, null when nobody registered it. */
  find(name: string): LocationTable | null
  tables(): LocationTable[]
  /** Calls `listener` for the events whose bits are set in `events`. */
  onContact(events: number, listener: ContactListener): void
  nextRuid(): string
  /** Seconds since 1970, as contacts are timed. */
  now(): number
}

export const usrloc = api<UserLocation>('usrloc')
