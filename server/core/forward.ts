/**
 * Stateless forwarding: replies that belong to no transaction, and the core function forward() (RFC
 * 3261 section 16.11).
 */
import { createHash } from 'node:crypto'
import { familyOf, inBrackets } from '../lib/ip.ts'
import { ERROR_CONNECT, ERROR_SEND } from '../net/blocklist.ts'
import { MAGIC_COOKIE } from '../sip/header/via.ts'
import { MSG_ADD_LOCAL_RPORT, type SipMessage } from '../sip/message.ts'
import { printForwardedReply, printRequest } from '../sip/print.ts'
import { type Destination, type SocketInfo, UDP, viaPrefix } from '../sip/transport.ts'
import { defaultPort, parseUri, type SipUri } from '../sip/uri.ts'
import type { Core } from './core.ts'
import { E_DROPPED } from './errors.ts'
import type { Resolved } from './network.ts'
import {
  destinationOf,
  insteadOfUdp,
  runOnsend,
  runOnsendForReply,
  sendSocket,
} from './outgoing.ts'
import type { CoreStatistics } from './statistics.ts'
import { viaSettings } from './via-settings.ts'

/** Sends a reply to where its second Via says (RFC 3261 section 16.11, 18.2.2). */
export function forwardReply(core: Core, stats: CoreStatistics, msg: SipMessage): void {
  const next = msg.via2
  if (next === null || !isForUs(core, msg)) {
    stats.droppedReplies.value++
    return
  }
  const port = next.rport !== null && next.rport !== '' ? Number(next.rport) : next.port
  const proto = next.proto || msg.received.proto
  const host = next.received !== '' ? next.received : next.host
  // RFC 3263 section 5: a sent-by that is a name without port has servers to be tried in turn.
  const sendTo = (to: Resolved | null): void => {
    if (to === null) core.log.notice('<core>', `resolve_host(${host}) failure`)
    const sent = to !== null && sendReply(core, msg, proto, to.ip, to.port || defaultPort(proto))
    if (sent) stats.forwardedReplies.value++
    else if (to?.more) to.more.next(sendTo)
    else stats.replyErrors.value++
  }
  core.network.resolve(host, port, proto, false, sendTo)
}

/**
 * RFC 3261 section 18.1.2: a reply whose topmost Via was not put there by us is silently discarded.
 * As in Kamailio only with check_via: an address in front of us may have another name.
 */
function isForUs(core: Core, msg: SipMessage): boolean {
  if (core.params.check_via === 0) return true
  const via = msg.via!
  return core.sockets.isMyself(via.host, via.port === 0 ? 5060 : via.port, 0)
}

function sendReply(core: Core, msg: SipMessage, proto: number, ip: string, port: number): boolean {
  const socket = sendSocket(core, msg, proto, ip)
  const text = printForwardedReply(msg)
  const to: Destination = { proto, ip, port, connection: 0, socket }
  return runOnsendForReply(core, msg, text, to) && core.network.send(text, to)
}

/** RFC 3263 section 4: the host to find is that of the maddr parameter, if there is one. */
export function targetHost(uri: SipUri): string {
  return uri.params === '' ? uri.host : uri.param('maddr') || uri.host
}

/** The Via line of a request of our own. */
export const ownVia = (core: Core, socket: SocketInfo, branch: string): string =>
  `${socket.viaPrefix}${branch}${core.params.local_rport === 0 ? '' : ';rport'}\r\n`

/**
 * The Via line that this socket puts on a request; `msg` may carry an address to advertise instead.
 */
export function viaLine(socket: SocketInfo, branch: string, msg: SipMessage | null): string {
  const own = msg === null ? null : viaSettings(msg)
  if (msg === null) return `${socket.viaPrefix}${branch}\r\n`
  // RFC 3581 section 3: a client asks for the port that its request comes from.
  const rport = (msg.messageFlags & MSG_ADD_LOCAL_RPORT) === 0 ? '' : ';rport'
  if (own === null && msg.advertisedAddress === '' && msg.advertisedPort === '') {
    return `${socket.viaPrefix}${branch}${rport}\r\n`
  }
  const address = own === null || own.host === '' ? msg.advertisedAddress : own.host
  const host = address === '' ? socket.viaHost : inBrackets(address)
  const port = own === null || own.port === '' ? msg.advertisedPort : own.port
  const prefix = viaPrefix(socket.proto, host, port === '' ? String(socket.viaPort) : port)
  const params = own === null ? '' : own.serverId + own.params
  return `${prefix}${branch}${params}${rport}\r\n`
}

/**
 * RFC 3261 section 16.11: the branch of a stateless proxy is the same for retransmissions of the
 * same request.
 */
function statelessBranch(msg: SipMessage): string {
  const via = msg.via!
  const hash = createHash('md5')
    .update(
      [via.branch, via.host, via.port, msg.callId, msg.from?.tag, msg.cseq!.text, msg.uri].join(
        ' ',
      ),
      'latin1',
    )
    .digest('hex')
  return `${MAGIC_COOKIE}${hash.slice(0, 4)}.${hash.slice(4)}.0`
}

/**
 * Forwards a request without state to `host:port`, or to its next hop ($du, else the request URI)
 * when host is ''. 1 when it was sent or is being resolved, -1 when it has nowhere to go.
 */
export function forwardRequest(
  core: Core,
  stats: CoreStatistics,
  msg: SipMessage,
  host: string,
  port: number,
  proto: number,
): number {
  const uri = parseUri(msg.dstUri === '' ? msg.uri : msg.dstUri)
  if (uri === null && host === '') {
    stats.badUris.value++
    core.log.error('<core>', 'forward: bad_uri dropping packet')
    return -1
  }
  const toHost = host === '' ? targetHost(uri!) : host
  const toProto = proto !== 0 ? proto : host === '' ? uri!.transport : msg.received.proto
  const toPort = host === '' ? uri!.portNumber : port
  const secure = host === '' && uri!.scheme === 'sips'
  let code = 1
  // RFC 3263 section 4.3: what cannot be sent to one place goes to the next; without state nothing
  // later can be known of it.
  const sendTo = (to: Resolved | null): void => {
    if (to === null) core.log.error('<core>', `bad host name ${toHost}, dropping packet`)
    const sent = to === null ? CANNOT : sendStateless(core, msg, to)
    if (sent === SENT) stats.forwardedRequests.value++
    else if (sent === CANNOT && to?.more) to.more.next(sendTo)
    else {
      stats.requestErrors.value++
      code = sent === DROPPED ? E_DROPPED : -1
    }
  }
  core.network.resolve(toHost, toPort, toProto, secure, sendTo)
  return code
}

// ---- what became of a request
const CANNOT = 0
const SENT = 1
const DROPPED = 2

function sendStateless(core: Core, msg: SipMessage, to: Resolved): number {
  const port = to.port || defaultPort(to.proto)
  let destination = destinationOf(core, msg, to.proto, to.ip, port)
  if (destination === null) {
    const where = `af ${familyOf(to.ip)}, proto ${to.proto}`
    core.log.error('<core>', `cannot forward to ${where} no corresponding listening socket`)
    return CANNOT
  }
  if (core.blocklist.reasons(to.proto, to.ip, port) !== 0) return CANNOT
  let text = printStateless(msg, destination)
  const instead = insteadOfUdp(core, msg, text, destination)
  if (instead !== null) {
    destination = instead
    text = printStateless(msg, destination)
  }
  const passed = runOnsend(core, msg, text, destination)
  if (typeof passed === 'boolean') return passed ? hand(core, msg, text, destination) : DROPPED
  const whereto = destination
  void passed.then(sent => {
    if (sent) hand(core, msg, text, whereto)
  })
  return SENT
}

function hand(core: Core, msg: SipMessage, text: string, to: Destination): number {
  if (core.network.send(text, to)) return SENT
  const { proto, ip, port } = to
  if (proto !== UDP) core.blocklist.noteError(ERROR_SEND | ERROR_CONNECT, proto, ip, port, msg)
  return CANNOT
}

function printStateless(msg: SipMessage, { socket }: Destination): string {
  const via = viaLine(socket!, statelessBranch(msg), msg)
  return printRequest(msg, msg.uri, via, '', socket!)
}
