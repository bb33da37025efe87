/** get_redirects(): the contacts of 3xx replies become branches. */
import { newBranch } from '../../core/branch.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { contactsOf, type RedirectContact } from './contacts.ts'
import { FLAGS_ADDED, FLAGS_OF_CONTACT, type UacRedirect } from './uac_redirect.ts'

export interface Limits {
  readonly total: number
  readonly perBranch: number
}

const UNLIMITED = Number.POSITIVE_INFINITY
const GREATEST = 255

function readLimit(text: string): number {
  const word = text.trim()
  if (word === '*') return UNLIMITED
  if (!/^\d+$/.test(word)) throw new BadValue(`"${text}" is no number of contacts`, '2, 2:1, *:1')
  const limit = Number(word)
  if (limit > GREATEST) throw new BadValue(`number too big <${limit}> (max=${GREATEST})`)
  return limit === 0 ? UNLIMITED : limit
}

/** `total[:perBranch]`; `*` and 0 are no limit. */
export function readLimits(text: string): Limits {
  const [total = '', perBranch = '*', ...more] = text.split(':')
  if (more.length > 0) throw new BadValue(`"${text}" is no limit`, 'total:perBranch, as "4:2"')
  return { total: readLimit(total), perBranch: readLimit(perBranch) }
}

export const limitsOf = (total: number, perBranch: number): Limits => ({
  total: total === 0 ? UNLIMITED : total,
  perBranch: perBranch === 0 ? UNLIMITED : perBranch,
})

export function getRedirects(
  self: UacRedirect,
  msg: SipMessage,
  limits: Limits,
  reason = '',
): Verdict {
  const transaction = self.tm.transactionOf(msg)
  if (transaction === null) {
    self.core.log.error('uac_redirect', 'no current transaction found')
    return -1
  }
  self.filtersFor(msg)
  let added = 0
  for (const branch of transaction.branches.slice(transaction.legStart)) {
    const { status, reply } = branch
    if (status < 300 || status > 399 || reply === null) continue
    const accepted = contactsOf(reply, self.config.q_value).filter(({ uri }) => self.accepts(uri))
    const most = Math.min(limits.perBranch, limits.total - added)
    if (most <= 0) continue
    for (const contact of accepted.slice(-Math.min(most, accepted.length))) {
      add(self, msg, contact)
      added++
      if (reason !== '') account(self, msg, contact, reason)
    }
  }
  self.clearFilters()
  return added > 0 ? 1 : -1
}

function add(self: UacRedirect, msg: SipMessage, contact: RedirectContact): void {
  const { bflags, flags_hdr_mode: mode } = self.config
  const branch = newBranch(contact.uri)
  branch.q = contact.q
  branch.flags = bflags
  if (contact.flags >= 0 && mode === FLAGS_OF_CONTACT) branch.flags = contact.flags
  if (contact.flags >= 0 && mode === FLAGS_ADDED) branch.flags = contact.flags | bflags
  branch.ruid = `rdir-${self.core.random.hex(16)}`
  if (msg.branches === null) msg.branches = [branch]
  else msg.branches.push(branch)
}

/** The line is about the request as it goes to that contact. */
function account(
  self: UacRedirect,
  msg: SipMessage,
  contact: RedirectContact,
  reason: string,
): void {
  const { newUri, uriConsumed } = msg
  msg.setUri(contact.uri)
  self.account(msg, reason)
  msg.setUri(newUri)
  msg.uriConsumed = uriConsumed
}
