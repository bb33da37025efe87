/**
 * The next place for a request whose first one failed. RFC 3263 section 4.3: the request is sent to
 * the next place as a new transaction, with a new branch ID, when a place gives a 503, a transport
 * error, or no answer at all.
 */
import { REQUEST_FWDED } from './api.ts'
import { branchVia, launchBranch, printBranch, runBranchRoute } from './branches.ts'
import { readSent } from './build.ts'
import { settle } from './response.ts'
import { stopBranch } from './send.ts'
import type { Tm } from './tm.ts'
import {
  BLOCKED_6XX,
  CANCELED,
  ClientBranch,
  DISABLE_FAILOVER,
  DROPPED,
  type Failover,
  FAKED,
  REPLICA,
  REPLIED,
  type Transaction,
} from './transaction.ts'
import type { Resolved } from '../../core/network.ts'
import { familyOf } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { H_VIA } from '../../sip/header-names.ts'
import { NEXT, START } from '../../sip/message.ts'
import { defaultPort, type Scheme } from '../../sip/uri.ts'

/** What a branch needs to know to go elsewhere; null when there is no elsewhere. */
export function failoverOf(
  to: Resolved,
  scheme: Scheme,
  socket: SocketInfo | null,
  onBranch: Failover['onBranch'],
): Failover | null {
  const places = to.more ?? null
  return places === null ? null : { places, scheme, socket, onBranch }
}

/** Does a failure of this kind lead to the next place? */
export function mayFailOver(tm: Tm, branch: ClientBranch, code: number): boolean {
  const t = branch.transaction
  if (branch.failover === null || t.status >= 200) return false
  // A place that has replied is there: that it takes its time is no reason to ask another one.
  const silent = code === 408 && (branch.flags2 & (FAKED | REPLIED)) === FAKED
  if (code !== 503 && !silent) return false
  if ((t.flags & (CANCELED | BLOCKED_6XX | DISABLE_FAILOVER)) !== 0) return false
  return tm.core.params.use_dns_failover !== 0 && tm.core.clock.monotonic() < t.endOfLife
}

/** Goes on to the next place; true when a new branch is under way or waits for an address. */
export function tryNext(tm: Tm, failed: ClientBranch): boolean {
  const failover = failed.failover!
  failed.failover = null
  if (failed.transaction.branches.length >= tm.core.params.max_branches) {
    tm.core.log.error('tm', 'maximum number of branches exceeded')
    return false
  }
  return new Attempt(tm, failed, failover).go()
}

/** The way from a failed branch to one that can be sent, over places that cannot be reached. */
class Attempt {
  private readonly tm: Tm
  private readonly failed: ClientBranch
  private readonly failover: Failover
  /** What was sent to the failed place, which a late answer of it may let go of. */
  private readonly text: string
  /** Stands in the transaction from the moment on that something has to be waited for. */
  private branch: ClientBranch | null = null
  private running = false
  private over = false
  private sent = false

  constructor(tm: Tm, failed: ClientBranch, failover: Failover) {
    this.tm = tm
    this.failed = failed
    this.failover = failover
    this.text = failed.sent
  }

  go(): boolean {
    this.running = true
    while (!this.over) {
      let told = false
      this.failover.places.next(to => {
        told = true
        this.take(to)
        if (!this.running) this.later()
      })
      if (!told) {
        this.running = false
        this.wait()
        return true
      }
    }
    return this.sent
  }

  /** An address came after all. */
  private later(): void {
    const { tm, branch } = this
    if (!this.over) this.go()
    if (this.over && !this.sent && branch !== null && branch.status < 200)
      withdraw(tm, branch, this.failed)
  }

  /** Holds the place of the new branch while its address is looked up. */
  private wait(): void {
    if (this.branch !== null) return
    const { tm, failed } = this
    this.branch = successor(failed)
    tm.core.timers.arm(this.branch.final, failed.transaction.frTimer)
  }

  private take(to: Resolved | null): void {
    const { tm, failed, failover } = this
    // It may have been given up, or answered by somebody else, meanwhile.
    const gone = this.branch !== null && this.branch.status >= 200
    if (to === null || gone) {
      this.over = true
      return
    }
    const t = failed.transaction
    const socket = socketTo(tm, t, failover.socket, to)
    if (socket === null) return
    const known = this.branch
    const branch = known ?? successor(failed)
    const port = to.port || defaultPort(to.proto, failover.scheme)
    const { noConnect, closeAfter } = failed.destination
    const { proto, ip } = to
    branch.destination = { proto, ip, port, connection: 0, socket, noConnect, closeAfter }
    branch.failover = to.more == null ? null : failover
    if (write(tm, t, this.text, branch, failover) && launchBranch(tm, t.request, branch)) {
      // What the next place says stands for both.
      failed.flags2 |= DROPPED
      // An INVITE may still have to be cancelled there.
      if (!t.isInvite) failed.sent = ''
      this.sent = true
      this.over = true
      return
    }
    branch.failover = null
    if (known === null) t.branches.pop()
    else {
      branch.status = 0
      branch.flags2 &= ~FAKED
      branch.error = 0
    }
  }
}

/** The socket of the script, the one that the request came to (dns_reuse_rcv_socket), or any. */
function socketTo(
  tm: Tm,
  t: Transaction,
  forced: SocketInfo | null,
  to: Resolved,
): SocketInfo | null {
  if (forced !== null && forced.proto === to.proto) return forced
  if (tm.config.dns_reuse_rcv_socket !== 0 && t.request !== null) {
    const { socket } = t.request.received
    if (socket.proto === to.proto && socket.family === familyOf(to.ip)) return socket
  }
  return tm.core.network.socketFor(to.proto, to.ip)
}

/** A new branch with what the failed one was for. */
function successor(failed: ClientBranch): ClientBranch {
  const t = failed.transaction
  const nowhere = { ...failed.destination, ip: '', port: 0, connection: 0 }
  const branch = new ClientBranch(t, t.branches.length, failed.uri, nowhere)
  branch.dstUri = failed.dstUri
  branch.path = failed.path
  branch.flags = failed.flags
  branch.instance = failed.instance
  branch.ruid = failed.ruid
  branch.userAgent = failed.userAgent
  branch.flags2 = failed.flags2 & REPLICA
  t.branches.push(branch)
  return branch
}

/** The placeholder of a branch that found no place: as if it had never been. */
function withdraw(tm: Tm, branch: ClientBranch, failed: ClientBranch): void {
  stopBranch(tm, branch)
  branch.status = 408
  branch.flags2 |= FAKED | DROPPED
  if (branch.transaction.isLocal) tm.branchFinal(failed, failed.status, failed.reply)
  else settle(tm, branch.transaction)
}

/**
 * Writes the request: from the one that was sent, or anew; false when a branch route dropped it.
 */
function write(
  tm: Tm,
  t: Transaction,
  text: string,
  branch: ClientBranch,
  failover: Failover,
): boolean {
  if (t.request === null || tm.config.reparse_on_dns_failover !== 0) {
    branch.sent = withVia(text, branchVia(branch, t.request))
    return true
  }
  return writeAnew(tm, t, t.request, branch, failover)
}

/** The text with another top Via: ours, in a line of its own. */
export function withVia(sent: string, via: string): string {
  const msg = readSent(sent)
  const { headers, raw } = msg
  const at = msg.find(H_VIA)
  return raw.slice(0, headers[at + START]) + via + raw.slice(headers[at + NEXT])
}

/** From the received request with the edits that it had when it was relayed. */
function writeAnew(
  tm: Tm,
  t: Transaction,
  msg: SipMessage,
  branch: ClientBranch,
  failover: Failover,
): boolean {
  const { newUri, dstUri, path, branchFlags, edits } = msg
  msg.edits = edits === null ? null : edits.slice(0, t.relayedEdits)
  msg.setUri(branch.uri)
  msg.dstUri = branch.dstUri === '' ? branch.uri : branch.dstUri
  msg.path = branch.path
  msg.branchFlags = branch.flags
  const kept = runBranchRoute(tm, failover.onBranch, msg, branch.index)
  if (kept) {
    if ((t.events & REQUEST_FWDED) !== 0) t.tell(REQUEST_FWDED, msg, null, 0)
    branch.uri = msg.uri
    branch.path = msg.path
    branch.flags = msg.branchFlags
    printBranch(tm, msg, branch)
  }
  msg.edits = edits
  msg.setUri(newUri)
  msg.dstUri = dstUri
  msg.path = path
  msg.branchFlags = branchFlags
  return kept
}
