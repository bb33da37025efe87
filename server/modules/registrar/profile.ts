/** reg_fetch_contacts() and $ulc(profile=>attribute): contacts for the script to read. */
import {
  ALL_INDEXES,
  BadValue,
  NO_INDEX,
  type PvValue,
  type Verdict,
} from '../../core/module/index.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type Contact, type LocationView, socketText } from '../usrloc/api.ts'
import { addressOfRecord } from './aor.ts'
import { withContacts } from './fetched.ts'
import type { Profile, Registrar, TableRef } from './registrar.ts'

type Reader = (contact: Contact, profile: Profile) => PvValue

const READERS: Readonly<Record<string, Reader>> = {
  aor: (_contact, profile) => profile.aor,
  domain: (_contact, profile) => profile.table,
  aorhash: (_contact, profile) => hashText(profile.aor),
  addr: contact => contact.uri,
  path: contact => contact.path,
  received: contact => contact.received,
  expires: contact => contact.expires,
  callid: contact => contact.callId,
  q: contact => contact.q,
  cseq: contact => contact.cseq,
  flags: contact => contact.flags,
  cflags: contact => contact.branchFlags,
  user_agent: contact => contact.userAgent,
  socket: contact => (contact.socket === null ? null : socketText(contact.socket)),
  modified: contact => contact.modified,
  methods: contact => contact.methods,
  count: (_contact, profile) => profile.contacts.length,
  ruid: contact => contact.ruid,
  regid: contact => contact.regId,
  instance: contact => contact.instance || null,
  conid: contact => (contact.connection < 0 ? null : contact.connection),
  server_id: contact => contact.serverId,
}

export interface ProfileKey {
  readonly profile: string
  readonly read: Reader
}

/** `callee=>addr`. */
export function profileKey(text: string): ProfileKey {
  const arrow = text.indexOf('=>')
  const attribute = text.slice(arrow + 2).trim()
  const read = Object.hasOwn(READERS, attribute) ? READERS[attribute] : undefined
  if (arrow <= 0 || read === undefined) {
    throw new BadValue(
      `$ulc(${text}) is not profile=>attribute`,
      `attributes: ${Object.keys(READERS).join(' ')}`,
    )
  }
  return { profile: text.slice(0, arrow).trim(), read }
}

export function readProfile(
  self: Registrar,
  _msg: SipMessage,
  key: ProfileKey,
  index: number,
): PvValue {
  const profile = self.profiles.get(key.profile)
  if (profile === undefined) return null
  const at = index === NO_INDEX || index === ALL_INDEXES ? 0 : index
  const contact = profile.contacts[at < 0 ? profile.contacts.length + at : at]
  return contact === undefined ? null : key.read(contact, profile)
}

export function fetchContacts(
  self: Registrar,
  _msg: SipMessage,
  ref: TableRef,
  uri: string,
  name: string,
): Verdict | Promise<Verdict> {
  self.profiles.delete(name)
  const aor = addressOfRecord(self, uri)
  if (aor === null || aor === '') return -1
  const table = ref.in(self.usrloc)
  const keep = (view: LocationView): Verdict => {
    const contacts = view.contacts(aor)
    if (contacts.length === 0) return -1
    self.profiles.set(name, { table: ref.name, aor, contacts })
    return 1
  }
  return table.waitsToRead ? withContacts(self, table, [uri], -1, keep) : keep(table)
}

export function freeContacts(self: Registrar, _msg: SipMessage, name: string): Verdict {
  self.profiles.delete(name)
  return 1
}
