/**
 * save(): the registrar's processing of a REGISTER (RFC 3261 section 10.3), first all checks, then
 * all changes.
 */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { knownXavps } from '../../core/xavp.ts'
import { H_SUPPORTED, H_USER_AGENT } from '../../sip/header-names.ts'
import type { NameAddress } from '../../sip/header/address.ts'
import { REQUEST, type SipMessage } from '../../sip/message.ts'
import { streamed } from '../../sip/uri.ts'
import {
  Contact,
  LAST_SECOND,
  type LocationChanges,
  type LocationDraft,
  type LocationTable,
} from '../usrloc/api.ts'
import { addressOf, addressOfRecord } from './aor.ts'
import { type Binding, readBinding, readContacts, STAR } from './bindings.ts'
import {
  BAD_AOR,
  BAD_CSEQ,
  BAD_PATH,
  type Failure,
  NO_PATH_SUPPORT,
  NO_RECORD,
  NOT_WRITTEN,
  TOO_BRIEF,
  TOO_MANY,
} from './failure.ts'
import { checkOrder, countAfter, matchAll } from './match.ts'
import { hasOption } from '../../sip/header/option-tags.ts'
import { checkOutbound, outboundHeaders } from './outbound.ts'
import { readPath, receivedOfPath } from './path.ts'
import {
  type Registrar,
  SAVE_IN_MEMORY_ONLY,
  SAVE_NO_REPLY,
  SAVE_ONE_CONTACT,
  SAVE_PREPARE_REPLY,
  type TableRef,
} from './registrar.ts'
import { addHeaders, answer, failureHeaders, printContacts } from './reply.ts'
import { registeringSocket } from './socket.ts'

/** What save() tells the script. */
const INSERTED = 1
const UPDATED = 2
const DELETED = 3
const FETCHED = 4
const FAILED = -1
const TOO_MANY_CONTACTS = -2

/** User-Agent of a phone that does not say. */
const NO_AGENT = 'n/a'

/** `0x04`, `4`. */
export function parseSaveFlags(text: string): number {
  const flags = Number(text === '' ? 0 : text)
  if (!Number.isInteger(flags) || flags < 0)
    throw new BadValue(`save flags must be a number, not "${text}"`, 'for example 0x02')
  return flags
}

/** What one call of save() is about. */
interface Call {
  readonly msg: SipMessage
  readonly table: LocationChanges
  /** Where changes have to be written before they count; null when they count at once. */
  readonly draft: LocationDraft | null
  readonly aor: string
  readonly flags: number
  /**
   * Second in which it began: what is stored by it and what is told of it are of one moment, so
   * that a phone that asks for 120 seconds is never told 119.
   */
  readonly now: number
}

export function save(
  self: Registrar,
  msg: SipMessage,
  ref: TableRef,
  flags = 0,
  aorUri?: string,
): Verdict | Promise<Verdict> {
  const contacts = readContacts(self, msg)
  if (contacts !== STAR && !Array.isArray(contacts)) return refuse(self, msg, flags, contacts, '')
  const uri = aorUri === undefined ? msg.to?.sipUri : undefined
  let aor: string | null
  if (uri) aor = addressOf(self, uri)
  else aor = addressOfRecord(self, aorUri ?? '')
  if (aor === null || aor === '') return refuse(self, msg, flags, BAD_AOR, '')
  const table = ref.in(self.usrloc)
  if (table.waitsToWrite) return saveWritten(self, msg, table, aor, flags, contacts)
  return carryOut(self, { msg, table, draft: null, aor, flags, now: self.usrloc.now() }, contacts)
}

/** The same where a change counts when the database has it. */
async function saveWritten(
  self: Registrar,
  msg: SipMessage,
  table: LocationTable,
  aor: string,
  flags: number,
  contacts: NameAddress[] | typeof STAR,
): Promise<Verdict> {
  const draft = await table.draft(aor)
  if (draft === null) return refuse(self, msg, flags, NO_RECORD, '')
  try {
    const now = self.usrloc.now()
    return await carryOut(self, { msg, table: draft, draft, aor, flags, now }, contacts)
  } finally {
    draft.release()
  }
}

function carryOut(
  self: Registrar,
  call: Call,
  contacts: NameAddress[] | typeof STAR,
): Verdict | Promise<Verdict> {
  if (contacts === STAR) return removeEverything(self, call)
  if (contacts.length > 0) return saveContacts(self, call, contacts)
  // RFC 3261 section 10.3 step 6: "If not [present], it skips to the last step."
  accept(self, call, '', null)
  return FETCHED
}

/** RFC 3261 section 10.3 step 6: all bindings go, unless one of them is newer than this request. */
function removeEverything(self: Registrar, call: Call): Verdict | Promise<Verdict> {
  const { table, aor, msg, now } = call
  for (const contact of table.contacts(aor)) {
    // "If it does agree, it MUST remove the binding only if the CSeq in the request is higher than
    // the value stored for that binding. Otherwise, the update MUST be aborted and the request
    // fails."
    if (!contact.isExpired(now) && checkOrder(self, msg, contact, now) !== 'newer')
      return refuse(self, msg, call.flags, BAD_CSEQ, contactsNow(self, call))
  }
  table.removeAll(aor)
  if (call.draft !== null)
    return settle(self, call, call.draft, DELETED, () => finish(self, call, 200, 'OK', ''))
  finish(self, call, 200, 'OK', '')
  return DELETED
}

/** Answers when the changes are written, or says that they could not be. */
async function settle(
  self: Registrar,
  call: Call,
  draft: LocationDraft,
  verdict: Verdict,
  answered: () => void,
): Promise<Verdict> {
  const failed = await draft.commit()
  if (failed === null) {
    answered()
    return verdict
  }
  // As Kamailio: only who would have refreshed a contact is told what is on file.
  const before = failed === 'update' ? contactsNow(self, call) : ''
  return refuse(self, call.msg, call.flags, NOT_WRITTEN[failed], before)
}

function saveContacts(
  self: Registrar,
  call: Call,
  addresses: NameAddress[],
): Verdict | Promise<Verdict> {
  const { msg, table, aor, flags, now } = call
  const existing = table.contacts(aor)
  const bindings: Binding[] = []
  for (let i = 0; i < addresses.length; i++) {
    const binding = readBinding(self, msg, addresses[i]!, flags)
    if ('code' in binding) return refuseBinding(self, call, binding)
    bindings.push(binding)
  }
  const path = pathOf(self, msg, bindings)
  if (typeof path !== 'string')
    return refuse(self, msg, flags, path, failedPathHeaders(self, call, path))
  const outbound = checkOutbound(self, msg, bindings, path)
  if (outbound !== null) return refuse(self, msg, flags, outbound.failure, outbound.headers)
  // RFC 3261 section 10.3 step 7: "The binding updates MUST be committed [...] if and only if all
  // binding updates and additions succeed": so nothing changes before all of them have been
  // checked.
  if (!matchAll(self, msg, existing, bindings, path, now)) {
    self.core.log.warn('registrar', `invalid cseq for aor <${aor}>`)
    return refuse(self, msg, flags, BAD_CSEQ, contactsNow(self, call))
  }
  const most = self.numberSetting(msg, 'max_contacts') ?? self.config.max_contacts
  if (most > 0 && (flags & SAVE_ONE_CONTACT) === 0) {
    if (countAfter(existing, bindings, now) > most) {
      refuse(self, msg, flags, TOO_MANY, contactsNow(self, call))
      return TOO_MANY_CONTACTS
    }
  }
  const verdict = store(self, call, existing, bindings, path)
  const known = only(existing, bindings)
  if (call.draft !== null)
    return settle(self, call, call.draft, verdict, () => accept(self, call, path, known))
  accept(self, call, path, known)
  return verdict
}

/** The Path to store; or why the request cannot be taken. */
function pathOf(self: Registrar, msg: SipMessage, bindings: Binding[]): string | Failure {
  const { config } = self
  if (config.use_path === 0 || bindings.every(binding => binding.expires === 0)) return ''
  const path = readPath(msg)
  if (path === null) return BAD_PATH
  if (config.path_use_received !== 0 && receivedOfPath(path) === null) return BAD_PATH
  const strict = config.path_mode === 2 && path !== ''
  return strict && !hasOption(msg, H_SUPPORTED, 'path') ? NO_PATH_SUPPORT : path
}

const failedPathHeaders = (self: Registrar, call: Call, failure: Failure): string =>
  failure === NO_PATH_SUPPORT ? 'Unsupported: path\r\n' : contactsNow(self, call)

/**
 * The contacts on file after the change where that is plain to see, as it mostly is: the one that
 * was refreshed or added. Null: they have to be read again.
 */
function only(existing: Contact[], bindings: Binding[]): Contact[] | null {
  const [binding] = bindings
  if (binding === undefined || bindings.length > 1 || binding.stored === null) return null
  return existing.length === (binding.known === null ? 0 : 1) ? [binding.stored] : null
}

/** Carries out what has been checked; the verdict tells of the last change. */
function store(
  self: Registrar,
  call: Call,
  existing: Contact[],
  bindings: Binding[],
  path: string,
): Verdict {
  const { table, aor } = call
  let verdict = INSERTED
  let stored = 0
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i]!
    if (binding.skip) continue
    const { known } = binding
    if (binding.expires === 0) {
      if (known === null) continue
      table.remove(known)
      verdict = DELETED
      continue
    }
    const contact = known ?? new Contact()
    fill(self, call, contact, binding, path)
    binding.stored = contact
    if (known === null) {
      table.insert(aor, contact)
      verdict = INSERTED
    } else {
      table.update(contact)
      verdict = UPDATED
    }
    stored++
  }
  if ((call.flags & SAVE_ONE_CONTACT) !== 0 && stored > 0) {
    for (const contact of existing)
      if (!bindings.some(binding => binding.known === contact)) table.remove(contact)
  }
  return verdict
}

function fill(self: Registrar, call: Call, contact: Contact, binding: Binding, path: string): void {
  const { usrloc, config } = self
  const { msg } = call
  contact.uri = binding.uri
  contact.expires = Math.min(call.now + binding.expires, LAST_SECOND)
  contact.q = binding.q
  contact.callId = msg.callId
  contact.cseq = msg.cseq?.number ?? 0
  contact.flags = call.flags & SAVE_IN_MEMORY_ONLY
  contact.branchFlags = msg.branchFlags >>> 0
  contact.userAgent = msg.header(H_USER_AGENT) || NO_AGENT
  contact.path = path
  contact.methods = binding.methods
  contact.received = receivedOf(self, msg, binding)
  if (path !== '' && config.path_use_received !== 0) {
    const received = receivedOfPath(path)
    if (received) {
      contact.received = received
      contact.branchFlags = (contact.branchFlags | usrloc.natFlag) >>> 0
    }
  }
  contact.keepalive = (contact.branchFlags & usrloc.natFlag) !== 0 ? 1 : 0
  contact.socket = registeringSocket(self, msg)
  contact.connection = streamed(msg.received.proto) ? msg.received.connection : -1
  contact.serverId = self.core.params.server_id
  if (binding.instance !== '') {
    contact.instance = binding.instance
    contact.regId = binding.regId
  }
  if (usrloc.xavpContact !== '')
    contact.extra = knownXavps(msg)?.list(usrloc.xavpContact)?.copy() ?? null
}

function receivedOf(self: Registrar, msg: SipMessage, binding: Binding): string {
  if (binding.received !== '') return binding.received
  const value = self.config.received_avp?.get(msg) ?? null
  return value === null ? '' : String(value)
}

const contactsNow = (self: Registrar, call: Call): string =>
  printContacts(self, call.msg, call.table.contacts(call.aor), false, call.now)

/** A contact cannot be taken: the reply tells what is on file. */
function refuseBinding(self: Registrar, call: Call, failure: Failure): Verdict {
  let headers = contactsNow(self, call)
  // RFC 3261 section 10.3 step 7: "This response MUST contain a Min-Expires header field".
  if (failure === TOO_BRIEF) headers += `Min-Expires: ${self.config.min_expires}\r\n`
  return refuse(self, call.msg, call.flags, failure, headers)
}

/**
 * The reply to a request that is taken: what is on file now, and what the phone must know of
 * extensions.
 */
function accept(self: Registrar, call: Call, path: string, known: Contact[] | null): void {
  const { msg, table, aor, now } = call
  const { config } = self
  const contacts = known ?? table.contacts(aor)
  let gruu = false
  if (config.gruu_enabled !== 0) {
    for (let i = 0; i < contacts.length && !gruu; i++) gruu = contacts[i]!.instance !== ''
    gruu = gruu && hasOption(msg, H_SUPPORTED, 'gruu')
  }
  let headers = printContacts(self, msg, contacts, gruu, now)
  if (path !== '' && config.path_mode !== 0 && hasOption(msg, H_SUPPORTED, 'path'))
    headers += `Path: ${path}\r\n`
  if (config.outbound_mode !== 0) headers += outboundHeaders(self, msg)
  if (config.xavp_rcd !== '') for (const contact of contacts) self.tellRecord(msg, contact, now)
  finish(self, call, 200, 'OK', headers)
}

function refuse(
  self: Registrar,
  msg: SipMessage,
  flags: number,
  failure: Failure,
  before: string,
): Verdict {
  let headers = before + failureHeaders(failure)
  if (failure === TOO_MANY && self.config.retry_after > 0)
    headers += `Retry-After: ${self.config.retry_after}\r\n`
  respond(self, msg, flags, failure.code, failure.reason, headers)
  return FAILED
}

function finish(self: Registrar, call: Call, code: number, reason: string, headers: string): void {
  respond(self, call.msg, call.flags, code, reason, headers)
}

function respond(
  self: Registrar,
  msg: SipMessage,
  flags: number,
  code: number,
  reason: string,
  headers: string,
): void {
  const hold = (flags & SAVE_NO_REPLY) !== 0
  if (hold && (flags & SAVE_PREPARE_REPLY) !== 0 && msg.type === REQUEST) {
    addHeaders(msg, headers)
    answer(self, msg, true, { code, reason, headers: '' })
  } else answer(self, msg, hold, { code, reason, headers })
}
