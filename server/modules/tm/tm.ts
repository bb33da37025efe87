/**
 * The instance of tm: its configuration, the table of transactions, and the doors to what happens
 * in the verb files.
 */
import { createHash } from 'node:crypto'
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import { forwardRequest } from '../../core/forward.ts'
import type { ConfigOf, ModuleEnv, PvHandle, RouteBlock, Verdict } from '../../core/module/index.ts'
import { replyParts } from '../../core/reply.ts'
import { CoreStatistics } from '../../core/statistics.ts'
import type { SipMessage } from '../../sip/message.ts'
import { replyTagSuffix } from '../../sip/reply-tag.ts'
import { UDP } from '../../sip/transport.ts'
import { answer, localTag } from './answer.ts'
import type {
  ClientRequest,
  TmApi,
  TmCounters,
  TransactionCallback,
  TransactionView,
} from './api.ts'
import { BranchId } from './branch-id.ts'
import { cancelBranch, cancelBranches } from './cancel.ts'
import { lookupCanceled } from './cancel-in.ts'
import { localFinal, startRequest } from './client.ts'
import { sendLocalAck } from './client-ack.ts'
import { mayFailOver, tryNext } from './failover.ts'
import { BY_URI } from './forward.ts'
import type { LocalRequest } from './local-request.ts'
import type { params } from './params.ts'
import { receiveReply, runStatelessRoute } from './receive.ts'
import { relay, settleError } from './relay.ts'
import { branchFinal, branchTimeout, lateSuccess } from './response.ts'
import {
  failDatagram,
  failStream,
  retransmitCancel,
  retransmitReply,
  retransmitRequest,
} from './send.ts'
import {
  afterScript,
  end,
  lookupRequest,
  newTransaction,
  transactionTimeout,
  wait,
} from './server.ts'
import { resume, suspend } from './suspend.ts'
import { RequestKey, TransactionTable } from './table.ts'
import { type ClientBranch, DRAFT, type TimerOwner, type Transaction } from './transaction.ts'

export class Tm implements TmApi, TimerOwner {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly table: TransactionTable
  readonly key: RequestKey
  readonly branchId = new BranchId()
  readonly counters: TmCounters
  /** The core's fwd_requests: an ACK that passes is one. */
  readonly forwarded: Counter
  /** What all To tags of our replies begin with. */
  readonly tagPrefix: string
  readonly requestListeners: TransactionCallback[] = []
  readonly localListeners: TransactionCallback[] = []
  /**
   * Branches over connections that have no final reply: those that a failing connection may
   * concern.
   */
  readonly streaming = new Set<ClientBranch>()
  /** Calls of which a request of our own waits in its route, with those that wait behind it. */
  readonly heldRequests = new Map<string, LocalRequest[]>()
  // Event routes, looked up when all routes are known; null when the config has none.
  localRequestRoute: RouteBlock | null = null
  localResponseRoute: RouteBlock | null = null
  statelessReplyRoute: RouteBlock | null = null
  /** Why the last request of our own could not be sent; 0: the script dropped it. */
  clientError = 0
  /** fr_timer_avp and fr_inv_timer_avp, known from the start on; null for none. */
  timerAvp: PvHandle | null = null
  inviteTimerAvp: PvHandle | null = null
  private readonly statistics: CoreStatistics

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.config = env.config
    this.table = new TransactionTable(env.core.random)
    this.key = new RequestKey(env.core.random, env.config)
    this.counters = {
      created: 0,
      freed: 0,
      waiting: 0,
      current: 0,
      total: 0,
      totalLocal: 0,
      replyReceived: 0,
      replyGenerated: 0,
      replySent: 0,
      completed: [0, 0, 0, 0, 0, 0, 0],
    }
    this.statistics = new CoreStatistics(env.core.counters)
    this.forwarded = this.statistics.forwardedRequests
    const seed = `tm ${env.core.options.nodeName} ${env.core.startedAt}`
    this.tagPrefix = createHash('md5').update(seed).digest('hex')
  }

  /** Kamailio takes a name without $ and never looks at it; other variables it refuses. */
  private avpNamed(timer: string, name: string): PvHandle | null {
    if (name === '') return null
    const { formats, log } = this.core
    if (!name.startsWith('$')) {
      log.warn(
        'tm',
        `${timer}_avp "${name}" is no variable and has no effect: it begins with $avp(`,
      )
      return null
    }
    log.warn('tm', `using AVP for TM ${timer} is deprecated, use t_set_fr(...) instead`)
    if (/^\$\(?avp\(/.test(name)) return formats.pvar(name)
    throw new Error(`malformed or non AVP ${name} AVP definition`)
  }

  /** Joins the way of messages; all routes are compiled by now. */
  start(): void {
    const { core } = this
    this.timerAvp = this.avpNamed('fr_timer', this.config.fr_timer_avp)
    this.inviteTimerAvp = this.avpNamed('fr_inv_timer', this.config.fr_inv_timer_avp)
    const names = this.config.tw_append.map(({ name }) => name)
    const twice = names.find((name, i) => names.indexOf(name) < i)
    if (twice !== undefined) throw new Error(`duplicated tw_append name <${twice}>`)
    core.hooks.addPostRequest(msg => {
      if (msg.transaction !== null) this.afterScript(msg)
      return true
    })
    core.network.onSendError = (to, quoted, refused = false) => {
      if (to.proto === UDP) failDatagram(this, to, quoted, refused)
      else failStream(this, to)
    }
    core.hooks.isKnown = msg => lookupRequest(this, msg) !== null
    core.hooks.onReply = msg => receiveReply(this, msg)
    core.routes.follow(() => this.findRoutes())
  }

  /** The config can be loaded anew while the node runs. */
  private findRoutes(): void {
    const { core, config } = this
    const { kemi } = core
    this.localRequestRoute = kemi.event('tm:local-request', config.event_callback)
    const sent = config.event_callback_lres_sent
    this.localResponseRoute = kemi.event('tm:local-response', sent, 'tm:local-response-sent')
    if (config.on_sl_reply === '') return
    this.statelessReplyRoute = kemi.block('onreply', config.on_sl_reply)
    if (this.statelessReplyRoute === null)
      core.log.error('tm', `on_sl_reply: there is no onreply_route[${config.on_sl_reply}]`)
  }

  private afterScript(msg: SipMessage): void {
    settleError(this, msg)
    afterScript(this, msg)
  }

  /** The transaction of a message that is in the table; null for a mere draft. */
  current(msg: SipMessage): Transaction | null {
    const t = msg.transaction as Transaction | null
    return t !== null && t.state !== DRAFT ? t : null
  }

  /** False when the on_sl_reply route keeps the core from forwarding the reply. */
  passStateless(msg: SipMessage): boolean {
    return runStatelessRoute(this, msg)
  }

  forwardStateless(msg: SipMessage): Verdict {
    return forwardRequest(this.core, this.statistics, msg, '', 0, 0)
  }

  /**
   * Ends transactions that are older than anything allows: a safety net, nothing should be found.
   */
  clean(): void {
    const now = this.core.clock.monotonic()
    for (const t of this.table.all())
      if (now > t.endOfLife + t.frTimer + this.config.wt_timer + 10_000) end(this, t)
  }

  userAgentHeader(): string {
    const { params } = this.core
    return params.server_signature === 0 ? '' : `${params.user_agent_header}\r\n`
  }

  hostName(): string {
    return this.core.sockets.list[0]?.host ?? 'localhost'
  }

  // ---- what timers and replies lead to
  branchFinal(branch: ClientBranch, code: number, reply: SipMessage | null): void {
    if (branch.failover !== null) {
      branch.status = code
      branch.reply = reply
      if (mayFailOver(this, branch, code)) tryNext(this, branch)
      branch.failover = null
    }
    if (branch.transaction.isLocal) localFinal(this, branch, code, reply)
    else branchFinal(this, branch, code, reply)
  }

  lateSuccess(branch: ClientBranch, reply: SipMessage): void {
    const t = branch.transaction
    if (t.isLocal) sendLocalAck(this, t, branch, reply)
    else lateSuccess(this, branch, reply)
  }

  retransmitRequest(branch: ClientBranch): void {
    retransmitRequest(this, branch)
  }
  branchTimeout(branch: ClientBranch): void {
    branchTimeout(this, branch)
  }
  retransmitCancel(branch: ClientBranch): void {
    retransmitCancel(this, branch)
  }
  retransmitReply(transaction: Transaction): void {
    retransmitReply(this, transaction)
  }
  transactionTimeout(transaction: Transaction): void {
    transactionTimeout(this, transaction)
  }

  // ---- api.ts
  onRequestIn(callback: TransactionCallback): void {
    this.requestListeners.push(callback)
  }

  onLocalRequest(callback: TransactionCallback): void {
    this.localListeners.push(callback)
  }

  transactionOf(msg: SipMessage): TransactionView | null {
    return this.current(msg)
  }

  find(hashIndex: number, label: number): TransactionView | null {
    return this.table.findLabel(hashIndex, label)
  }

  findCall(callId: string, cseq: string, invite: boolean): TransactionView | null {
    const call = this.key.ofCall(callId, cseq)
    return this.table.findCall(call, t => t.isInvite === invite || !invite)
  }

  inviteOf(msg: SipMessage): TransactionView | null {
    return lookupCanceled(this, msg)
  }

  newTransaction(msg: SipMessage): Verdict {
    return newTransaction(this, msg)
  }

  reply(msg: SipMessage, code: number, reason: string): Verdict {
    let t = this.current(msg)
    if (t === null) {
      const made = newTransaction(this, msg)
      if (made <= 0) return made
      t = this.current(msg)
      if (t === null) return -1
    }
    return answer(this, t, code, reason, '', null) ? 1 : -1
  }

  replyTo(
    transaction: TransactionView,
    code: number,
    reason: string,
    toTag = '',
    headers = '',
    body = '',
  ): boolean {
    const t = transaction as Transaction
    if (t.request === null) return false
    const parts = replyParts(this.core, t.request)
    parts.headers += headers
    // The Content-Type is among the headers already.
    if (body !== '') parts.body = body
    return answer(this, t, code, reason, toTag, parts)
  }

  relay(msg: SipMessage): Verdict {
    return relay(this, msg, BY_URI, 0)
  }

  request(request: ClientRequest): TransactionView | null {
    return startRequest(this, request)
  }

  cancel(transaction: TransactionView, reason = ''): number {
    return cancelBranches(this, transaction as Transaction, null, reason)
  }

  cancelBranch(transaction: TransactionView, index: number, reason: string): boolean {
    const branch = (transaction as Transaction).branches[index]
    return branch !== undefined && cancelBranch(this, branch, reason)
  }

  drop(transaction: TransactionView, code: number): void {
    const t = transaction as Transaction
    t.status = code
    t.response = ''
    wait(this, t)
  }

  suspend(msg: SipMessage): Verdict {
    return suspend(this, msg)
  }

  resume(hashIndex: number, label: number, block: RouteBlock): boolean {
    const t = this.table.findLabel(hashIndex, label)
    if (t !== null && resume(this, t, block)) return true
    this.core.log.warn('tm', 'active transaction not found')
    return false
  }

  keepFlags(msg: SipMessage): void {
    const t = this.current(msg)
    if (t !== null) t.relayedFlags = msg.flags
  }

  localTag(msg: SipMessage): string {
    const t = this.current(msg)
    const request = t === null ? msg : t.request
    if (request === null) return t === null ? '' : t.localTag
    return t === null ? `${this.tagPrefix}-${replyTagSuffix(msg)}` : localTag(this, t, request)
  }

  errorOf(msg: SipMessage): number {
    return (msg.transaction as Transaction | null)?.lastError ?? 0
  }
}
