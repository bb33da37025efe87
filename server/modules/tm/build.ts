/** ACK and CANCEL for a client transaction, made from the text of the request that was sent. */
import {
  H_CALL_ID,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_FROM,
  H_MAX_FORWARDS,
  H_ROUTE,
  H_TO,
  H_VIA,
} from '../../sip/header-names.ts'
import { ID, NEXT, SipMessage, START, STRIDE } from '../../sip/message.ts'
import type { Received } from '../../sip/transport.ts'

/** The sent text was never received: nobody asks where it came from. */
const NOWHERE = null as unknown as Received

/** The line of the first header with this number, with its line end; '' when there is none. */
export function headerLine(msg: SipMessage, id: number): string {
  const index = msg.find(id)
  return index < 0 ? '' : msg.raw.slice(msg.headers[index + START], msg.headers[index + NEXT])
}

/** Reads a text of our own back. */
export const readSent = (text: string): SipMessage => new SipMessage(text, NOWHERE, 0)

/**
 * RFC 3261 section 17.1.1.3 (ACK) and 9.1 (CANCEL): Request-URI, Call-ID, From, CSeq number and the
 * single top Via are those of the request, Route headers too. `to` is the To line of the reply, ''
 * keeps that of the request; `extraPrefix` names more headers to take over; `last` comes behind
 * all. Headers keep their order.
 */
export function buildFromSent(
  sent: string,
  method: string,
  to: string,
  extraPrefix: string,
  last: string,
): string {
  const msg = readSent(sent)
  const { headers, raw } = msg
  let text = `${method} ${msg.originalUri} SIP/2.0\r\n`
  let viaDone = false
  let length = 'Content-Length: 0\r\n'
  for (let i = 0; i < headers.length; i += STRIDE) {
    const line = raw.slice(headers[i + START], headers[i + NEXT])
    switch (headers[i + ID]) {
      case H_VIA:
        if (!viaDone) text += firstVia(msg, line)
        viaDone = true
        break
      case H_TO:
        text += to === '' ? line : to
        break
      case H_CSEQ:
        text += `CSeq: ${msg.cseq!.text} ${method}\r\n`
        break
      case H_CONTENT_LENGTH:
        text += length
        length = ''
        break
      case H_FROM:
      case H_CALL_ID:
      case H_ROUTE:
      case H_MAX_FORWARDS:
        text += line
        break
      default:
        if (extraPrefix !== '' && hasPrefix(line, extraPrefix)) text += line
    }
  }
  return `${text}${length}${last}\r\n`
}

/** Our own Via stands in a line of its own. */
const firstVia = (msg: SipMessage, line: string): string => {
  const via = msg.via
  return via === null ? line : `Via: ${msg.raw.slice(via.start, via.end)}\r\n`
}

const hasPrefix = (line: string, prefix: string): boolean =>
  line.length >= prefix.length &&
  line.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()
