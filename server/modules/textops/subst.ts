/**
 * Substitutions, '/expression/replacement/flags', in the message, its body, one header or the
 * request URI.
 */
import type { Verdict } from '../../core/module/index.ts'
import type { Substitution } from '../../core/substitution.ts'
import { Edit } from '../../sip/edit.ts'
import type { HeaderName } from '../../sip/header-match.ts'
import { type SipMessage } from '../../sip/message.ts'
import { partsOf, printUri } from '../../sip/uri-print.ts'
import { bodyOffset, headersMeant, type Which } from './search.ts'
import { bodyEnd, type Textops } from './textops.ts'

function substituteIn(msg: SipMessage, from: number, end: number, by: Substitution): Verdict {
  const changes = by.matches(msg, msg.raw.slice(from, end))
  for (const change of changes) msg.addEdit(new Edit(from + change.at, change.remove, change.text))
  return changes.length > 0 ? 1 : -1
}

/** Behind the first line. */
export function substitute(_self: Textops, msg: SipMessage, by: Substitution): Verdict {
  return substituteIn(msg, msg.headersStart, bodyEnd(msg), by)
}

export function substituteBody(_self: Textops, msg: SipMessage, by: Substitution): Verdict {
  return substituteIn(msg, msg.bodyStart, bodyEnd(msg), by)
}

export function substituteHeader(
  _self: Textops,
  msg: SipMessage,
  name: HeaderName,
  by: Substitution,
  which: Which,
): Verdict {
  let verdict = -1
  for (const index of headersMeant(msg, name, which)) {
    const from = bodyOffset(msg, index)
    if (substituteIn(msg, from, from + msg.bodyAt(index).length, by) > 0) verdict = 1
  }
  return verdict
}

export function substituteUri(_self: Textops, msg: SipMessage, by: Substitution): Verdict {
  const uri = by.apply(msg, msg.uri)
  if (uri === null) return -1
  msg.setUri(uri)
  return 1
}

export function substituteUser(_self: Textops, msg: SipMessage, by: Substitution): Verdict {
  const uri = msg.sipUri
  const user = uri === null ? null : by.apply(msg, uri.user)
  if (uri === null || user === null) return -1
  msg.setUri(printUri({ ...partsOf(uri), user }))
  return 1
}
