/** The `ul.*` commands: what operators ask of the location tables. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { ul } from '../../../rpc/contract/ul.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { DbRow } from '../../core/db/api.ts'
import {
  Contact,
  type LocationChanges,
  type LocationView,
  PERMANENT,
  Q_UNSET,
  socketText,
} from './api.ts'
import { DB_ONLY } from './modes.ts'
import { NEW, stateName, SYNC } from './states.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

type Rows = ResultOf<(typeof ul)['ul.lookup']>['Contacts']
type Row = Rows[number]['Contact']
type Looked = ResultOf<(typeof ul)['ul.lookup']>
type TableRow = ResultOf<(typeof ul)['ul.dump']>['Domains'][number]

/** What Kamailio prints for a text that is empty. */
const NOT_SET = '[not set]'
/** Call-ID, CSeq and User-Agent of a contact that an operator added. */
const OPERATOR_CALL_ID = 'dfjrewr12386fd6-343@kamailio.rpc'
const OPERATOR_AGENT = 'kamailio SIP Router - RPC Server'
const NO_DATABASE = 'Command is not supported in db_mode=0'

function fields(contact: Contact, now: number, state: string): Row {
  return {
    Address: contact.uri,
    Expires: contact.expires === PERMANENT ? 'permanent' : contact.expires - now,
    Q: contact.q === Q_UNSET ? Q_UNSET : contact.q / 1000,
    'Call-ID': contact.callId,
    CSeq: contact.cseq,
    'User-Agent': contact.userAgent || NOT_SET,
    Received: contact.received || NOT_SET,
    Path: contact.path || NOT_SET,
    State: state,
    Flags: contact.flags,
    CFlags: contact.branchFlags,
    Socket: contact.socket === null ? NOT_SET : socketText(contact.socket),
    Methods: contact.methods,
    Ruid: contact.ruid,
    Instance: contact.instance || NOT_SET,
    'Reg-Id': contact.regId,
    'Server-Id': contact.serverId,
    'Tcpconn-Id': contact.connection,
    Keepalive: contact.keepalive,
    'Last-Keepalive': contact.lastKeepalive,
    'KA-Roundtrip': contact.roundTrip,
    'Last-Modified': contact.modified,
  }
}

type StateOf = (contact: Contact) => string

const live = (contacts: Contact[], now: number, state: StateOf): Rows =>
  contacts
    .filter(contact => !contact.isExpired(now))
    .map(contact => ({ Contact: fields(contact, now, state(contact)) }))

/** As the contacts of a table agree with their rows. */
function stateIn(self: Usrloc, name: string): StateOf {
  const table = self.find(name)
  if (self.config.db_mode === DB_ONLY) return () => stateName(SYNC)
  return contact => stateName(table?.stateOf(contact) ?? NEW)
}

type Dump = ResultOf<(typeof ul)['ul.dump']>

export function dump(self: Usrloc, brief?: string): Dump | Promise<Dump> {
  if (self.config.db_mode === DB_ONLY) return dumpDatabase(self, brief === 'brief')
  return { Domains: self.tables().map(table => dumpTable(self, table, brief === 'brief')) }
}

/** The tables as the database has them. */
async function dumpDatabase(self: Usrloc, brief: boolean): Promise<Dump> {
  const { database } = self
  const Domains: TableRow[] = []
  for (const table of self.tables()) {
    const copy = table.copy()
    try {
      await database!.eachRow(table.name, contact => copy.store.insert(contact.aor, contact))
    } catch (error) {
      database!.warn(database!.reason(error))
      throw new Fault(500, 'Operation failed')
    }
    Domains.push(dumpTable(self, copy, brief))
  }
  return { Domains }
}

function dumpTable(self: Usrloc, table: Table, brief: boolean): TableRow {
  const state = stateIn(self, table.name)
  const now = self.now()
  const size = 1 << self.config.hash_size
  const { store } = table
  // Kamailio walks its hash slots; so do those who compare two dumps.
  const heads = store.heads().sort((a, b) => (a.hash & (size - 1)) - (b.hash & (size - 1)))
  let longest = 0
  let run = 0
  for (let i = 0; i < heads.length; i++) {
    const same = i > 0 && ((heads[i]!.hash ^ heads[i - 1]!.hash) & (size - 1)) === 0
    run = same ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  const aors = brief
    ? heads.map(({ record }) => ({ AoR: store.aorOf(record) }))
    : heads.map(({ record, hash }) => {
        const aor = store.aorOf(record)
        return { Info: { AoR: aor, HashID: hash, Contacts: live(table.contacts(aor), now, state) } }
      })
  const stats = { Records: heads.length, 'Max-Slots': longest }
  return { Domain: { Domain: table.name, Size: size, AoRs: aors, Stats: stats } } as TableRow
}

type Page = ResultOf<(typeof ul)['ohana.contacts']>
const PAGE = 100
const LARGEST_PAGE = 1000
/** Records that are looked at for a page: most of them may be unused. */
const LOOKS = 16_384

export function page(self: Usrloc, name: string, after = 0, count = PAGE): Page | Promise<Page> {
  const table = tableOf(self, name)
  const most = Math.max(1, Math.min(count, LARGEST_PAGE))
  if (self.config.db_mode === DB_ONLY) return databasePage(self, table, after, most)
  const { store } = table
  const state = stateIn(self, name)
  const found: Contact[] = []
  let record = Math.max(after, 0)
  const last = Math.min(store.lastRecord, record + LOOKS)
  while (record < last && found.length < most)
    if (store.isUsed(++record)) found.push(store.read(record))
  return pageOf(self, found, state, record < store.lastRecord ? record : 0)
}

function pageOf(self: Usrloc, found: Contact[], state: StateOf, Next: number): Page {
  const now = self.now()
  const live = found.filter(contact => !contact.isExpired(now))
  const Contacts = live.map(contact => ({
    Contact: { AoR: contact.aor, ...fields(contact, now, state(contact)) },
  }))
  return { Contacts, Next }
}

async function databasePage(
  self: Usrloc,
  table: Table,
  after: number,
  count: number,
): Promise<Page> {
  const database = self.database!
  try {
    const { contacts, next } = await database.page(table.name, after, count)
    return pageOf(self, contacts, stateIn(self, table.name), next)
  } catch (error) {
    database.warn(database.reason(error))
    throw new Fault(500, 'Operation failed')
  }
}

function tableOf(self: Usrloc, name: string): Table {
  const table = self.find(name)
  if (table === null) throw new Fault(500, 'Domain table not found')
  return table
}

/**
 * The address of record as the table keeps it: without its domain unless domains are told apart.
 */
function aorOf(self: Usrloc, text: string): string {
  const at = text.lastIndexOf('@')
  if (self.useDomain && at < 0) throw new Fault(500, 'Domain missing in AOR')
  const aor = self.useDomain || at < 0 ? text : text.slice(0, at)
  return self.isCaseSensitive() ? aor : aor.toLowerCase()
}

export function look(self: Usrloc, name: string, text: string): Looked | Promise<Looked> {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  if (!table.waitsToRead) return lookIn(self, table, aor)
  return table.view([aor]).then(view => lookIn(self, view, aor))
}

function lookIn(self: Usrloc, view: LocationView | null, aor: string): Looked {
  if (view === null || !view.has(aor)) throw new Fault(500, 'AOR not found in location table')
  const contacts = live(view.contacts(aor), self.now(), stateIn(self, view.name))
  if (contacts.length === 0) throw new Fault(500, 'AOR has no contacts')
  return { AoR: aor, Contacts: contacts }
}

/** A change of an address of record: at once, or when the database has it. */
function change(
  table: Table,
  aor: string,
  failed: string,
  work: (table: LocationChanges) => void,
): void | Promise<void> {
  if (!table.waitsToWrite) return work(table)
  return changeWritten(table, aor, failed, work)
}

async function changeWritten(
  table: Table,
  aor: string,
  failed: string,
  work: (table: LocationChanges) => void,
): Promise<void> {
  const draft = await table.draft(aor)
  if (draft === null) throw new Fault(500, failed)
  try {
    work(draft)
    if ((await draft.commit()) !== null) throw new Fault(500, failed)
  } finally {
    draft.release()
  }
}

export function remove(self: Usrloc, name: string, text: string): void | Promise<void> {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  return change(table, aor, 'Failed to delete AOR', changes => void changes.removeAll(aor))
}

export function removeContact(
  self: Usrloc,
  name: string,
  text: string,
  uri: string,
): void | Promise<void> {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  return change(table, aor, "Internal error (can't delete contact)", changes => {
    if (!changes.has(aor)) throw new Fault(404, 'AOR not found')
    const contact = changes.contacts(aor).find(each => each.uri === uri)
    if (contact === undefined) throw new Fault(404, 'Contact not found')
    changes.remove(contact)
  })
}

/** Without a database there is nothing to write; Kamailio says yes as well. */
export function flush(self: Usrloc): void | Promise<void> {
  if (self.database === null) return undefined
  return self.flush().then(good => {
    if (!good) throw new Fault(500, 'Operation failed')
  })
}

/** In Kamailio's command line a dot or a zero stands for a text that is not given. */
const given = (text: string | undefined): string =>
  text === undefined || text === '.' || text === '0' ? '' : text

export function add(
  self: Usrloc,
  name: string,
  text: string,
  uri: string,
  expires: number,
  q: number,
  path: string,
  flags: number,
  branchFlags: number,
  methods: number,
  received?: string,
  socket?: string,
): void | Promise<void> {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  return change(table, aor, "Can't insert contact", changes => {
    const known = changes.contacts(aor).find(each => each.uri === uri)
    const contact = known ?? new Contact()
    contact.uri = uri
    contact.callId = OPERATOR_CALL_ID
    contact.cseq = 1
    contact.userAgent = OPERATOR_AGENT
    contact.expires = expires === 0 ? PERMANENT : Math.max(1, self.now() + Math.trunc(expires))
    contact.q = Number.isFinite(q) ? Math.round(q * 1000) : Q_UNSET
    contact.path = given(path)
    contact.flags = flags >>> 0
    contact.branchFlags = branchFlags >>> 0
    contact.methods = methods >>> 0
    contact.received = given(received)
    contact.socket = self.socket(given(socket))
    contact.serverId = self.core.params.server_id
    if (known !== undefined) changes.update(contact)
    else {
      contact.ruid = self.nextOperatorRuid()
      changes.insert(aor, contact)
    }
    // As Kamailio shows it: no phone has spoken yet.
    contact.modified = 0
    if (changes === table) table.store.update(contact)
  })
}

/** How many addresses of record have contacts that have not run out. */
export function usersInDatabase(self: Usrloc, name: string): Promise<number> {
  const users = new Set<string>()
  const visit = (row: DbRow): void => void users.add(`${row[0]}@${row[1]}`)
  return countRows(self, name, 'AoR', 'live', visit).then(() => users.size)
}

export const contactsInDatabase = (self: Usrloc, name: string): Promise<number> =>
  countRows(self, name, 'contact', 'live')

export const expiredContactsInDatabase = (self: Usrloc, name: string): Promise<number> =>
  countRows(self, name, 'contact', 'expired')

function countRows(
  self: Usrloc,
  name: string,
  what: string,
  which: 'live' | 'expired',
  visit: (row: DbRow) => void = () => undefined,
): Promise<number> {
  const { database } = self
  if (database === null) throw new Fault(500, NO_DATABASE)
  return database.count(name, which, self.now(), visit).catch((error: unknown) => {
    database.warn(database.reason(error))
    throw new Fault(500, `Failed to query ${what} count`)
  })
}
