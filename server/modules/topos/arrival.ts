/** What comes in: what was stripped of the messages before is put back. */
import { eventMessage } from '../../core/event-message.ts'
import { applyEdits, Edit, inOrder } from '../../sip/edit.ts'
import { H_CALL_ID } from '../../sip/header-names.ts'
import { BODY, BODY_END, SipMessage } from '../../sip/message.ts'
import {
  BYE,
  INFO,
  INVITE,
  NOTIFY,
  PRACK,
  PUBLISH,
  REGISTER,
  SUBSCRIBE,
  UPDATE,
} from '../../sip/method.ts'
import type { Received } from '../../sip/transport.ts'
import { dialogIn } from './contact.ts'
import { DIALOG_ON, DOWNSTREAM, type TopologyRecord, UPSTREAM } from './data.ts'
import {
  append,
  appendRoutes,
  BRANCH_HEADER,
  DIALOG_HEADER,
  SPLIT_RECORD_ROUTE,
  SPLIT_ROUTE,
  SPLIT_VIA,
} from './headers.ts'
import { link, type Packed, pack, subscribedFor } from './pack.ts'
import type { Topos } from './topos.ts'

/** What may come in a dialog that was not answered yet. */
const EARLY = BYE | INFO | PRACK | UPDATE | NOTIFY

/** The message, when it is one that topos looks at. */
export function readable(self: Topos, raw: string, received: Received): SipMessage | null {
  const msg = new SipMessage(raw, received, 0)
  if (msg.bad !== null || msg.version !== 'SIP/2.0') return null
  if (msg.cseq === null || (msg.methodBit & (REGISTER | PUBLISH)) !== 0) return null
  if (msg.from === null || msg.to === null || msg.via === null || msg.find(H_CALL_ID) < 0)
    return null
  const initial = msg.isRequest && msg.to.tag === ''
  return initial && (msg.methodBit & self.noInitial) !== 0 ? null : msg
}

export const printed = (msg: SipMessage, edits: Edit[]): string =>
  edits.length === 0 ? msg.raw : applyEdits(msg.raw, 0, msg.raw.length, inOrder(edits))

export function replaceCallId(msg: SipMessage, callId: string, edits: Edit[]): void {
  const at = msg.find(H_CALL_ID)
  const start = msg.headers[at + BODY]!
  edits.push(new Edit(start, msg.headers[at + BODY_END]! - start, callId))
}

/** The text as the rest of the node is to see it, or null and `resume` gets it later. */
export function arrive(
  self: Topos,
  raw: string,
  received: Received,
  resume: (text: string) => void,
): string | null {
  self.context = ''
  if (self.incoming.present && self.incoming.drops(eventMessage(received.socket, received), null))
    return raw
  const msg = readable(self, raw, received)
  if (msg === null || self.receiving.drops(msg, null)) return raw
  if (msg.isRequest) {
    if (self.config.sanity_checks !== 0 && self.sanity!.checkDefaults(msg) < 1) {
      self.error('sanity checks failed')
      return raw
    }
    if (msg.to!.tag === '') return raw
  }
  const callId = self.realCallId(msg)
  return self.order.run(
    callId,
    () => missing(self, msg, callId),
    () => restored(self, msg, callId),
    resume,
  )
}

/** Loads what the message is about; null when all is in memory. */
function missing(self: Topos, msg: SipMessage, callId: string): Promise<void> | null {
  const { store } = self
  if (!msg.isRequest) {
    const { branch } = msg.via!
    const record = store.branch(branch)
    if (record === null)
      return store.loadBranch(branch).then(() => {
        const loaded = store.branch(branch)
        return loaded === null ? undefined : store.loadDialog(loaded.a_uuid)
      })
    return store.dialog(record.a_uuid) === null ? store.loadDialog(record.a_uuid) : null
  }
  const uuid = dialogIn(self, msg.originalUri)
  if (uuid === '') return null
  if (!store.isFresh(uuid))
    return store.loadDialog(uuid).then(() => missingInvite(self, msg, uuid, callId) ?? undefined)
  return missingInvite(self, msg, uuid, callId)
}

function missingInvite(
  self: Topos,
  msg: SipMessage,
  uuid: string,
  callId: string,
): Promise<void> | null {
  const dialog = self.store.dialog(uuid)
  if (dialog === null || !isEarly(msg, dialog)) return null
  const toTag = msg.to!.tag
  return self.store.isShared || self.store.invite(callId, toTag, uuid) === null
    ? self.store.loadInvite(callId, toTag, uuid)
    : null
}

/** Is it from the caller to a callee of whom only the transaction of the INVITE knows? */
const isEarly = (msg: SipMessage, dialog: TopologyRecord): boolean =>
  (msg.methodBit & EARLY) !== 0 &&
  dialog.b_contact === '' &&
  directionOf(msg, dialog) === DOWNSTREAM

/** Who began the dialog has its From tag in the record. */
export const directionOf = (msg: SipMessage, dialog: TopologyRecord | null): number =>
  dialog !== null && dialog.a_tag === msg.from!.tag ? DOWNSTREAM : UPSTREAM

function restored(self: Topos, msg: SipMessage, callId: string): string {
  const edits: Edit[] = []
  if (callId !== msg.callId) {
    replaceCallId(msg, callId, edits)
    if (msg.isRequest) self.noteMasked(msg.via!.branch)
  }
  const packed = pack(msg)
  if (packed === null) self.error('failed to extract and pack the headers')
  else if (msg.isRequest) request(self, msg, callId, packed, edits)
  else reply(self, msg, callId, packed, edits)
  return printed(msg, edits)
}

function request(
  self: Topos,
  msg: SipMessage,
  callId: string,
  { record }: Packed,
  edits: Edit[],
): void {
  const uuid = dialogIn(self, msg.originalUri)
  const dialog = uuid === '' ? null : self.store.dialog(uuid)
  if (dialog === null) return
  const direction = directionOf(msg, dialog)
  const upstream = direction === UPSTREAM
  const early = isEarly(msg, dialog) ? self.store.invite(callId, msg.to!.tag, uuid) : null
  const uri = upstream ? dialog.a_contact : (early ?? dialog).b_contact
  if (uri !== '') edits.push(new Edit(msg.method.length + 1, msg.originalUri.length, uri))
  const split = (self.config.header_mode & SPLIT_ROUTE) !== 0
  appendRoutes(msg, dialog.s_rr, !upstream, split, edits)
  if (upstream) appendRoutes(msg, dialog.a_rr, false, split, edits)
  else appendRoutes(msg, early === null ? dialog.b_rr : early.y_rr, true, split, edits)
  append(msg, DIALOG_HEADER, dialog.a_uuid, edits)
  if (msg.methodBit !== SUBSCRIBE || !link(record, msg, direction)) return
  // A refresh keeps the dialog alive, and may come from another address.
  self.store.updateDialog(dialog, contactsOf(record))
  self.store.prolongDialog(dialog, subscribedFor(msg))
}

/** What a message says of where the phones are. */
export function contactsOf({ a_contact, b_contact }: TopologyRecord): Partial<TopologyRecord> {
  const changes: Partial<TopologyRecord> = {}
  if (a_contact !== '') changes.a_contact = a_contact
  if (b_contact !== '') changes.b_contact = b_contact
  return changes
}

/** Does the reply say where the phone is that sent it, and by which route it is reached? */
export const tellsContacts = (msg: SipMessage): boolean =>
  (msg.methodBit & (INVITE | SUBSCRIBE)) !== 0 && msg.status >= 180 && msg.status < 300

function reply(
  self: Topos,
  msg: SipMessage,
  callId: string,
  { record }: Packed,
  edits: Edit[],
): void {
  const branch = self.store.branch(record.x_vbranch)
  if (branch === null) return
  const dialog = self.store.dialog(branch.a_uuid)
  const direction = directionOf(msg, dialog)
  record.direction = direction
  if (tellsContacts(msg)) {
    if (!link(record, msg, direction)) {
      self.error('bad sip message or missing Contact hdr')
      return
    }
    record.a_callid = callId
    if (msg.status < 200) self.store.updateBranch(branch, earlyChanges(record, branch))
    else if (dialog !== null) self.store.updateDialog(dialog, answered(self, msg, record, dialog))
  }
  const { header_mode: mode } = self.config
  append(msg, 'Via', branch.x_via, edits, (mode & SPLIT_VIA) !== 0)
  for (const routes of [branch.s_rr, branch.x_rr])
    append(msg, 'Record-Route', routes, edits, (mode & SPLIT_RECORD_ROUTE) !== 0)
  append(msg, BRANCH_HEADER, record.x_vbranch, edits)
}

/** A reply that makes an early dialog. */
function earlyChanges(record: TopologyRecord, branch: TopologyRecord): Partial<TopologyRecord> {
  const changes = contactsOf(record)
  if (branch.b_tag !== '') return changes
  changes.y_rr = record.b_rr
  if (record.b_tag !== '') changes.b_tag = record.b_tag
  return changes
}

/** The INVITE was answered; the first one says by which route the callee is reached. */
function answered(
  self: Topos,
  msg: SipMessage,
  record: TopologyRecord,
  dialog: TopologyRecord,
): Partial<TopologyRecord> {
  const changes: Partial<TopologyRecord> = {}
  if (dialog.b_tag === '') {
    if ((dialog.iflags & DIALOG_ON) === 0) changes.b_rr = record.b_rr
    if (record.b_tag !== '') changes.b_tag = record.b_tag
    changes.iflags = dialog.iflags | DIALOG_ON
  } else if (self.config.rr_update !== 0 && record.b_rr !== '') {
    if (directionOf(msg, dialog) === DOWNSTREAM) changes.b_rr = record.b_rr
    // Recorded on the way from the callee: nearest to the caller first.
    else changes.a_rr = record.b_rr.split(',').toReversed().join(',')
  }
  return changes
}
