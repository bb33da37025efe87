/**
 * What every message passes on its way out: the socket it leaves by, its size, the onsend_route.
 */
import { familyOf, mayReach } from '../lib/ip.ts'
import { webSocketTwin } from '../net/websocket.ts'
import {
  MSG_CLOSE_AFTER_FORWARD,
  MSG_NO_FORWARD_CONNECT,
  MSG_TRY,
  MSG_TRY_SCTP,
  MSG_TRY_TCP,
  MSG_TRY_TLS,
  SipMessage,
} from '../sip/message.ts'
import {
  carrierOf,
  type Destination,
  SCTP,
  type SocketInfo,
  TCP,
  TLS,
  UDP,
} from '../sip/transport.ts'
import type { Core } from './core.ts'
import type { RouteBlock } from './module/index.ts'
import { ONSEND_ROUTE } from './route-bits.ts'
import type { Routes } from './routes.ts'
import { SCRIPT_DROP } from './script-state.ts'

/** A message that is about to leave, for onsend_route. */
export interface Sending {
  readonly text: string
  readonly to: Destination
}

/**
 * The socket for this transport and address: the one that the script forced, with mhomed the one
 * from whose address the kernel would send, else the one that the message came in by.
 */
export function sendSocket(
  core: Core,
  msg: SipMessage,
  proto: number,
  ip: string,
): SocketInfo | null {
  const { forceSocket } = msg
  if (forceSocket !== null && forceSocket.proto === proto) return forceSocket
  // A WebSocket is known by the TCP or TLS socket that it came in by.
  if (forceSocket !== null && proto !== UDP && forceSocket.proto === carrierOf(proto))
    return webSocketTwin(forceSocket)
  if (core.params.mhomed !== 0 && proto === UDP) {
    const found = core.network.socketTowards(proto, ip)
    if (found !== null) return found
  }
  const own = msg.received.socket
  const near = own.proto === proto && own.family === familyOf(ip)
  return near && mayReach(own.address, ip) ? own : core.network.socketFor(proto, ip)
}

/** From which socket of ours to which address; null when none reaches it. */
export function destinationOf(
  core: Core,
  msg: SipMessage,
  proto: number,
  ip: string,
  port: number,
): Destination | null {
  const socket = sendSocket(core, msg, proto, ip)
  if (socket === null) return null
  const noConnect = (msg.messageFlags & MSG_NO_FORWARD_CONNECT) !== 0
  const closeAfter = (msg.messageFlags & MSG_CLOSE_AFTER_FORWARD) !== 0
  return { proto, ip, port, connection: msg.flowConnection, socket, noConnect, closeAfter }
}

/** The transport that a request tries which is too large for UDP, UDP when none is to be tried. */
function transportForLarge(core: Core, msg: SipMessage | null): number {
  const flags = msg === null ? 0 : msg.messageFlags & MSG_TRY
  if (flags === MSG_TRY_TCP) return TCP
  if (flags === MSG_TRY_TLS) return TLS
  if (flags === MSG_TRY_SCTP) return SCTP
  return core.params.udp_mtu_try_proto || UDP
}

/**
 * RFC 3261 section 18.1.1: a request that is too large for a datagram must go by a stream. Where
 * it then goes; null when it stays as it is. The Via is to be made anew.
 */
export function insteadOfUdp(
  core: Core,
  msg: SipMessage | null,
  text: string,
  to: Destination,
): Destination | null {
  const { udp_mtu: most } = core.params
  if (most === 0 || to.proto !== UDP || text.length <= most) return null
  const proto = transportForLarge(core, msg)
  if (proto === UDP) return null
  const socket =
    msg === null ? core.network.socketFor(proto, to.ip) : sendSocket(core, msg, proto, to.ip)
  return socket === null ? null : { ...to, proto, socket }
}

/**
 * Runs the onsend_route for a request, if there is one; false when it dropped it. A promise of that
 * when the route waits: whoever sends has to hold the request as long.
 */
export function runOnsend(
  core: Core,
  msg: SipMessage,
  text: string,
  to: Destination,
): boolean | Promise<boolean> {
  const { routes } = core
  const block = routes.onsend
  if (block === null) return true
  if (block.waits !== true) return passesNow(routes, block, msg, { text, to })
  const before = routes.sending
  routes.sending = { text, to }
  // What is done to the request meanwhile is not this run's.
  const copy = copyOf(msg, msg.branchIndex)
  const end = routes.run(block, copy, ONSEND_ROUTE)
  routes.sending = before
  if (typeof end === 'number') {
    takeOver(msg, copy)
    return isPassed(end, routes.ended)
  }
  return end.then(({ code, ended }) => {
    takeOver(msg, copy)
    return isPassed(code, ended)
  })
}

/**
 * The same for a reply, with onsend_route_reply. Replies of a transaction leave in their order, and
 * the last one answers retransmissions: they cannot wait.
 */
export function runOnsendForReply(
  core: Core,
  msg: SipMessage,
  text: string,
  to: Destination,
): boolean {
  const block = core.routes.onsend
  if (block === null || core.params.onsend_route_reply === 0) return true
  return passesNow(core.routes, block, msg, { text, to })
}

function passesNow(routes: Routes, block: RouteBlock, msg: SipMessage, sending: Sending): boolean {
  const before = routes.sending
  routes.sending = sending
  const code = routes.runNow(block, msg, ONSEND_ROUTE)
  routes.sending = before
  return isPassed(code, routes.ended)
}

/** `drop` with a value is as exit. */
const isPassed = (code: number, ended: number): boolean => ended !== SCRIPT_DROP || code !== 0

/** For a route that waits: what is done to it stays there; attributes are the transaction's. */
export function copyOf(msg: SipMessage, index: number): SipMessage {
  const copy = Object.assign(new SipMessage(msg.raw, msg.received, msg.id), msg)
  copy.edits = msg.edits === null ? null : msg.edits.slice()
  copy.branches = null
  copy.branchIndex = index
  return copy
}

/** What is not the copy's own. */
export function takeOver(msg: SipMessage, copy: SipMessage): void {
  msg.flags = copy.flags
  msg.avps ??= copy.avps
}
