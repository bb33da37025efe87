/** The `ul.*` commands: what operators ask of the location tables, and change there. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { ul } from '../../../rpc/contract/ul.ts'
import { Fault } from '../../../rpc/faults.ts'
import { Contact, type LocationChanges, type LocationView, PERMANENT, Q_UNSET } from './api.ts'
import { aorOf, live, stateIn, tableOf } from './rpc-rows.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

type Looked = ResultOf<(typeof ul)['ul.lookup']>

/** Call-ID, CSeq and User-Agent of a contact that an operator added. */
const OPERATOR_CALL_ID = 'dfjrewr12386fd6-343@kamailio.rpc'
const OPERATOR_AGENT = 'kamailio SIP Router - RPC Server'

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
