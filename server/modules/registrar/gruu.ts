/** GRUUs (RFC 5627): URIs that lead to one phone of a user, written and read as Kamailio does. */
import { hashText } from '../../core/shared/location-hash.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Contact } from '../usrloc/api.ts'
import type { Registrar } from './registrar.ts'

const reversed = (text: string): string => text.split('').reverse().join('')

/** An instance without the angle brackets that most phones write. */
export const bareInstance = (text: string): string =>
  text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text

/** `;pub-gruu="...";temp-gruu="..."` for a contact with an instance (RFC 5627 section 5.3). */
export function printGruus(self: Registrar, msg: SipMessage, contact: Contact): string {
  const host = msg.to?.sipUri?.host ?? ''
  const account = self.usrloc.useDomain ? contact.aor : `${contact.aor}@${host}`
  const bare = bareInstance(contact.instance)
  const mark = reversed(hashText(contact.aor).toString(16))
  return `;pub-gruu="sip:${account};gr=${bare}";temp-gruu="sip:${contact.ruid}-${mark}@${host};gr"`
}

/** The user part of a temporary GRUU: the hash of its address of record and a unique name. */
export function parseTemporary(user: string): { hash: number; ruid: string } | null {
  const dash = user.lastIndexOf('-')
  const hash = Number.parseInt(reversed(user.slice(dash + 1)), 16)
  return dash <= 0 || Number.isNaN(hash) ? null : { hash: hash >>> 0, ruid: user.slice(0, dash) }
}
