/** The URIs in Contact rewritten, each in its place. */
import { endOfValue } from '../../sip/header/list.ts'
import { scanAddress } from '../../sip/header/bounds.ts'
import { Edit } from '../../sip/edit.ts'
import { H_CONTACT } from '../../sip/header-names.ts'
import { BODY, BODY_END, type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Siputils } from './siputils.ts'

/** A part of a URI that goes; what another function does to the rest of it stands beside. */
export interface Cut {
  readonly at: number
  readonly length: number
}

/** What becomes of one URI: another text, a part of it less, null to leave it, or a verdict < 0. */
export type Rewrite = (uri: string, bracketed: boolean) => string | Cut | null | number

/** Rewrites the URIs of all contacts. 1, or the verdict that stopped it; 0 contacts give `none`. */
export function rewriteContacts(
  self: Siputils,
  msg: SipMessage,
  none: number,
  rewrite: Rewrite,
): number {
  const { raw, headers } = msg
  let index = msg.find(H_CONTACT)
  if (index < 0) return none
  for (; index >= 0; index = msg.find(H_CONTACT, index + STRIDE)) {
    const end = headers[index + BODY_END]!
    for (let from = headers[index + BODY]!; from <= end; ) {
      const comma = endOfValue(raw, from, end)
      const verdict = rewriteOne(self, msg, from, comma, rewrite)
      if (verdict < 0) return verdict
      from = comma + 1
    }
  }
  return 1
}

function rewriteOne(
  self: Siputils,
  msg: SipMessage,
  from: number,
  end: number,
  rewrite: Rewrite,
): number {
  const { bounds } = self
  const { raw } = msg
  if (!scanAddress(raw, from, end, bounds)) return self.fail('cannot parse Contact')
  const { uriStart, uriEnd } = bounds
  const uri = raw.slice(uriStart, uriEnd)
  // The one contact that stands for all has no URI.
  if (uri === '*') return 1
  const after = rewrite(uri, raw.charCodeAt(uriEnd) === 0x3e)
  if (typeof after === 'number') return after
  if (typeof after === 'string') msg.addEdit(new Edit(uriStart, uriEnd - uriStart, after))
  else if (after !== null) msg.addEdit(new Edit(uriStart + after.at, after.length, ''))
  return 1
}
