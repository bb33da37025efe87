/**
 * Requests of our own (t_uac_*, and what other modules send): the user agent client of RFC 3261
 * sections 8.1 and 13.2.
 */
import { E_NO_SOCKET, E_SEND, E_UNRESOLVABLE } from '../../core/errors.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'
import { parseNameAddress } from '../../sip/header/address.ts'
import { methodBit } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { defaultPort, parseUri, type SipUri, uriTransport } from '../../sip/uri.ts'
import { ownVia, targetHost } from '../../core/forward.ts'
import type { Resolved } from '../../core/network.ts'
import { type ClientRequest, LOCAL_COMPLETED } from './api.ts'
import { NOWHERE } from './branches.ts'
import { sendLocalAck } from './client-ack.ts'
import { tryAgain } from './client-failure.ts'
import { failoverOf } from './failover.ts'
import { sendLocal } from './local-request.ts'
import { failUnsent, stopBranch } from './send.ts'
import { end, setTimers, wait } from './server.ts'
import type { Tm } from './tm.ts'
import { ClientBranch, HANDLED, NO_AUTO_ACK, PROCEEDING, Transaction } from './transaction.ts'

const FIRST_CSEQ = 10

/** The URI that says where a request is sent: next hop, first route, or request URI. */
function nextHopOf(request: ClientRequest): SipUri | null {
  if (request.nextHop !== undefined && request.nextHop !== '') return parseUri(request.nextHop)
  const first = request.routes?.[0]
  const route = first === undefined ? null : parseNameAddress(first)
  return route === null ? parseUri(request.uri) : route.sipUri
}

/** Starts a request; null when it has nowhere to go. */
export function startRequest(tm: Tm, request: ClientRequest): Transaction | null {
  const hop = nextHopOf(request)
  tm.clientError = E_NO_SOCKET
  if (hop === null) {
    tm.core.log.error('tm', `bad_uri: [${request.nextHop ?? request.uri}]`)
    return null
  }
  const t = new Transaction(tm, request.method, methodBit(request.method), null)
  const callId = request.callId || `${tm.core.random.hex(16)}-${process.pid}@${tm.hostName()}`
  t.callHash = tm.key.ofCall(callId, String(request.cseq ?? FIRST_CSEQ))
  setTimers(tm, t)
  tm.table.insert(t)
  t.state = PROCEEDING
  t.flags |= HANDLED
  if (request.noAck === true) t.flags |= NO_AUTO_ACK
  tm.counters.created++
  tm.counters.current++
  tm.counters.total++
  tm.counters.totalLocal++
  if (request.callback !== undefined)
    t.addCallback(request.events ?? LOCAL_COMPLETED, request.callback)
  const sent = toAddress(tm, t, request, hop, callId)
  if (sent) return t
  t.listeners = null
  t.events = 0
  end(tm, t)
  return null
}

/** Finds the address, at once when it is known; false when the request cannot leave. */
function toAddress(
  tm: Tm,
  t: Transaction,
  request: ClientRequest,
  hop: SipUri,
  callId: string,
): boolean {
  const host = targetHost(hop)
  if (familyOf(host) !== 0) {
    const proto = uriTransport(hop)
    return launch(tm, t, request, callId, {
      proto,
      ip: withoutBrackets(host),
      port: hop.portNumber,
    })
  }
  let now = true
  let ok = true
  const branch = new ClientBranch(t, 0, request.uri, NOWHERE)
  tm.core.network.resolve(host, hop.portNumber, hop.transport, hop.scheme === 'sips', to => {
    ok = to !== null && t.state === PROCEEDING && launch(tm, t, request, callId, to)
    if (now || ok) return
    if (to === null) tm.core.log.error('tm', `failed to resolve "${host}"`)
    const waiting = t.branches[0] ?? branch
    const error = to === null ? E_UNRESOLVABLE : E_SEND
    if (t.status < 200) failUnsent(tm, waiting, error)
    else stopBranch(tm, waiting)
  })
  now = false
  if (ok && t.branches.length === 0) {
    t.branches.push(branch)
    tm.core.timers.arm(branch.final, t.frTimer)
  }
  return ok
}

/** Writes and sends the request. */
function launch(
  tm: Tm,
  t: Transaction,
  request: ClientRequest,
  callId: string,
  to: Resolved,
): boolean {
  const { proto, ip } = to
  const forced = request.socket ?? null
  const scheme = nextHopOf(request)!.scheme
  const socket =
    forced !== null && forced.proto === proto ? forced : tm.core.network.socketFor(proto, ip)
  if (socket === null) {
    tm.core.log.error('tm', `no corresponding socket found for "${ip}"`)
    return false
  }
  tm.clientError = E_SEND
  const branch = t.branches[0] ?? new ClientBranch(t, 0, request.uri, NOWHERE)
  branch.dstUri = request.nextHop ?? ''
  if (t.branches.length === 0) t.branches.push(branch)
  const port = to.port || defaultPort(proto, scheme)
  return sendLocal(tm, {
    branch,
    callId,
    text: write(tm, t, request, callId, socket),
    destination: { proto, ip, port, connection: 0, socket, noConnect: false },
    failover: failoverOf(to, scheme, forced, null),
  })
}

const withTag = (address: string, tag: string): string =>
  tag === '' ? address : `${address};tag=${tag}`

function write(
  tm: Tm,
  t: Transaction,
  request: ClientRequest,
  callId: string,
  socket: SocketInfo,
): string {
  const body = request.body ?? ''
  const fromTag = request.fromTag || `${tm.tagPrefix}-${tm.core.random.hex(8)}`
  let text = `${request.method} ${request.uri} SIP/2.0\r\n`
  text += ownVia(tm.core, socket, `${t.branchPrefix}0`)
  text += `To: ${withTag(request.to, request.toTag ?? '')}\r\n`
  text += `From: ${withTag(request.from, fromTag)}\r\n`
  text += `CSeq: ${request.cseq ?? FIRST_CSEQ} ${request.method}\r\nCall-ID: ${callId}\r\n`
  for (const route of request.routes ?? []) text += `Route: ${route}\r\n`
  const headers = request.headers ?? ''
  // Whoever makes the request may want another one.
  if (!/^max-forwards[ \t]*:/im.test(headers)) text += 'Max-Forwards: 70\r\n'
  text += `Content-Length: ${body.length}\r\n`
  return `${text}${tm.userAgentHeader()}${headers}\r\n${body}`
}

/** The final reply to a request of our own, or its end without one. */
export function localFinal(
  tm: Tm,
  branch: ClientBranch,
  code: number,
  reply: SipMessage | null,
): void {
  const t = branch.transaction
  branch.status = code
  branch.reply = reply
  if (t.status >= 200) return
  // What failed at one place is being tried at another.
  if (code >= 300 && t.branches.some(other => other !== branch && other.status < 200)) return
  if (code >= 300 && tryAgain(tm, branch, () => concludeLocal(tm, branch, code, reply))) return
  concludeLocal(tm, branch, code, reply)
}

function concludeLocal(tm: Tm, branch: ClientBranch, code: number, reply: SipMessage | null): void {
  const t = branch.transaction
  t.status = code
  t.currentReply = reply
  const group = (code / 100) | 0
  if (group < 7) tm.counters.completed[group]!++
  if (t.isInvite && code < 300 && reply !== null) sendLocalAck(tm, t, branch, reply)
  if ((t.events & LOCAL_COMPLETED) !== 0) t.tell(LOCAL_COMPLETED, null, reply, code)
  t.currentReply = null
  wait(tm, t)
}
