/** What goes out: all but our own Via and a Contact of ours is taken off and kept. */
import { eventMessage } from '../../core/event-message.ts'
import type { Edit } from '../../sip/edit.ts'
import { H_CONTACT, H_RECORD_ROUTE, H_VIA } from '../../sip/header-names.ts'
import { valueSpans } from '../../sip/header/spans.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  ACK,
  BYE,
  CANCEL,
  INVITE,
  KDMQ,
  MESSAGE,
  NOTIFY,
  OPTIONS,
  SUBSCRIBE,
} from '../../sip/method.ts'
import type { Destination } from '../../sip/transport.ts'
import { contactsOf, directionOf, printed, readable, tellsContacts } from './arrival.ts'
import { contactTowards, fillContacts } from './contact.ts'
import { DOWNSTREAM, type TopologyRecord, UPSTREAM } from './data.ts'
import {
  append,
  BRANCH_HEADER,
  DIALOG_HEADER,
  prepend,
  removeAll,
  SPLIT_RECORD_ROUTE,
  takeNamed,
} from './headers.ts'
import { link, type Packed, pack, subscribedFor } from './pack.ts'
import type { Topos } from './topos.ts'

/** Requests of our own outside of dialogs that have nothing to hide. */
const OWN = OPTIONS | NOTIFY | KDMQ

/** The text as those on the wire are to see it. */
export function depart(self: Topos, text: string, to: Destination): string {
  const socket = to.socket ?? self.core.network.socketFor(to.proto, to.ip)
  if (socket === null) return text
  // What the routes note in $xavu is for the message, and what the script noted is there.
  let notes = self.core.routes.current?.avps ?? null
  const sending = { text, to }
  if (self.outgoing.present) {
    const about = eventMessage(socket)
    about.avps = notes
    if (self.outgoing.drops(about, sending)) return text
    notes = about.avps
  }
  const { proto, ip, port, connection } = to
  const { address: srcIp, port: srcPort } = socket
  const from = { proto, srcIp, srcPort, dstIp: ip, dstPort: port, socket, connection }
  const msg = readable(self, text, from)
  if (msg === null) return text
  msg.avps = notes
  if (self.sending.drops(msg, sending)) return text
  const edits: Edit[] = []
  if (msg.isRequest) request(self, msg, edits)
  else reply(self, msg, edits)
  return printed(msg, edits)
}

function request(self: Topos, msg: SipMessage, edits: Edit[]): void {
  const initial = msg.to!.tag === ''
  const ours = valueSpans(msg, H_VIA).length < 2
  if (ours && initial && (msg.methodBit & OWN) !== 0) return
  const packed = pack(msg)
  if (packed === null) {
    self.error('failed to extract and pack the headers')
    return
  }
  const { record } = packed
  let dialog: TopologyRecord | null = null
  let direction = DOWNSTREAM
  if (!initial) {
    const uuid = takeNamed(msg, DIALOG_HEADER, edits)
    if (uuid === null) {
      unknown(self, msg, packed, edits)
      return
    }
    record.a_uuid = uuid
    dialog = self.store.dialog(uuid)
    direction = directionOf(msg, dialog)
  }
  record.direction = direction
  const known = self.store.branch(record.x_vbranch)
  if (known === null && !keep(self, msg, record, initial, direction)) return
  if (!ours) {
    strip(self, msg, packed, dialog ?? known ?? record, direction, edits)
    if (dialog !== null) followDialog(self, msg, record, dialog, direction)
  }
  if (direction === DOWNSTREAM) self.maskCallId(msg, edits)
}

/** ACK and CANCEL of our own, or forwarded without a transaction, go the way of their INVITE. */
function unknown(self: Topos, msg: SipMessage, { via }: Packed, edits: Edit[]): void {
  if ((msg.methodBit & (ACK | CANCEL)) === 0) return
  for (const id of [H_RECORD_ROUTE, H_CONTACT, H_VIA]) removeAll(msg, id, edits)
  prepend(msg, 'Via', via, edits)
  self.maskCallId(msg, edits)
}

/** Makes the records of a request; false when it cannot be. */
function keep(
  self: Topos,
  msg: SipMessage,
  record: TopologyRecord,
  initial: boolean,
  direction: number,
): boolean {
  record.x_context = self.contextOf(msg)
  const name = initial ? self.newName(record.x_context) : record.a_uuid.slice(1)
  const { a_uuid } = record
  const filled = fillContacts(self, record, msg, name)
  if (!filled || !link(record, msg, direction)) {
    self.error(`failed to store (dlg: ${initial ? 0 : 1} dir: ${direction} ${msg.method})`)
    return false
  }
  if (record.a_uuid === '') record.a_uuid = a_uuid === '' ? `a${name}` : a_uuid
  if (initial) {
    if (record.as_contact === '' && record.bs_contact === '')
      self.core.log.warn('topos', 'no local address - do record routing for all initial requests')
    const dialog = { ...record, x_via: '', x_vbranch: '', x_rr: '' }
    self.store.insertDialog(dialog, subscribedFor(msg))
  }
  self.store.insertBranch(record)
  return true
}

function strip(
  self: Topos,
  msg: SipMessage,
  { via }: Packed,
  from: TopologyRecord,
  direction: number,
  edits: Edit[],
): void {
  for (const id of [H_RECORD_ROUTE, H_CONTACT, H_VIA]) removeAll(msg, id, edits)
  prepend(msg, 'Via', via, edits)
  addContact(self, msg, contactTowards(from, true, direction), edits)
}

function addContact(self: Topos, msg: SipMessage, contact: string, edits: Edit[]): void {
  if ((msg.methodBit & self.noContact) === 0) append(msg, 'Contact', contact, edits)
}

/** RFC 6665 section 4.1.2.3: "a SUBSCRIBE request with an "Expires" header field value of 0". */
const unsubscribes = (msg: SipMessage): boolean => msg.methodBit === SUBSCRIBE && msg.expires === 0

/** A request in a dialog may end it, or tell of new addresses. */
function followDialog(
  self: Topos,
  msg: SipMessage,
  record: TopologyRecord,
  dialog: TopologyRecord,
  direction: number,
): void {
  if (msg.methodBit === BYE || unsubscribes(msg)) self.store.endDialog(dialog)
  if (msg.methodBit !== INVITE || !link(record, msg, direction)) return
  const changes = contactsOf(record)
  if (self.config.rr_update !== 0 && record.a_rr !== '') {
    if (direction === UPSTREAM) changes.b_rr = record.a_rr.split(',').toReversed().join(',')
    else changes.a_rr = record.a_rr
  }
  self.store.updateDialog(dialog, changes)
}

function reply(self: Topos, msg: SipMessage, edits: Edit[]): void {
  const viaBranch = takeNamed(msg, BRANCH_HEADER, edits)
  // Without it the reply is our own: it has the Vias of the side to which it goes, and no more.
  if (viaBranch === null) {
    if (self.cameMasked(msg.via!.branch)) self.maskCallId(msg, edits)
    return
  }
  if (msg.methodBit === MESSAGE) {
    for (const id of [H_RECORD_ROUTE, H_CONTACT]) removeAll(msg, id, edits)
    return
  }
  const branch = self.store.branch(viaBranch)
  const packed = pack(msg)
  if (branch === null || packed === null) return
  const dialog = self.store.dialog(branch.a_uuid)
  const direction = directionOf(msg, dialog)
  removeAll(msg, H_RECORD_ROUTE, edits)
  if (!keepsContact(msg)) {
    removeAll(msg, H_CONTACT, edits)
    if (dialog !== null) addContact(self, msg, contactTowards(dialog, false, direction), edits)
  }
  const split = (self.config.header_mode & SPLIT_RECORD_ROUTE) !== 0
  append(msg, 'Record-Route', branch.x_rr, edits, split)
  const { record } = packed
  if (tellsContacts(msg)) {
    if (link(record, msg, direction)) {
      const changes = contactsOf(record)
      if (msg.status < 200) self.store.updateBranch(branch, changes)
      else if (dialog !== null) self.store.updateDialog(dialog, changes)
    }
  }
  if (direction === UPSTREAM) self.maskCallId(msg, edits)
}

/** A redirection is about its Contact; where none is, none has to be. */
function keepsContact(msg: SipMessage): boolean {
  const { status } = msg
  if (status >= 300 && status < 400) return true
  if (msg.find(H_CONTACT) >= 0) return false
  return status < 200 || (status >= 400 && status < 500)
}
