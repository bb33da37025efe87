/**
 * event_route[tm:local-request], which may wait: the request of our own leaves when it has ended,
 * and those of the same Call-ID that come behind it wait for their turn.
 */
import { E_SEND, E_UNRESOLVABLE } from '../../core/errors.ts'
import { targetHost } from '../../core/forward.ts'
import { logMistake } from '../../core/mistake.ts'
import type { Resolved } from '../../core/network.ts'
import { LOCAL_ROUTE } from '../../core/route-bits.ts'
import type { RouteEnd } from '../../core/routes.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'
import { applyEdits, inOrder } from '../../sip/edit.ts'
import { SipMessage } from '../../sip/message.ts'
import type { Destination, Received } from '../../sip/transport.ts'
import { defaultPort, parseUri, type Scheme, type SipUri, uriTransport } from '../../sip/uri.ts'
import { LOCAL_REQUEST_IN } from './api.ts'
import { branchVia, holdBranch, launchBranch } from './branches.ts'
import { keepForFailure } from './client-failure.ts'
import { failoverOf, mayFailOver, tryNext, withVia } from './failover.ts'
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

/** Keeps the request, and those that come behind it. */
function holdRequest(tm: Tm, { branch, callId }: LocalRequest): number {
  holdBranch(tm, branch)
  if (!tm.heldRequests.has(callId)) tm.heldRequests.set(callId, [])
  return WAITS
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
  if (typeof end === 'number') return finish(tm, request, msg, routes.ended)
  void finishLater(tm, request, msg, end)
  return holdRequest(tm, request)
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
  const { branch } = request
  const { ended } = await end
  proceed(tm, request, () => {
    prepare(request)
    const outcome = finish(tm, request, msg, ended)
    if (outcome === NOT_SENT)
      fail(tm, branch, ended === SCRIPT_DROP ? DROPPED_LATE : tm.clientError)
    return outcome
  })
}

/** What was waited for is there: does the rest, unless it waits again, and goes on to the next. */
function proceed(tm: Tm, { branch, callId, text }: LocalRequest, rest: () => number): void {
  try {
    // It may have been given up or timed out meanwhile.
    if (branch.status < 200) {
      stopBranch(tm, branch)
      if (rest() === WAITS) return
    }
  } catch (error) {
    logMistake(tm.core.log, 'after a tm:local-request that waited', text, error)
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
      if (outcome === NOT_SENT)
        fail(tm, branch, tm.clientError === 0 ? DROPPED_LATE : tm.clientError)
    } catch (error) {
      logMistake(tm.core.log, 'before a request of our own', text, error)
    }
  }
  tm.heldRequests.delete(callId)
}

/** Whoever made it was told that it is under way. */
function fail(tm: Tm, branch: ClientBranch, error: number): void {
  branch.flags2 |= FAKED
  const code = error === E_UNRESOLVABLE ? 478 : error === DROPPED_LATE ? error : TRANSPORT_ERROR
  tm.branchFinal(branch, code, null)
}

/** Does what the route has decided. */
function finish(tm: Tm, request: LocalRequest, msg: SipMessage, ended: number): number {
  const { branch } = request
  if (ended === SCRIPT_DROP) {
    tm.core.log.debug('tm', `tm:local-request dropped msg. to ${branch.uri}`)
    tm.clientError = 0
    return NOT_SENT
  }
  tm.clientError = E_SEND
  const before = nextHopOf(branch)
  if (msg.newUri !== null || msg.edits !== null) {
    branch.uri = msg.uri
    const edits = msg.edits === null ? null : inOrder(msg.edits)
    const rest = applyEdits(msg.raw, msg.headersStart, msg.raw.length, edits)
    branch.sent = `${msg.method} ${msg.uri} SIP/2.0\r\n${rest}`
  }
  if (msg.dstUri !== before || msg.forceSocket !== null || msg.newUri !== null) {
    const wanted = msg.dstUri !== before && msg.dstUri !== '' ? msg.dstUri : null
    const uri = parseUri(wanted ?? (msg.newUri !== null ? msg.newUri : before))
    if (uri !== null) return sendElsewhere(tm, request, msg, uri)
  }
  keepForFailure(tm, branch, msg.received)
  return depart(tm, branch) ? SENT : NOT_SENT
}

/** Sends it where the route said: at once when the address is known, else when it is. */
function sendElsewhere(tm: Tm, request: LocalRequest, msg: SipMessage, uri: SipUri): number {
  const { branch } = request
  const { sent } = branch
  let outcome = WAITS
  let now = true
  const sendTo = (to: Resolved | null): number => {
    branch.sent = sent
    if (to === null) {
      tm.core.log.error('tm', `failed to resolve "${uri.host}"`)
      tm.clientError = E_UNRESOLVABLE
      return NOT_SENT
    }
    redirect(tm, branch, msg, to, uri.scheme)
    keepForFailure(tm, branch, msg.received)
    return depart(tm, branch) ? SENT : NOT_SENT
  }
  const host = targetHost(uri)
  const { portNumber, scheme } = uri
  if (familyOf(host) !== 0) {
    return sendTo({ proto: uriTransport(uri), ip: withoutBrackets(host), port: portNumber })
  }
  tm.core.network.resolve(host, portNumber, uri.transport, scheme === 'sips', to => {
    if (now) outcome = sendTo(to)
    else
      proceed(tm, request, () => {
        prepare(request)
        const late = sendTo(to)
        if (late === NOT_SENT) fail(tm, branch, tm.clientError)
        return late
      })
  })
  now = false
  return outcome === WAITS ? holdRequest(tm, request) : outcome
}

/** Sends it, to further places if the first one cannot be sent to. */
function depart(tm: Tm, branch: ClientBranch): boolean {
  for (const listener of tm.localListeners)
    listener(LOCAL_REQUEST_IN, branch.transaction, null, null, 0)
  if (launchBranch(tm, null, branch)) return true
  return mayFailOver(tm, branch, TRANSPORT_ERROR) && tryNext(tm, branch)
}

/** Another place, and a Via of the socket from which it is reached. */
function redirect(
  tm: Tm,
  branch: ClientBranch,
  msg: SipMessage,
  to: Resolved,
  scheme: Scheme,
): void {
  const { proto, ip } = to
  const forced = msg.forceSocket
  const own = forced !== null && forced.proto === proto ? forced : null
  const socket = own ?? tm.core.network.socketFor(proto, ip)
  // As before: what cannot be reached that way goes where it would have gone.
  if (socket === null) return
  const before = branch.destination.socket
  const port = to.port || defaultPort(proto, scheme)
  branch.destination = { proto, ip, port, connection: 0, socket, noConnect: false }
  branch.failover = failoverOf(to, scheme, forced, null)
  if (socket !== before) branch.sent = withVia(branch.sent, branchVia(branch, null))
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
