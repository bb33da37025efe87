/** The edit that puts another URI into From or To: seen by who wants to put in one more. */
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AddressParts } from './address-parts.ts'

class UriEdit extends Edit {}

export const isReplaced = (msg: SipMessage, { uri }: AddressParts): boolean =>
  msg.edits?.some(edit => edit instanceof UriEdit && edit.at === uri) === true

export const putUri = (msg: SipMessage, { uri, uriText }: AddressParts, text: string): void =>
  msg.addEdit(new UriEdit(uri, uriText.length, text))
