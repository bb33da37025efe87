/** Another text in place of the received one: what msg_apply_changes() and msg_set_buffer() do. */
import { SipMessage } from './message.ts'

type Writable = { -readonly [K in keyof SipMessage]: SipMessage[K] }

/**
 * Reads `raw` into the message in place of its text. What the script decided (flags, destination,
 * branches, variables) stays; edits and a rewritten request URI are in the new text already. False,
 * and nothing changed, when `raw` is no message or is of the other kind.
 */
export function rebuild(msg: SipMessage, raw: string): boolean {
  const fresh = new SipMessage(raw, msg.received, msg.id)
  if (fresh.bad !== null || fresh.type !== msg.type) return false
  const writable = msg as Writable
  writable.raw = raw
  writable.method = fresh.method
  writable.methodBit = fresh.methodBit
  writable.originalUri = fresh.originalUri
  writable.version = fresh.version
  writable.status = fresh.status
  writable.reason = fresh.reason
  writable.headersStart = fresh.headersStart
  writable.headersEnd = fresh.headersEnd
  writable.bodyStart = fresh.bodyStart
  writable.headers = fresh.headers
  writable.edits = null
  writable.newUri = null
  msg.forgetParsed()
  return true
}

/**
 * A reply's status code as later functions see it; the text changes by an edit
 * (change_reply_status).
 */
export function setStatus(msg: SipMessage, status: number): void {
  const writable = msg as Writable
  writable.status = status
}
