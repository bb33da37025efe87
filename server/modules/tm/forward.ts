/** Forwarding a request to its destinations, all in parallel (RFC 3261 section 16.6). */
import {
  E_CONFIG,
  E_NO_SOCKET,
  E_SEND,
  E_TOO_MANY_BRANCHES,
  E_UNRESOLVABLE,
  E_UNSPEC,
} from '../../core/errors.ts'
import { targetHost } from '../../core/forward.ts'
import type { RouteBlock } from '../../core/module/index.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import type { Destination } from '../../sip/transport.ts'
import { defaultPort, parseUri, type Scheme, uriTransport } from '../../sip/uri.ts'
import { REQUEST_FWDED } from './api.ts'
import { branchByRoute } from './branch-route.ts'
import { destination, launchBranch, newBranch, printBranch, runBranchRoute } from './branches.ts'
import { failoverOf, mayFailOver, tryNext } from './failover.ts'
import { failUnsent, TRANSPORT_ERROR } from './send.ts'
import type { Tm } from './tm.ts'
import {
  BLOCKED_6XX,
  CANCELED,
  type ClientBranch,
  DROPPED,
  HANDLED,
  PROCEEDING,
  type Transaction,
} from './transaction.ts'

/**
 * Where the script itself says to send: t_relay(host, port), t_relay_to(proxy). Empty and 0 leave
 * it to the URI.
 */
export interface NextHop {
  readonly host: string
  readonly port: number
  readonly proto: number
  readonly replicate: boolean
}

/** By the URI alone. */
export const BY_URI: NextHop = { host: '', port: 0, proto: 0, replicate: false }

/**
 * Adds the branches of the request and sends them: 1, or a negative error number when not one could
 * be sent. The request URI counts as a destination unless it was one before and neither it nor the
 * next hop was set since.
 */
export function forward(tm: Tm, t: Transaction, msg: SipMessage, hop: NextHop): number {
  // RFC 3261 section 16.7 step 5 and 9.2: nothing new for a transaction that is being ended.
  if ((t.flags & (CANCELED | BLOCKED_6XX)) !== 0) return E_UNSPEC
  // A failure route that waited may find it answered.
  if (t.state > PROCEEDING && !hop.replicate) return E_UNSPEC
  const first = t.branches.length
  let error = 0
  let wanted = 0
  if (!msg.uriConsumed || hop.replicate) {
    wanted++
    error = addBranch(tm, t, msg, hop)
  }
  const more = msg.branches
  if (more !== null) {
    for (let i = 0; i < more.length; i++) {
      wanted++
      const result = addStored(tm, t, msg, more[i]!, hop)
      if (result < 0) error = result
    }
    msg.branches = null
  }
  if (first === 0) remember(t, msg)
  msg.uriConsumed = true
  t.onBranch = null
  if (wanted === 0) {
    tm.core.log.error('tm', 'no branches for forwarding')
    return E_UNSPEC
  }
  if (t.branches.length === first) {
    if (error < 0) tm.core.log.error('tm', 'failure to add branches')
    return error < 0 ? error : E_CONFIG
  }
  if (first > 0) startLeg(tm, t, first)
  return sendAll(tm, t, msg, first)
}

/** What a failure route starts from, beside the URIs. */
function remember(t: Transaction, msg: SipMessage): void {
  t.relayedFlags = msg.flags
  const edits = msg.edits === null ? 0 : msg.edits.length
  t.relayedEdits = t.savedEdits >= 0 ? t.savedEdits : edits
}

/**
 * A new leg of serial forking: which older branches still count is failure_reply_mode's and
 * t_drop_replies' to say.
 */
function startLeg(tm: Tm, t: Transaction, first: number): void {
  const mode = tm.config.failure_reply_mode
  const byMode = mode === 0 ? 'n' : mode === 2 ? 'l' : 'a'
  const choice = t.dropReplies === '' ? byMode : t.dropReplies
  t.dropReplies = ''
  if (choice !== 'n') {
    for (let i = choice === 'l' ? t.legStart : 0; i < first; i++)
      if (t.branches[i]!.status >= 200) t.branches[i]!.flags2 |= DROPPED
  }
  t.legStart = first
}

/** Sends all branches from `first` on; those still being resolved count as sent. */
function sendAll(tm: Tm, t: Transaction, msg: SipMessage, first: number): number {
  let sent = 0
  // Those that come to stand behind them, in place of one that could not be sent, are sent already.
  const end = t.branches.length
  for (let i = first; i < end; i++) {
    const branch = t.branches[i]!
    if (branch.sent === '' || launchBranch(tm, msg, branch)) sent++
    else if (mayFailOver(tm, branch, TRANSPORT_ERROR) && tryNext(tm, branch)) sent++
  }
  t.flags |= HANDLED
  if (sent > 0) return 1
  t.branches.length = first
  if (first === 0) t.flags &= ~HANDLED
  return E_SEND
}

/**
 * A branch that append_branch, lookup or a dispatcher stored: its values stand in the message while
 * it is made.
 */
function addStored(tm: Tm, t: Transaction, msg: SipMessage, stored: Branch, hop: NextHop): number {
  const { newUri, dstUri, path, branchFlags, forceSocket, instance, ruid } = msg
  const { regId, userAgent, flowConnection, q } = msg
  msg.setUri(stored.uri)
  msg.dstUri = stored.dstUri
  msg.path = stored.path
  msg.branchFlags = stored.flags
  if (stored.socket !== null) msg.forceSocket = stored.socket
  msg.instance = stored.instance
  msg.ruid = stored.ruid
  msg.regId = stored.regId
  msg.userAgent = stored.userAgent
  msg.flowConnection = stored.connection
  msg.q = stored.q
  const result = addBranch(tm, t, msg, hop)
  msg.setUri(newUri)
  msg.dstUri = dstUri
  msg.path = path
  msg.branchFlags = branchFlags
  msg.forceSocket = forceSocket
  msg.instance = instance
  msg.ruid = ruid
  msg.regId = regId
  msg.userAgent = userAgent
  msg.flowConnection = flowConnection
  msg.q = q
  return result
}

/**
 * One more branch from what the message says; 1, 0 when the branch route dropped it, or an error
 * number.
 */
function addBranch(tm: Tm, t: Transaction, msg: SipMessage, hop: NextHop): number {
  const index = t.branches.length
  if (index >= tm.core.params.max_branches) {
    tm.core.log.error('tm', `maximum number of branches exceeded (${index})`)
    return E_TOO_MANY_BRANCHES
  }
  if (t.onBranch?.waits === true && !hop.replicate)
    return addByWaitingRoute(tm, t, msg, hop, t.onBranch, index)
  const { newUri, dstUri, path, branchFlags, forceSocket } = msg
  const edits = msg.edits === null ? 0 : msg.edits.length
  const kept = runBranchRoute(tm, t.onBranch, msg, index)
  if (kept && (t.events & REQUEST_FWDED) !== 0) t.tell(REQUEST_FWDED, msg, null, 0)
  const result = kept ? makeBranch(tm, t, msg, hop, index) : 0
  // Edits of a branch route are its own; the next branch starts from the message as it was.
  if (msg.edits !== null && msg.edits.length > edits) msg.edits.length = edits
  if (msg.newUri !== newUri) msg.setUri(newUri)
  msg.dstUri = dstUri
  msg.path = path
  msg.branchFlags = branchFlags
  msg.forceSocket = forceSocket
  return result
}

/** The same when the branch_route may have to wait. */
function addByWaitingRoute(
  tm: Tm,
  t: Transaction,
  msg: SipMessage,
  hop: NextHop,
  route: RouteBlock,
  index: number,
): number {
  return branchByRoute(tm, t, msg, route, index, {
    make: own => {
      if ((t.events & REQUEST_FWDED) !== 0) t.tell(REQUEST_FWDED, own, null, 0)
      return makeBranch(tm, t, own, hop, index)
    },
    launch: (own, branch) => {
      // One whose next hop is being looked up is sent when that is known.
      if (branch.sent !== '') launchNow(tm, own, branch)
    },
    fail: (branch, error) => failLater(tm, branch, error),
  })
}

function makeBranch(tm: Tm, t: Transaction, msg: SipMessage, hop: NextHop, index: number): number {
  const { uri } = msg
  const byUri = msg.dstUri === '' ? msg.sipUri : parseUri(msg.dstUri)
  const target = hop.host === '' ? byUri : null
  if (hop.host === '' && target === null) {
    tm.core.log.error('tm', `bad_uri: [${msg.dstUri === '' ? uri : msg.dstUri}]`)
    return E_UNRESOLVABLE
  }
  const host = target === null ? hop.host : targetHost(target)
  // A telephone number is nowhere: nothing is asked about it.
  if (target !== null && target.scheme !== 'sip' && target.scheme !== 'sips') {
    tm.core.log.error('tm', `failed to resolve "${host}"`)
    return E_UNRESOLVABLE
  }
  const port = target === null ? hop.port : target.portNumber
  const proto = hop.proto !== 0 ? hop.proto : target === null ? msg.received.proto : 0
  const scheme: Scheme = target === null ? 'sip' : target.scheme
  if (familyOf(host) === 0) return makeLater(tm, t, msg, hop, index, host, port, proto, scheme)
  const used = proto === 0 ? uriTransport(target!) : proto
  const to = destination(tm, msg, used, withoutBrackets(host), port || defaultPort(used, scheme))
  if (to === null) return reachable(tm, host) ? E_NO_SOCKET : E_UNRESOLVABLE
  printBranch(tm, msg, newBranch(t, msg, index, to, hop.replicate))
  return 1
}

/** Do we have sockets of this family at all? */
const reachable = (tm: Tm, ip: string): boolean => {
  const family = familyOf(ip)
  return tm.core.sockets.list.some(socket => socket.family === family)
}

/**
 * The same when the address of the next hop is a name: at once when it is known, else when it is.
 */
function makeLater(
  tm: Tm,
  t: Transaction,
  msg: SipMessage,
  hop: NextHop,
  index: number,
  host: string,
  port: number,
  proto: number,
  scheme: Scheme,
): number {
  let branch: ClientBranch | null = null
  let result = 1
  let waiting = false
  const { forceSocket } = msg
  const { onBranch } = t
  const wantedProto =
    proto !== 0 ? proto : (parseUri(msg.dstUri === '' ? msg.uri : msg.dstUri)?.transport ?? 0)
  tm.core.network.resolve(host, port, wantedProto, scheme === 'sips', to => {
    if (to === null) {
      tm.core.log.error('tm', `failed to resolve "${host}"`)
      result = E_UNRESOLVABLE
      if (waiting) failLater(tm, branch!, E_UNRESOLVABLE)
      return
    }
    const failover = failoverOf(to, scheme, forceSocket, onBranch)
    const found = destination(tm, msg, to.proto, to.ip, to.port || defaultPort(to.proto, scheme))
    if (found === null) {
      result = E_NO_SOCKET
      if (waiting) failLater(tm, branch!, E_NO_SOCKET)
    } else if (waiting) {
      branch!.failover = failover
      sendLater(tm, msg, branch!, found)
    } else {
      branch = newBranch(t, msg, index, found, hop.replicate)
      branch.failover = failover
      printBranch(tm, msg, branch)
    }
  })
  if (branch !== null || result < 0) return result
  // The name is being looked up: the branch stands, and is printed with the edits of this moment.
  waiting = true
  const nowhere = { proto, ip: '', port: 0, connection: 0, socket: forceSocket, noConnect: false }
  branch = newBranch(t, msg, index, nowhere, hop.replicate)
  branch.edits = msg.edits === null ? null : msg.edits.slice()
  tm.core.timers.arm(branch.final, t.frTimer)
  return 1
}

function failLater(tm: Tm, branch: ClientBranch, error: number): void {
  if (branch.status >= 200) return
  failUnsent(tm, branch, error)
}

function sendLater(tm: Tm, msg: SipMessage, branch: ClientBranch, to: Destination): void {
  // It may have been given up or timed out meanwhile.
  if (branch.status >= 200) return
  branch.destination = to
  const now = msg.edits
  msg.edits = branch.edits
  branch.edits = null
  printBranch(tm, msg, branch)
  msg.edits = now
  launchNow(tm, msg, branch)
}

/** Sends a branch behind t_relay: its error is that of the branch. */
function launchNow(tm: Tm, msg: SipMessage, branch: ClientBranch): void {
  if (!launchBranch(tm, msg, branch)) failUnsent(tm, branch, E_SEND)
}
