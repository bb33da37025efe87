/**
 * Which contact on file a contact of a REGISTER is about, and whether the request is newer than it.
 */
import type { SipMessage } from '../../sip/message.ts'
import {
  type Contact,
  MATCH_CONTACT_CALLID,
  MATCH_CONTACT_CALLID_ONLY,
  MATCH_CONTACT_PATH,
} from '../usrloc/api.ts'
import type { Binding } from './bindings.ts'
import type { Registrar } from './registrar.ts'
import { sameUri } from './same-uri.ts'

export type Order = 'newer' | 'retransmission' | 'older'

/**
 * RFC 3261 section 10.3 step 7: "If the Call-ID value in the existing binding differs from the
 * Call-ID value in the request, the binding MUST be removed if the expiration time is zero and
 * updated otherwise. If they are the same, the registrar compares the CSeq value. If the value is
 * higher than that of the existing binding, it MUST update or remove the binding as above. If not,
 * the update MUST be aborted and the request fails."
 */
export function checkOrder(self: Registrar, msg: SipMessage, contact: Contact, now: number): Order {
  if (contact.callId !== msg.callId) return 'newer'
  const cseq = msg.cseq?.number ?? 0
  if (cseq > contact.cseq) return 'newer'
  const recent = contact.modified + self.usrloc.cseqDelay > now
  return cseq === contact.cseq && recent ? 'retransmission' : 'older'
}

/**
 * Finds the contact that each binding is about; false when the request is older than one of them.
 */
export function matchAll(
  self: Registrar,
  msg: SipMessage,
  existing: Contact[],
  bindings: Binding[],
  path: string,
  now: number,
): boolean {
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i]!
    const known = find(self, msg, existing, binding, path)
    binding.known = known
    for (let k = 0; k < i; k++) if (isRepeated(bindings[k]!, binding)) bindings[k]!.skip = true
    // What has run out is no binding any more; the record only waits for the sweep.
    if (known === null || known.isExpired(now)) continue
    const order = checkOrder(self, msg, known, now)
    if (order === 'older') return false
    if (order === 'retransmission') binding.skip = true
  }
  return true
}

function find(
  self: Registrar,
  msg: SipMessage,
  existing: Contact[],
  binding: Binding,
  path: string,
): Contact | null {
  const { instance, regId, uri } = binding
  // An instance names the phone, whatever address it has now (RFC 5626 section 6).
  if (instance !== '') {
    for (const contact of existing)
      if (contact.instance === instance && contact.regId === regId) return contact
    return null
  }
  const mode = self.usrloc.matchingMode
  for (let i = 0; i < existing.length; i++) {
    const contact = existing[i]!
    if (mode === MATCH_CONTACT_CALLID_ONLY) {
      if (contact.callId === msg.callId) return contact
      continue
    }
    if (mode === MATCH_CONTACT_CALLID && contact.callId !== msg.callId) continue
    if (mode === MATCH_CONTACT_PATH && contact.path !== path) continue
    if (sameUri(contact.uri, uri)) return contact
  }
  return null
}

/** The same contact twice in one request: the one dealt with last counts. */
function isRepeated(earlier: Binding, later: Binding): boolean {
  if (later.known !== null) return earlier.known === later.known
  return (
    earlier.known === null &&
    earlier.instance === later.instance &&
    earlier.regId === later.regId &&
    sameUri(earlier.uri, later.uri)
  )
}

/** How many contacts there would be. */
export function countAfter(existing: Contact[], bindings: Binding[], now: number): number {
  let count = 0
  for (const contact of existing) if (!contact.isExpired(now)) count++
  for (const { known, skip, expires } of bindings) {
    if (skip) continue
    const counted = known !== null && !known.isExpired(now)
    if (expires > 0 && !counted) count++
    else if (expires === 0 && counted) count--
  }
  return count
}
