/** Where the parts of From and To stand in the text of a message. */
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
