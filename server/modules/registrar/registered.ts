/** registered(): is anybody there, without changing the request. */
import type { Verdict } from '../../core/module/index.ts'
import { REQUEST, type SipMessage } from '../../sip/message.ts'
import type { Contact, LocationView } from '../usrloc/api.ts'
import { addressOfRecord } from './aor.ts'
import { withContacts } from './fetched.ts'
import type { Registrar, TableRef } from './registrar.ts'

// ---- bits of the match argument: what $xavp(cfg=>match_...) must be equal to
const MATCH_CALLID = 1
const MATCH_RECEIVED = 2
const MATCH_CONTACT = 4
// ---- bits of the action argument
const RESTORE_ATTRIBUTES = 1
const SKIP_RECORD = 2

export function registered(
  self: Registrar,
  msg: SipMessage,
  ref: TableRef,
  uri?: string,
  match = 0,
  action = 0,
): Verdict | Promise<Verdict> {
  const text = uri || (msg.type === REQUEST ? msg.uri : (msg.to?.uri ?? ''))
  const aor = addressOfRecord(self, text)
  if (aor === null || aor === '') return -1
  const table = ref.in(self.usrloc)
  return table.waitsToRead
    ? withContacts(self, table, [text], -1, view => among(self, msg, view, aor, match, action))
    : among(self, msg, table, aor, match, action)
}

function among(
  self: Registrar,
  msg: SipMessage,
  view: LocationView,
  aor: string,
  match: number,
  action: number,
): Verdict {
  const now = self.usrloc.now()
  for (const contact of view.contacts(aor)) {
    if (!self.isUsable(contact, now) || !matches(self, msg, contact, match)) continue
    if ((action & SKIP_RECORD) === 0) self.tellRecord(msg, contact, now)
    if ((action & RESTORE_ATTRIBUTES) !== 0) self.restoreAttributes(msg, contact)
    return 1
  }
  return -1
}

function matches(self: Registrar, msg: SipMessage, contact: Contact, match: number): boolean {
  if (match === 0) return true
  const same = (bit: number, name: string, value: string): boolean => {
    const wanted = (match & bit) === 0 ? null : self.setting(msg, name)
    return wanted === null || wanted === value
  }
  return (
    same(MATCH_CALLID, 'match_callid', contact.callId) &&
    same(MATCH_RECEIVED, 'match_received', contact.received) &&
    same(MATCH_CONTACT, 'match_contact', contact.uri)
  )
}
