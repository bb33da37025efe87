/**
 * Changes of the message as a whole: read again, replaced, without its body, with other headers or
 * another status.
 */
import type { Verdict } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE, LINES } from '../../core/regex.ts'
import { Edit, SocketEdit } from '../../sip/edit.ts'
import {
  H_CALL_ID,
  H_CONTACT,
  H_CONTENT_LENGTH,
  H_CONTENT_TYPE,
  H_CSEQ,
  H_FROM,
  H_MAX_FORWARDS,
  H_RECORD_ROUTE,
  H_ROUTE,
  H_TO,
  H_VIA,
} from '../../sip/header-names.ts'
import { ID, NEXT, START, STRIDE, type SipMessage } from '../../sip/message.ts'
import { printChanged } from '../../sip/print.ts'
import { rebuild, setStatus } from '../../sip/rebuild.ts'
import type { Textopsx } from './textopsx.ts'

/**
 * Makes the changes so far part of the text that later functions see. 0: the new text is no
 * message; the script ends.
 */
export function applyChanges(self: Textopsx, msg: SipMessage): Verdict {
  // What Record-Route says depends on where the request leaves, which nobody knows yet.
  if (msg.edits?.some(edit => edit instanceof SocketEdit) === true)
    return self.fail('cannot apply msg changes after adding record-route header')
  if (rebuild(msg, printChanged(msg))) return 1
  self.fail('the message is malformed after the changes')
  return 0
}

/** Puts another message of the same kind in place of this one. */
export function setBuffer(self: Textopsx, msg: SipMessage, text: string): Verdict {
  if (rebuild(msg, text)) return 1
  return self.fail('the new content is no message of the same kind')
}

/** Changes status and reason phrase of a reply before it goes on. */
export function changeStatus(
  self: Textopsx,
  msg: SipMessage,
  code: number,
  reason: string,
): Verdict {
  if (!mayBecome(self, msg, code)) return -1
  const start = statusStart(msg)
  const end = lineEnd(msg)
  dropEdits(msg, start, end)
  msg.addEdit(new Edit(start, end - start, `${code} ${reason}`))
  setStatus(msg, code)
  return 1
}

export function changeStatusCode(self: Textopsx, msg: SipMessage, code: number): Verdict {
  if (!mayBecome(self, msg, code)) return -1
  const start = statusStart(msg)
  dropEdits(msg, start, start + 3)
  msg.addEdit(new Edit(start, 3, String(code)))
  setStatus(msg, code)
  return 1
}

function mayBecome(self: Textopsx, msg: SipMessage, code: number): boolean {
  if (code < 100 || code > 699) {
    self.fail(`wrong status code: ${code}`)
    return false
  }
  const before = Math.floor(msg.status / 100)
  const after = Math.floor(code / 100)
  // Provisional, positive and negative replies stay what they are: dialogs and transactions hang on
  // it.
  if (before === after || (before > 2 && after > 2)) return true
  self.fail('the class of provisional or positive final replies cannot be changed')
  return false
}

const statusStart = (msg: SipMessage): number => msg.raw.indexOf(' ') + 1

function lineEnd(msg: SipMessage): number {
  const newline = msg.headersStart - 1
  return msg.raw.charCodeAt(newline - 1) === 0x0d ? newline - 1 : newline
}

/** Takes back what an earlier call changed in the status line. */
function dropEdits(msg: SipMessage, start: number, end: number): void {
  if (msg.edits !== null) msg.edits = msg.edits.filter(edit => edit.at < start || edit.at >= end)
}

export function removeBody(_self: Textopsx, msg: SipMessage): Verdict {
  const length = msg.contentLength
  const all = msg.raw.length - msg.bodyStart
  const size = length < 0 ? all : Math.min(length, all)
  if (size > 0) {
    if (msg.edits !== null) msg.edits = msg.edits.filter(edit => edit.at < msg.bodyStart)
    msg.addEdit(new Edit(msg.bodyStart, size, ''))
  }
  return 1
}

/** The names of headers that keep_hf leaves alone. */
export const parseNames = (text: string): RegExp => compileRegex(text, IGNORE_CASE | LINES)

/** Headers that keep_hf leaves alone, as bits by number. */
const KEPT =
  (1 << H_VIA) |
  (1 << H_FROM) |
  (1 << H_TO) |
  (1 << H_CALL_ID) |
  (1 << H_CSEQ) |
  (1 << H_CONTENT_LENGTH) |
  (1 << H_CONTENT_TYPE) |
  (1 << H_MAX_FORWARDS) |
  (1 << H_CONTACT) |
  (1 << H_ROUTE) |
  (1 << H_RECORD_ROUTE)

/** Removes all headers but those that a request cannot do without and those whose name matches. */
export function keepHeaders(_self: Textopsx, msg: SipMessage, names?: RegExp): Verdict {
  const { headers } = msg
  for (let i = 0; i < headers.length; i += STRIDE) {
    const id = headers[i + ID]!
    if (id < 32 && (KEPT & (1 << id)) !== 0) continue
    if (names?.test(msg.nameAt(i)) === true) continue
    const start = headers[i + START]!
    msg.addEdit(new Edit(start, headers[i + NEXT]! - start, ''))
  }
  return 1
}
