/** The `ul.*` commands: what operators ask of the location tables. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { ul } from '../../../rpc/contract/ul.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { Contact, PERMANENT, Q_UNSET, socketText } from './api.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

type Rows = ResultOf<(typeof ul)['ul.lookup']>['Contacts']
type TableRow = ResultOf<(typeof ul)['ul.dump']>['Domains'][number]

/** What Kamailio prints for a text that is empty. */
const NOT_SET = '[not set]'
/** Call-ID, CSeq and User-Agent of a contact that an operator added. */
const OPERATOR_CALL_ID = 'dfjrewr12386fd6-343@kamailio.rpc'
const OPERATOR_AGENT = 'kamailio SIP Router - RPC Server'
const NO_DATABASE = 'Command is not supported in db_mode=0'

function row(contact: Contact, now: number): Rows[number] {
  return {
    Contact: {
      Address: contact.uri,
      Expires: contact.expires === PERMANENT ? 'permanent' : contact.expires - now,
      Q: contact.q === Q_UNSET ? Q_UNSET : contact.q / 1000,
      'Call-ID': contact.callId,
      CSeq: contact.cseq,
      'User-Agent': contact.userAgent || NOT_SET,
      Received: contact.received || NOT_SET,
      Path: contact.path || NOT_SET,
      State: 'CS_NEW',
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
    },
  }
}

const live = (contacts: Contact[], now: number): Rows =>
  contacts.filter(contact => !contact.isExpired(now)).map(contact => row(contact, now))

export function dump(self: Usrloc, brief?: string): ResultOf<(typeof ul)['ul.dump']> {
  return { Domains: self.tables().map(table => dumpTable(self, table, brief === 'brief')) }
}

function dumpTable(self: Usrloc, table: Table, brief: boolean): TableRow {
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
        return { Info: { AoR: aor, HashID: hash, Contacts: live(table.contacts(aor), now) } }
      })
  const stats = { Records: heads.length, 'Max-Slots': longest }
  return { Domain: { Domain: table.name, Size: size, AoRs: aors, Stats: stats } } as TableRow
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

export function look(self: Usrloc, name: string, text: string): ResultOf<(typeof ul)['ul.lookup']> {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  if (!table.has(aor)) throw new Fault(500, 'AOR not found in location table')
  const contacts = live(table.contacts(aor), self.now())
  if (contacts.length === 0) throw new Fault(500, 'AOR has no contacts')
  return { AoR: aor, Contacts: contacts }
}

export function remove(self: Usrloc, name: string, text: string): void {
  const table = tableOf(self, name)
  table.removeAll(aorOf(self, text))
}

export function removeContact(self: Usrloc, name: string, text: string, uri: string): void {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  if (!table.has(aor)) throw new Fault(404, 'AOR not found')
  const contact = table.contacts(aor).find(each => each.uri === uri)
  if (contact === undefined) throw new Fault(404, 'Contact not found')
  table.remove(contact)
}

export function flush(): void {
  // Without a database there is nothing to write; Kamailio says yes as well.
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
): void {
  const table = tableOf(self, name)
  const aor = aorOf(self, text)
  const known = table.contacts(aor).find(each => each.uri === uri)
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
  contact.socket = socketOf(self, given(socket))
  contact.serverId = self.core.params.server_id
  if (known !== undefined) table.update(contact)
  else {
    contact.ruid = self.nextOperatorRuid()
    table.insert(aor, contact)
    // As Kamailio shows it: no phone has spoken yet.
    contact.modified = 0
    table.store.update(contact)
  }
}

/** `udp:127.0.0.1:5060` as one of our sockets; null when it is none. */
function socketOf(self: Usrloc, text: string): SocketInfo | null {
  return self.core.sockets.list.find(socket => socketText(socket) === text) ?? null
}

export function usersInDatabase(): number {
  throw new Fault(500, NO_DATABASE)
}

export function contactsInDatabase(): number {
  throw new Fault(500, NO_DATABASE)
}

export function expiredContactsInDatabase(): number {
  throw new Fault(500, NO_DATABASE)
}
