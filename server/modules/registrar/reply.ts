/**
 * The reply to a REGISTER: status, contacts on file and what else the request is owed, built as one
 * text.
 */
import { REQUEST, type SipMessage } from '../../sip/message.ts'
import { PERMANENT, type Contact } from '../usrloc/api.ts'
import type { Failure } from './failure.ts'
import { printGruus } from './gruu.ts'
import type { Registrar } from './registrar.ts'

/** RFC 3261 section 20.19: the longest time that can be written. */
const FOREVER = 0xffffffff

/** All that the reply is made of. */
export interface Answer {
  readonly code: number
  readonly reason: string
  /** Whole header lines. */
  readonly headers: string
}

/** `0.5`, `1`, `0.123`. */
function printQ(q: number): string {
  if (q >= 1000) return '1'
  let digits = String(q).padStart(3, '0')
  while (digits.endsWith('0')) digits = digits.slice(0, -1)
  return digits === '' ? '0' : `0.${digits}`
}

/**
 * RFC 3261 section 10.3 step 8: "The response MUST contain Contact header field values enumerating
 * all current bindings. Each Contact value MUST feature an "expires" parameter".
 */
export function printContacts(
  self: Registrar,
  msg: SipMessage,
  contacts: readonly Contact[],
  gruu: boolean,
  now: number,
): string {
  const { received_param: receivedName } = self.config
  let text = ''
  for (let i = 0; i < contacts.length; i++) {
    const contact = contacts[i]!
    if (contact.isExpired(now)) continue
    const left = contact.expires === PERMANENT ? FOREVER : contact.expires - now
    text += `${text === '' ? 'Contact: <' : ', <'}${contact.uri}>`
    if (contact.q >= 0) text += `;q=${printQ(contact.q)}`
    text += `;expires=${left}`
    if (contact.received !== '' && receivedName !== '')
      text += `;${receivedName}="${contact.received}"`
    if (contact.instance === '') continue
    if (gruu) text += printGruus(self, msg, contact)
    text += `;+sip.instance="${contact.instance}"`
    if (contact.regId > 0) text += `;reg-id=${contact.regId}`
  }
  return text === '' ? '' : `${text}\r\n`
}

export function failureHeaders(failure: Failure): string {
  return `P-Registrar-Error: ${failure.error}\r\n`
}

/** Sends the answer, or keeps it for reg_send_reply(). */
export function answer(self: Registrar, msg: SipMessage, hold: boolean, what: Answer): void {
  if (what.code < 300) self.stats.accepted_regs.value++
  else self.stats.rejected_regs.value++
  if (hold) {
    self.held.set(msg, what)
  } else send(self, msg, what)
}

/**
 * Puts the headers of the answer beside those that the script asked for; false when a reply cannot
 * be sent.
 */
export function send(self: Registrar, msg: SipMessage, what: Answer): boolean {
  // save() in a reply route stores what another registrar has accepted; that one has answered.
  if (msg.type !== REQUEST) return false
  addHeaders(msg, what.headers)
  return self.sl.sendReply(msg, what.code, what.reason) > 0
}

export function addHeaders(msg: SipMessage, headers: string): void {
  if (headers === '') return
  if (msg.replyLumps === null) msg.replyLumps = [headers]
  else msg.replyLumps.push(headers)
}

/** reg_send_reply(): 1 when the reply that save() held back was sent. */
export function sendHeldReply(self: Registrar, msg: SipMessage): number {
  const held = self.held.get(msg)
  if (held === undefined) return -1
  self.held.delete(msg)
  return send(self, msg, held) ? 1 : -1
}
