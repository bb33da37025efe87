/** The contacts of a redirect in the order of their q values. */
import { parseQ } from '../../core/branch.ts'
import { parseNameAddressList } from '../../sip/header/address.ts'
import { H_CONTACT } from '../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'

export interface RedirectContact {
  readonly uri: string
  /** 0 to 1000. */
  readonly q: number
  /** The parameter `flags`, -1 when there is none. */
  readonly flags: number
}

/** All contacts, the best ones last; `defaultQ` is for those that say none. */
export function contactsOf(reply: SipMessage, defaultQ: number): RedirectContact[] {
  const found: RedirectContact[] = []
  for (let i = reply.find(H_CONTACT); i >= 0; i = reply.find(H_CONTACT, i + STRIDE)) {
    for (const contact of parseNameAddressList(reply.bodyAt(i)) ?? []) {
      if (contact.uri === '*') continue
      const written = contact.param('q')
      const q = written === null ? defaultQ : parseQ(written)
      // A q that is none: Kamailio leaves the contact out.
      if (q < 0) continue
      const flags = contact.param('flags') ?? ''
      found.push({
        uri: contact.uri,
        q,
        flags: /^\d{1,10}$/.test(flags) ? Number(flags) : -1,
      })
    }
  }
  return found.sort((a, b) => a.q - b.q)
}
