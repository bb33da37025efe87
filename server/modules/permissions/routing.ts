/** allow_routing, allow_register and allow_uri: by files of rules. */
import type { Verdict } from '../../core/module/index.ts'
import { H_CONTACT } from '../../sip/header-names.ts'
import { parseNameAddress } from '../../sip/header/address.ts'
import { splitList } from '../../sip/header/list.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { ALLOW_FILES, DENY_FILES, type Permissions } from './permissions.ts'
import { fits, type Rules } from './rules.ts'

interface Pair {
  readonly allow: Rules
  readonly deny: Rules
}

/** A basename stands for two files. null: one of them does not parse. */
export function pairOf(self: Permissions, first?: string, second?: string): Pair | null {
  const { config } = self
  const allowFile =
    first === undefined
      ? config.default_allow_file
      : second === undefined
        ? `${first}${config.allow_suffix}`
        : first
  const denyFile =
    first === undefined ? config.default_deny_file : (second ?? `${first}${config.deny_suffix}`)
  const allow = self.rules(allowFile, ALLOW_FILES)
  const deny = self.rules(denyFile, DENY_FILES)
  return allow === null || deny === null ? null : { allow, deny }
}

/** What the rules see of a branch or a contact: user and host. From and To they see as they are. */
function plain(text: string): string | null {
  const uri = parseUri(text)
  if (uri === null) return null
  return uri.user === '' ? `sip:${uri.host}` : `sip:${uri.user}@${uri.host}`
}

/** Of a request URI, too; without a user Kamailio leaves the @ there. */
function plainRequest({ sipUri }: SipMessage): string | null {
  return sipUri === null ? null : `sip:${sipUri.user}@${sipUri.host}`
}

/** What no rule fits is allowed. */
export const isAllowed = ({ allow, deny }: Pair, left: string, right: string): boolean =>
  fits(allow, left, right) || !fits(deny, left, right)

const isEmpty = ({ allow, deny }: Pair): boolean => allow.length === 0 && deny.length === 0

export function allowRouting(
  self: Permissions,
  msg: SipMessage,
  first?: string,
  second?: string,
): Verdict {
  const pair = pairOf(self, first, second)
  if (pair === null) return -1
  if (isEmpty(pair)) return 1
  const from = msg.from?.uri
  const uri = plainRequest(msg)
  if (from === undefined || uri === null) return -1
  if (!isAllowed(pair, from, uri)) return -1
  if (self.config.check_all_branches === 0) return 1
  for (const branch of msg.branches ?? []) {
    const other = plain(branch.uri)
    if (other === null || !isAllowed(pair, from, other)) return -1
  }
  return 1
}

function contactsOf(msg: SipMessage): string[] {
  const contacts: string[] = []
  for (let i = msg.find(H_CONTACT); i >= 0; i = msg.find(H_CONTACT, i + STRIDE))
    contacts.push(...splitList(msg.bodyAt(i)))
  return contacts
}

export function allowRegister(
  self: Permissions,
  msg: SipMessage,
  first: string,
  second?: string,
): Verdict {
  const pair = pairOf(self, first, second)
  if (pair === null) return -1
  if (isEmpty(pair)) return 1
  const to = msg.to?.uri
  if (to === undefined) return -1
  for (const contact of contactsOf(msg)) {
    // RFC 3261 section 10.2.2: * removes all bindings.
    if (contact.trim() === '*') continue
    const uri = plain(parseNameAddress(contact)?.uri ?? '')
    if (uri === null || !isAllowed(pair, to, uri)) return -1
  }
  return 1
}

export function allowUri(
  self: Permissions,
  msg: SipMessage,
  basename: string,
  uri: string,
): Verdict {
  const pair = pairOf(self, basename)
  if (pair === null) return -1
  if (isEmpty(pair)) return 1
  const from = msg.from?.uri
  return from !== undefined && isAllowed(pair, from, uri) ? 1 : -1
}
