/**
 * loose_route(): takes our own routes off a request and finds its next hop (RFC 3261 sections 16.4
 * and 16.12).
 */
import type { Verdict } from '../../core/module/index.ts'
import { inBrackets } from '../../lib/ip.ts'
import { webSocketTwin } from '../../net/websocket.ts'
import { MSG_NO_FORWARD_CONNECT, type SipMessage } from '../../sip/message.ts'
import { carrierOf, protoName, type SocketInfo } from '../../sip/transport.ts'
import type { SipUri } from '../../sip/uri.ts'
import { FORGED, type OutboundApi } from '../outbound/api.ts'
import {
  appendRoute,
  cutBefore,
  cutLast,
  type Found,
  firstRoute,
  lastRoute,
  MALFORMED,
  nextRoute,
  type RouteValue,
} from './routes.ts'
import type { RecordRoute } from './rr.ts'

const ROUTED = 1
const FAILED = -1
/** It goes over the flow that our route names. */
const OVER_FLOW = 2
/** Our route names a flow that is none of ours: somebody made it up, or the socket is gone. */
const BROKEN_FLOW = -2
/** Our own route was the only one of a request that begins something. */
const PRELOADED = -3

/** loose_route_mode(1): the request URI is not looked at. */
const LOOSE_ONLY = 1

export function looseRoute(self: RecordRoute, msg: SipMessage): Verdict {
  return route(self, msg, 0)
}

export function looseRouteMode(self: RecordRoute, msg: SipMessage, mode: number): Verdict {
  return route(self, msg, mode)
}

/** True only for a request that begins something and whose only route is ours. */
export function looseRoutePreloaded(self: RecordRoute, msg: SipMessage): Verdict {
  return route(self, msg, 0) === PRELOADED ? ROUTED : FAILED
}

function route(self: RecordRoute, msg: SipMessage, mode: number): Verdict {
  const first = firstRoute(msg)
  if (first === null || first === MALFORMED) return FAILED
  const target = msg.sipUri
  if (target === null) {
    self.core.log.error('rr', 'failed to parse Request URI')
    return FAILED
  }
  const preloaded = msg.to?.tag === ''
  if (!preloaded && mode !== LOOSE_ONLY && self.isOurs(target))
    return afterStrict(self, msg, target, first)
  return afterLoose(self, msg, first, preloaded)
}

/** The previous hop routes loosely: the first route may be ours. */
function afterLoose(
  self: RecordRoute,
  msg: SipMessage,
  first: RouteValue,
  preloaded: boolean,
): Verdict {
  if (!self.isOurs(first.uri)) {
    self.noteRoute(msg, '', false)
    return forwardTo(msg, first, first)
  }
  // RFC 3261 section 16.4: "If the first value in the Route header field indicates this proxy, the
  // proxy MUST remove that value from the request."
  const flow = self.outbound === null ? null : flowOf(self, self.outbound, msg, first.uri)
  if (flow === BROKEN) return BROKEN_FLOW
  const next = afterOurs(self, msg, first.uri, nextRoute(msg, first), flow !== null)
  if (next === MALFORMED) return FAILED
  let verdict = preloaded ? PRELOADED : ROUTED
  if (next === null) cutBefore(msg, null)
  else verdict = forwardTo(msg, first, next)
  if (verdict === FAILED) return FAILED
  if (flow !== null) follow(msg, flow)
  // Whoever is told may choose another next hop (path).
  self.noteRoute(msg, first.uri.params, next !== null)
  return flow === null ? verdict : OVER_FLOW
}

/** A way back to a phone: our socket and its address. */
interface Way {
  readonly socket: SocketInfo
  readonly uri: string
}

const BROKEN: unique symbol = Symbol('broken flow')

/** The flow that a route of ours names; null: it names none, or the sender's own. */
function flowOf(
  self: RecordRoute,
  outbound: OutboundApi,
  msg: SipMessage,
  { user }: SipUri,
): Way | null | typeof BROKEN {
  const flow = user === '' ? null : outbound.read(user)
  if (flow === null) return null
  if (flow === FORGED) {
    self.core.log.info('rr', 'failed to decode flow token')
    return BROKEN
  }
  const { srcIp, srcPort } = msg.received
  if (flow.peerIp === srcIp && flow.peerPort === srcPort) return null
  const socket = self.core.sockets.find(flow.ownIp, flow.ownPort, flow.proto)
  if (socket === null) {
    self.core.log.info('rr', 'cannot find socket from flow-token')
    return BROKEN
  }
  // What leaves over a WebSocket says so in its Via.
  const own = carrierOf(flow.proto) === flow.proto ? socket : webSocketTwin(socket)
  const address = `${inBrackets(flow.peerIp)}:${flow.peerPort}`
  return { socket: own, uri: `sip:${address};transport=${protoName(flow.proto)}` }
}

/**
 * RFC 5626 section 5.3: the proxy "MUST then forward the request over the flow", and when that is
 * gone it is not to be made anew: the peer is behind a NAT, or a browser.
 */
function follow(msg: SipMessage, { socket, uri }: Way): void {
  msg.forceSocket = socket
  msg.dstUri = uri
  msg.messageFlags |= MSG_NO_FORWARD_CONNECT
}

/** The route behind one of ours: the second one of a pair that we recorded is taken off as well. */
function afterOurs(
  self: RecordRoute,
  msg: SipMessage,
  ours: SipUri,
  second: Found,
  overFlow: boolean,
): Found {
  const { config } = self
  const paired = config.enable_double_rr !== 0 && ours.param('r2') !== null
  if (!paired || second === null || second === MALFORMED) {
    if (config.force_send_socket !== 0 && !overFlow) forceSocket(self, msg, ours)
    return second
  }
  if (!self.isOurs(second.uri) && self.socketOf(second.uri) === null) {
    if (config.enable_socket_mismatch_warning !== 0) {
      const text = `no socket found to match second RR (${second.text})`
      self.core.log.warn('rr', text)
    }
    return second
  }
  if (!overFlow) forceSocket(self, msg, second.uri)
  return nextRoute(msg, second)
}

/** Sends the request from the side that the route names. */
function forceSocket(self: RecordRoute, msg: SipMessage, uri: SipUri): void {
  const socket = self.socketOf(uri)
  if (socket !== null) msg.forceSocket = socket
}

/** Makes `next` the next hop; the values before it go. `first` is the first of all. */
function forwardTo(msg: SipMessage, first: RouteValue, next: RouteValue): Verdict {
  if (isLoose(next.uri)) {
    msg.dstUri = hopOf(next)
    if (next !== first) cutBefore(msg, next)
    return ROUTED
  }
  // RFC 3261 section 16.6 step 6: before a strict router "the proxy MUST place the Request-URI into
  // the Route header field as the last value" and then "MUST place the first Route header field
  // value into the Request-URI and remove that value".
  const behind = nextRoute(msg, next)
  if (behind === MALFORMED) return FAILED
  cutBefore(msg, behind)
  appendRoute(msg, msg.uri)
  msg.setUri(next.text)
  msg.dstUri = ''
  return ROUTED
}

/**
 * The previous hop is a strict router: our own route is the request URI (RFC 3261 section 16.4:
 * "the proxy MUST replace the Request-URI in the request with the last value from the Route header
 * field, and remove that value").
 */
function afterStrict(self: RecordRoute, msg: SipMessage, ours: SipUri, first: RouteValue): Verdict {
  let next: Found = first
  if (ours.param('r2') !== null && self.isOurs(first.uri))
    next = afterOurs(self, msg, ours, first, false)
  if (next === null || next === MALFORMED) return FAILED
  const { params } = ours
  if (!isLoose(next.uri)) {
    // The next hop is strict as well: it wants to find itself in the request URI.
    const behind = nextRoute(msg, next)
    if (behind === MALFORMED) return FAILED
    cutBefore(msg, behind)
    msg.setUri(next.text)
    msg.dstUri = ''
    self.noteRoute(msg, params, false)
    return ROUTED
  }
  const last = lastRoute(msg, next)
  if (last === MALFORMED) return FAILED
  if (next !== first) cutBefore(msg, next)
  msg.dstUri = hopOf(next)
  msg.setUri(last.text)
  cutLast(msg, last)
  self.noteRoute(msg, params, false)
  return ROUTED
}

const isLoose = (uri: SipUri): boolean => uri.looseRoute

/**
 * Where a route leads: its URI, or what its maddr says instead of the host (RFC 3261 section 16.6
 * step 7).
 */
function hopOf(route: RouteValue): string {
  const { uri } = route
  const maddr = uri.params === '' ? null : uri.param('maddr')
  if (!maddr) return route.text
  const port = uri.port === '' ? '' : `:${uri.port}`
  const transport = uri.transport === 0 ? '' : `;transport=${protoName(uri.transport)}`
  return `${uri.scheme}:${maddr}${port}${transport}`
}
