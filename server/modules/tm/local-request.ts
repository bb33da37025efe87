/**
 * event_route[tm:local-request], which may wait: the request of our own leaves when it has ended,
 * and those of the same Call-ID that come behind it wait for their turn.
 */
import { logMistake } from '../../core/mistake.ts'
import { LOCAL_ROUTE } from '../../core/route-bits.ts'
import type { RouteEnd } from '../../core/routes.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'
import { applyEdits, inOrder } from '../../sip/edit.ts'
import { SipMessage } from '../../sip/message.ts'
import type { Destination, Received } from '../../sip/transport.ts'
import { defaultPort, parseUri, uriTransport } from '../../sip/uri.ts'
import { LOCAL_REQUEST_IN } from './api.ts'
import { holdBranch, launchBranch } from './branches.ts'
import { keepForFailure } from './client-failure.ts'
import { mayFailOver, tryNext } from './failover.ts'
import { stopBranch, TRANSPORT_ERROR } from './send.ts'
import type { Tm } from './tm.ts'
import { type ClientBranch, FAKED, type Failover } from './transaction.ts'

/** What the request is before the route has run. */
export interface LocalRequest {
  readonly branch: ClientBranch
  readonly callId: string
  readonly text: string
  readonly destination: Destination
  readonly failover: Failover | null
}

/** What a route that dropped its request behind a wait makes of it. */
const DROPPED_LATE = 500

/** Runs the route and sends the request; false when it does not leave, true also when it waits. */
export function sendLocal(tm: Tm, request: LocalRequest): boolean {
  const behind = tm.heldRequests.get(request.callId)
  if (behind !== undefined) {
    holdBranch(tm, request.branch)
    behind.push(request)
    return true
  }
  return start(tm, request) !== NOT_SENT
}

const NOT_SENT = 0
const SENT = 1
const WAITS = 2

function start(tm: Tm, request: LocalRequest): number {
  const { branch } = request
  prepare(request)
  const route = tm.localRequestRoute
  if (route === null) return depart(tm, branch) ? SENT : NOT_SENT
  const msg = new SipMessage(branch.sent, receivedFrom(branch.destination), 0)
  msg.transaction = branch.transaction
  // Kamailio shows the next hop as the destination URI, even when it is the request URI.
  msg.dstUri = nextHopOf(branch)
  const { routes } = tm.core
  const end = routes.run(route, msg, LOCAL_ROUTE)
  if (typeof end === 'number') return finish(tm, branch, msg, routes.ended) ? SENT : NOT_SENT
  holdBranch(tm, branch)
  if (!tm.heldRequests.has(request.callId)) tm.heldRequests.set(request.callId, [])
  void finishLater(tm, request, msg, end)
  return WAITS
}

const nextHopOf = ({ uri, dstUri }: ClientBranch): string => (dstUri === '' ? uri : dstUri)

function prepare({ branch, text, destination, failover }: LocalRequest): void {
  branch.sent = text
  branch.destination = destination
  branch.failover = failover
}

async function finishLater(
  tm: Tm,
  request: LocalRequest,
  msg: SipMessage,
  end: Promise<RouteEnd>,
): Promise<void> {
  const { branch, callId } = request
  const { ended } = await end
  try {
    // It may have been given up or timed out meanwhile.
    if (branch.status < 200) {
      stopBranch(tm, branch)
      prepare(request)
      if (!finish(tm, branch, msg, ended)) fail(tm, branch, ended)
    }
  } catch (error) {
    logMistake(tm.core.log, 'after a tm:local-request that waited', msg.raw, error)
  }
  goOn(tm, callId)
}

/** Those that came behind, up to the next one that waits. */
function goOn(tm: Tm, callId: string): void {
  const behind = tm.heldRequests.get(callId)!
  for (let next = behind.shift(); next !== undefined; next = behind.shift()) {
    const { branch, text } = next
    if (branch.status >= 200) continue
    stopBranch(tm, branch)
    try {
      const outcome = start(tm, next)
      if (outcome === WAITS) return
      if (outcome === NOT_SENT) fail(tm, branch, tm.core.routes.ended)
    } catch (error) {
      logMistake(tm.core.log, 'before a request of our own', text, error)
    }
  }
  tm.heldRequests.delete(callId)
}

/** Whoever made it was told that it is under way. */
function fail(tm: Tm, branch: ClientBranch, ended: number): void {
  branch.flags2 |= FAKED
  const dropped = tm.localRequestRoute !== null && ended === SCRIPT_DROP
  tm.branchFinal(branch, dropped ? DROPPED_LATE : TRANSPORT_ERROR, null)
}

/** Does what the route has decided; false when the request does not leave. */
function finish(tm: Tm, branch: ClientBranch, msg: SipMessage, ended: number): boolean {
  if (ended === SCRIPT_DROP) {
    tm.core.log.debug('tm', `tm:local-request dropped msg. to ${branch.uri}`)
    tm.clientError = 0
    return false
  }
  const before = nextHopOf(branch)
  if (msg.dstUri !== before || msg.forceSocket !== null || msg.newUri !== null)
    redirect(tm, branch, msg, before)
  if (msg.newUri !== null || msg.edits !== null) {
    branch.uri = msg.uri
    const edits = msg.edits === null ? null : inOrder(msg.edits)
    const rest = applyEdits(msg.raw, msg.headersStart, msg.raw.length, edits)
    branch.sent = `${msg.method} ${msg.uri} SIP/2.0\r\n${rest}`
  }
  keepForFailure(tm, branch, msg.received)
  return depart(tm, branch)
}

/** Sends it, to further places if the first one cannot be sent to. */
function depart(tm: Tm, branch: ClientBranch): boolean {
  for (const listener of tm.localListeners)
    listener(LOCAL_REQUEST_IN, branch.transaction, null, null, 0)
  if (launchBranch(tm, null, branch)) return true
  return mayFailOver(tm, branch, TRANSPORT_ERROR) && tryNext(tm, branch)
}

/**
 * Sends it where the route said. A name would have to wait, so only an address can be put in here.
 */
function redirect(tm: Tm, branch: ClientBranch, msg: SipMessage, before: string): void {
  const wanted = msg.dstUri !== before && msg.dstUri !== '' ? msg.dstUri : null
  const uri = parseUri(wanted ?? (msg.newUri !== null ? msg.newUri : before))
  if (uri === null || familyOf(uri.host) === 0) return
  const proto = uriTransport(uri)
  const ip = withoutBrackets(uri.host)
  const socket = msg.forceSocket ?? tm.core.network.socketFor(proto, ip)
  if (socket === null) return
  const port = uri.portNumber || defaultPort(proto, uri.scheme)
  branch.destination = { proto, ip, port, connection: 0, socket, noConnect: false }
  branch.failover = null
}

const receivedFrom = (to: Destination): Received => ({
  proto: to.proto,
  srcIp: to.socket!.address,
  srcPort: to.socket!.port,
  dstIp: to.ip,
  dstPort: to.port,
  socket: to.socket!,
  connection: 0,
})
