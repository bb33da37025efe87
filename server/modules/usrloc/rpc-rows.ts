/** What the commands of operators share: contacts as rows, and names as they write them. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { ul } from '../../../rpc/contract/ul.ts'
import { Fault } from '../../../rpc/faults.ts'
import { type Contact, PERMANENT, Q_UNSET, socketText } from './api.ts'
import { DB_ONLY } from './modes.ts'
import { NEW, stateName, SYNC } from './states.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

type Rows = ResultOf<(typeof ul)['ul.lookup']>['Contacts']
type Row = Rows[number]['Contact']
/** How a contact agrees with its row, as Kamailio prints it. */
export type StateOf = (contact: Contact) => string

/** What Kamailio prints for a text that is empty. */
const NOT_SET = '[not set]'

export function fields(contact: Contact, now: number, state: string): Row {
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

/** Those that have not run out, as rows. */
export const live = (contacts: Contact[], now: number, state: StateOf): Rows =>
  contacts
    .filter(contact => !contact.isExpired(now))
    .map(contact => ({ Contact: fields(contact, now, state(contact)) }))

/** As the contacts of a table agree with their rows. */
export function stateIn(self: Usrloc, name: string): StateOf {
  const table = self.find(name)
  if (self.config.db_mode === DB_ONLY) return () => stateName(SYNC)
  return contact => stateName(table?.stateOf(contact) ?? NEW)
}

export function tableOf(self: Usrloc, name: string): Table {
  const table = self.find(name)
  if (table === null) throw new Fault(500, 'Domain table not found')
  return table
}

/**
 * The address of record as the table keeps it: without its domain unless domains are told apart.
 */
export function aorOf(self: Usrloc, text: string): string {
  const at = text.lastIndexOf('@')
  if (self.useDomain && at < 0) throw new Fault(500, 'Domain missing in AOR')
  const aor = self.useDomain || at < 0 ? text : text.slice(0, at)
  return self.isCaseSensitive() ? aor : aor.toLowerCase()
}
