/**
 * t_uac_send and the tm.t_uac_* commands: a request from texts that an operator or a script wrote.
 */
import { Fault } from '../../../rpc/faults.ts'
import type { SipMessage } from '../../sip/message.ts'
import { STRIDE, START, NEXT, ID } from '../../sip/message.ts'
import {
  H_CALL_ID,
  H_CONTENT_LENGTH,
  H_CONTENT_TYPE,
  H_CSEQ,
  H_FROM,
  H_MAX_FORWARDS,
  H_ROUTE,
  H_TO,
  H_VIA,
} from '../../sip/header-names.ts'
import { parseNameAddress } from '../../sip/header/address.ts'
import { protoNumber, type SocketInfo } from '../../sip/transport.ts'
import { parseUri } from '../../sip/uri.ts'
import type { ClientRequest } from './api.ts'
import { readSent } from './build.ts'
import type { Tm } from './tm.ts'

/** `.` or nothing: left to the server. */
const isOpen = (text: string): boolean => text === '' || text === '.'

const bad = (text: string): Fault => new Fault(400, text)

/** `udp:host:port`, or with any part but the host left out. */
function socketNamed(tm: Tm, text: string): SocketInfo | null {
  const colon = text.indexOf(':')
  const proto = colon > 0 ? protoNumber(text.slice(0, colon)) : 0
  const uri = parseUri(`sip:${proto === 0 ? text : text.slice(colon + 1)}`)
  return uri === null ? null : tm.core.sockets.find(uri.host, uri.portNumber, proto)
}

/** Header names that the request gets from its own fields. */
const OWN = new Set([H_VIA, H_FROM, H_TO, H_CALL_ID, H_CSEQ, H_ROUTE, H_MAX_FORWARDS])

/** An address without its tag: the tag is kept apart. */
function withoutTag(body: string): { address: string; tag: string } {
  const parsed = parseNameAddress(body)
  if (parsed === null) return { address: body, tag: '' }
  const rest = parsed.params.split(';').filter(param => !/^\s*tag\s*=/i.test(param) && param !== '')
  const name = parsed.display === '' ? '' : `${parsed.display} `
  const params = rest.length === 0 ? '' : `;${rest.join(';')}`
  return { address: `${name}<${parsed.uri}>${params}`, tag: parsed.tag }
}

function readHeaders(headers: string): SipMessage {
  if (headers !== '' && !headers.endsWith('\n')) throw bad('Invalid headers')
  const msg = readSent(`X sip:x SIP/2.0\r\n${headers}\r\n`)
  if (msg.bad !== null) throw bad('Invalid headers')
  return msg
}

function checkCSeq(msg: SipMessage, method: string): number | undefined {
  const index = msg.find(H_CSEQ)
  if (index < 0) return undefined
  const { cseq } = msg
  if (cseq === null) throw bad('Non-numerical CSeq')
  if (cseq.method !== method) throw bad('CSeq method mismatch')
  return cseq.number
}

/**
 * Checks the texts in Kamailio's order and makes a request of them; throws the Fault that says what
 * is wrong.
 */
export function readRequest(
  tm: Tm,
  method: string,
  uri: string,
  nextHop: string,
  socketName: string,
  headers: string,
  body: string,
): ClientRequest {
  if (method === '') throw bad('Empty method')
  if (parseUri(uri) === null) throw bad(`Invalid request uri "${uri}"`)
  if (!isOpen(nextHop) && parseUri(nextHop) === null) throw bad(`Invalid next-hop uri "${nextHop}"`)
  const socket = isOpen(socketName) ? null : socketNamed(tm, socketName)
  if (socket === null && !isOpen(socketName)) throw bad(`No local socket for "${socketName}"`)
  const msg = readHeaders(headers)
  if (body !== '' && msg.find(H_CONTENT_TYPE) < 0) throw bad('Content-Type missing')
  if (body !== '' && msg.find(H_CONTENT_LENGTH) >= 0) throw bad('Content-Length disallowed')
  const to = msg.header(H_TO)
  const from = msg.header(H_FROM)
  if (to === null) throw bad('To missing')
  if (from === null) throw bad('From missing')
  const cseq = checkCSeq(msg, method)
  const fromParts = withoutTag(from)
  const toParts = withoutTag(to)
  const request: ClientRequest = {
    method,
    uri,
    from: fromParts.address,
    fromTag: fromParts.tag,
    to: toParts.address,
    toTag: toParts.tag,
    callId: msg.callId,
    routes: routesIn(msg),
    nextHop: isOpen(nextHop) ? '' : nextHop,
    socket,
    headers: otherLines(msg),
    body,
  }
  if (cseq !== undefined) request.cseq = cseq
  return request
}

function routesIn(msg: SipMessage): string[] {
  const routes: string[] = []
  for (let i = msg.find(H_ROUTE); i >= 0; i = msg.find(H_ROUTE, i + STRIDE))
    routes.push(msg.bodyAt(i))
  return routes
}

function otherLines(msg: SipMessage): string {
  let lines = ''
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    const id = msg.headers[i + ID]!
    if (OWN.has(id) || id === H_CONTENT_LENGTH) continue
    const line = msg.raw.slice(msg.headers[i + START], msg.headers[i + NEXT])
    lines += line.endsWith('\r\n') ? line : `${line.trimEnd()}\r\n`
  }
  return lines
}

/** t_uac_send. */
export function tUacSend(
  tm: Tm,
  _msg: SipMessage,
  method: string,
  uri: string,
  nextHop: string,
  socket: string,
  headers: string,
  body: string,
): number {
  const lines = headers === '' || headers.endsWith('\n') ? headers : `${headers}\r\n`
  let request: ClientRequest
  try {
    request = readRequest(tm, method, uri, nextHop, socket, lines, body)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    tm.core.log.error('tm', `t_uac_send: ${error.message}`)
    return -1
  }
  return tm.request(request) === null ? -1 : 1
}
