/**
 * Stateless forwarding: replies that belong to no transaction, and the core function forward() (RFC
 * 3261 section 16.11).
 */
import { createHash } from 'node:crypto'
import { inBrackets } from '../lib/ip.ts'
import { MAGIC_COOKIE } from '../sip/header/via.ts'
import { MSG_ADD_LOCAL_RPORT, type SipMessage } from '../sip/message.ts'
import { printForwardedReply, printRequest } from '../sip/print.ts'
import { type Destination, type SocketInfo, viaPrefix } from '../sip/transport.ts'
import { defaultPort, parseUri, uriTransport } from '../sip/uri.ts'
import type { Core } from './core.ts'
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
  const port = next.rport !== null && next.rport !== '' ? Number(next.rport) : next.port || 5060
  const proto = next.proto || msg.received.proto
  const host = next.received !== '' ? next.received : next.host
  core.network.resolve(host, port, proto, false, to => {
    const sent =
      to !== null &&
      core.network.send(printForwardedReply(msg), {
        proto,
        ip: to.ip,
        port,
        connection: 0,
        socket: core.network.socketFor(proto, to.ip),
      })
    if (sent) stats.forwardedReplies.value++
    else stats.replyErrors.value++
  })
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
  const toHost = host === '' ? uri!.host : host
  const toProto = proto !== 0 ? proto : host === '' ? uriTransport(uri!) : msg.received.proto
  const toPort = host === '' ? uri!.portNumber : port
  let code = 1
  core.network.resolve(toHost, toPort, toProto, uri?.scheme === 'sips', to => {
    const socket = to === null ? null : (msg.forceSocket ?? core.network.socketFor(toProto, to.ip))
    if (to === null || socket === null) {
      stats.requestErrors.value++
      code = -1
      return
    }
    if (!runOnsend(core, msg)) return
    const destination: Destination = {
      proto: toProto,
      ip: to.ip,
      port: to.port || defaultPort(toProto),
      connection: 0,
      socket,
    }
    const via = viaLine(socket, statelessBranch(msg), msg)
    const text = printRequest(msg, msg.uri, via, '', socket)
    if (core.network.send(text, destination)) stats.forwardedRequests.value++
    else {
      stats.requestErrors.value++
      code = -1
    }
  })
  return code
}
