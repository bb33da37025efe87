/**
 * Stateless forwarding: replies that belong to no transaction, and the core function forward() (RFC
 * 3261 section 16.11).
 */
import { createHash } from 'node:crypto'
import { inBrackets } from '../lib/ip.ts'
import { ERROR_CONNECT, ERROR_SEND } from '../net/blocklist.ts'
import { MAGIC_COOKIE } from '../sip/header/via.ts'
import { MSG_ADD_LOCAL_RPORT, type SipMessage } from '../sip/message.ts'
import { printForwardedReply, printRequest } from '../sip/print.ts'
import { type Destination, type SocketInfo, UDP, viaPrefix } from '../sip/transport.ts'
import { defaultPort, parseUri, type SipUri } from '../sip/uri.ts'
import type { Core } from './core.ts'
import type { Resolved } from './network.ts'
import { ONSEND_ROUTE } from './module.ts'
import { SCRIPT_DROP } from './script-state.ts'
import type { CoreStatistics } from './statistics.ts'
import { viaSettings } from './via-settings.ts'

/** Sends a reply to where its second Via says (RFC 3261 section 16.11, 18.2.2). */
export function forwardReply(core: Core, stats: CoreStatistics, msg: SipMessage): void {
  const via = msg.via!
  const next = msg.via2
  // RFC 3261 section 18.1.2: a reply whose topmost Via was not put there by us is silently
  // discarded.
  const ours = core.sockets.isMyself(via.host, via.port === 0 ? 5060 : via.port, 0)
  if (!ours || next === null) {
    stats.droppedReplies.value++
    return
  }
  const port = next.rport !== null && next.rport !== '' ? Number(next.rport) : next.port
  const proto = next.proto || msg.received.proto
  const host = next.received !== '' ? next.received : next.host
  // RFC 3263 section 5: a sent-by that is a name without port has servers to be tried in turn.
  const sendTo = (to: Resolved | null): void => {
    const sent =
      to !== null &&
      core.network.send(printForwardedReply(msg), {
        proto,
        ip: to.ip,
        port: to.port || defaultPort(proto),
        connection: 0,
        socket: core.network.socketFor(proto, to.ip),
      })
    if (sent) stats.forwardedReplies.value++
    else if (to?.more) to.more.next(sendTo)
    else stats.replyErrors.value++
  }
  core.network.resolve(host, port, proto, false, sendTo)
}

/** RFC 3263 section 4: the host to find is that of the maddr parameter, if there is one. */
export function targetHost(uri: SipUri): string {
  return uri.params === '' ? uri.host : uri.param('maddr') || uri.host
}

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
  const host = address === '' ? socket.advertisedHost : inBrackets(address)
  const port = own === null || own.port === '' ? msg.advertisedPort : own.port
  const prefix = viaPrefix(socket.proto, host, port === '' ? String(socket.advertisedPort) : port)
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

/** Runs the onsend_route, if there is one; false when it dropped the message. */
export function runOnsend(core: Core, msg: SipMessage): boolean {
  const block = core.routes.onsend
  if (block === null) return true
  core.routes.runNow(block, msg, ONSEND_ROUTE)
  return core.routes.ended !== SCRIPT_DROP
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
    const sent = to === null ? CANNOT : sendStateless(core, msg, to)
    if (sent === SENT) stats.forwardedRequests.value++
    else if (sent === CANNOT && to?.more) to.more.next(sendTo)
    else if (sent === CANNOT) {
      stats.requestErrors.value++
      code = -1
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
  const { proto, ip } = to
  const port = to.port || defaultPort(proto)
  const forced = msg.forceSocket
  const socket = forced?.proto === proto ? forced : core.network.socketFor(proto, ip)
  if (socket === null || core.blocklist.reasons(proto, ip, port) !== 0) return CANNOT
  if (!runOnsend(core, msg)) return DROPPED
  const destination: Destination = { proto, ip, port, connection: 0, socket }
  const text = printRequest(msg, msg.uri, viaLine(socket, statelessBranch(msg), msg), '', socket)
  if (core.network.send(text, destination)) return SENT
  if (proto !== UDP) core.blocklist.noteError(ERROR_SEND | ERROR_CONNECT, proto, ip, port, msg)
  return CANNOT
}
