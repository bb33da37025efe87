/** Where the parts of From and To stand in the text of a message. */
import { Edit } from '../../sip/edit.ts'
import { H_FROM } from '../../sip/header-names.ts'
import { BODY, type SipMessage } from '../../sip/message.ts'

export interface AddressParts {
  /** Offset of the display name, or of where one would begin. */
  readonly display: number
  readonly displayLength: number
  readonly uri: number
  readonly uriText: string
  readonly brackets: boolean
}

/** null when the header is missing or malformed. */
export function addressParts(msg: SipMessage, header: number): AddressParts | null {
  const address = header === H_FROM ? msg.from : msg.to
  if (address === null) return null
  const from = msg.headers[msg.find(header) + BODY]!
  const { display } = address
  const displayStart = display === '' ? from : msg.raw.indexOf(display, from)
  const behind = displayStart + display.length
  const bracket = msg.raw.indexOf('<', behind)
  const uri = msg.raw.indexOf(address.uri, behind)
  const brackets = bracket >= 0 && bracket < uri
  return {
    display: display !== '' ? displayStart : brackets ? bracket : uri,
    displayLength: display.length,
    uri,
    uriText: address.uri,
    brackets,
  }
}

/** Puts another display name in, or takes it away; the space behind it stays. */
export function putDisplay(msg: SipMessage, parts: AddressParts, display: string): void {
  const { display: at, displayLength, brackets, uri, uriText } = parts
  if (displayLength > 0) {
    msg.addEdit(new Edit(at, displayLength, display))
    return
  }
  if (display === '') return
  // RFC 3261 section 20.10: with a display name the URI must stand in brackets.
  msg.addEdit(new Edit(at, 0, brackets ? `${display} ` : `${display} <`))
  if (!brackets) msg.addEdit(new Edit(uri + uriText.length, 0, '>'))
}
