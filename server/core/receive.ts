/**
 * The way of every message, in running order: count, read, refuse what is bad, request or reply.
 * Steps that nobody configured are null, decided at boot.
 */
import { H_CALL_ID, H_CSEQ, H_FROM, H_TO, H_VIA } from '../sip/header-names.ts'
import { ACK } from '../sip/method.ts'
import { MSG_ADD_LOCAL_RPORT, MSG_FORCE_RPORT, REQUEST, SipMessage } from '../sip/message.ts'
import { type Received, UDP } from '../sip/transport.ts'
import { defaultPort, findParam } from '../sip/uri.ts'
import { NO_VIA, tellMissing, tellTime, tellUnreadable } from './complaints.ts'
import type { Core } from './core.ts'
import { forwardReply } from './forward.ts'
import type { ArrivalHook, ScriptHook } from './hooks.ts'
import { logMistake } from './mistake.ts'
import { CORE_ONREPLY_ROUTE, REQUEST_ROUTE } from './route-bits.ts'
import { replyStateless } from './reply.ts'
import type { RouteEnd } from './routes.ts'
import { SCRIPT_DROP, SCRIPT_RUNNING } from './script-state.ts'
import type { CoreStatistics } from './statistics.ts'
import { RECEIVED } from './trace.ts'

export class Receiver {
  private readonly core: Core
  private readonly stats: CoreStatistics

  constructor(core: Core, stats: CoreStatistics) {
    this.core = core
    this.stats = stats
  }

  /**
   * Takes one complete message from a transport. Never throws: our own mistakes are logged and the
   * message is dropped.
   */
  receive(given: string, received: Received, bytes: Buffer | null = null, at = 0): void {
    if (given.length < LEAST_DATAGRAM && received.proto === UDP) return
    const { core } = this
    const { onPacket } = core.hooks
    const raw = onPacket === null ? given : onPacket(given, received)
    core.trace.keep(
      RECEIVED,
      received.proto,
      received.dstIp,
      received.dstPort,
      received.srcIp,
      received.srcPort,
      raw,
      raw === given ? bytes : null,
      at,
    )
    if (core.hooks.arrivals === null) this.take(raw, received)
    else this.arrive(core.hooks.arrivals, 0, raw, received)
  }

  /** Hands the text from one arrival hook to the next, from the one at `index` on. */
  private arrive(hooks: ArrivalHook[], index: number, raw: string, received: Received): void {
    let text: string | null = raw
    for (let i = index; i < hooks.length; i++) {
      text = hooks[i]!(text, received, later => this.arrive(hooks, i + 1, later, received))
      if (text === null) return
    }
    this.take(text, received)
  }

  private take(raw: string, received: Received): void {
    const { core } = this
    if (core.cfg.anySelected) core.cfg.deselectAll()
    try {
      this.route(raw, received)
    } catch (error) {
      logMistake(core.log, 'message dropped', raw, error)
      core.routes.reset()
    }
    core.log.context?.begin(null)
    if (core.cfg.anySelected) core.cfg.deselectAll()
  }

  private route(raw: string, received: Received): void {
    const { hooks } = this.core
    if (raw.length > this.core.params.msg_recv_max_size) {
      this.core.log.error('<core>', `received message too large: ${raw.length}`)
      return
    }
    if (hooks.onReceived !== null && !hooks.onReceived(raw, received)) return
    const msg = new SipMessage(raw, received, ++this.core.messageIds.last)
    const { log, params } = this.core
    log.context?.begin(msg)
    if (params.force_rport !== 0) msg.messageFlags |= MSG_FORCE_RPORT
    if (params.local_rport !== 0) msg.messageFlags |= MSG_ADD_LOCAL_RPORT
    const bad = msg.bad ?? this.unwanted(msg)
    if (bad !== null) this.refuseUnreadable(msg, bad)
    else if (msg.type === REQUEST) this.request(msg)
    else this.reply(msg)
  }

  /** Why nobody asked for this message, null when it is to be routed. */
  private unwanted({ type, version }: SipMessage): string | null {
    const http = type !== REQUEST && version.charCodeAt(0) === 0x48 /* H */
    return http && this.core.params.http_reply_hack === 0 ? 'a reply of HTTP' : null
  }

  private request(msg: SipMessage): void {
    const { core } = this
    this.stats.countRequest(msg.methodBit)
    if (msg.version.charCodeAt(0) === 0x48 /* H */) {
      if (core.hooks.onHttp?.(msg) !== true) this.stats.droppedRequests.value++
      return
    }
    const missing = missingForRequest(msg)
    if (missing !== null) {
      if (missing === BAD_VIA) this.refuseUnreadable(msg, missing)
      else {
        tellMissing(core, msg, missing)
        this.refuse(msg)
      }
      return
    }
    if (core.params.tcp_accept_aliases !== 0) acceptAlias(core, msg)
    if (core.hooks.preRouting !== null && !core.hooks.preRouting(msg)) return
    if (core.hooks.preRequest !== null && !runHooks(core.hooks.preRequest, msg)) return
    const block = core.routes.request
    if (block !== null) {
      const startedAt = this.watchesTime ? core.clock.monotonic() : UNWATCHED
      const code = core.routes.run(block, msg, REQUEST_ROUTE)
      if (typeof code === 'number') this.afterRequest(msg, code, startedAt)
      else this.after(code, msg, end => this.afterRequest(msg, end.code, startedAt))
    } else this.afterRequest(msg, 1, UNWATCHED)
  }

  /** Does anybody read how long a route takes? */
  private get watchesTime(): boolean {
    return this.core.log.enabled(this.core.params.latency_cfg_log)
  }

  private afterRequest(msg: SipMessage, code: number, startedAt: number): void {
    const { core } = this
    const { hooks } = core
    if (startedAt !== UNWATCHED) tellTime(core, 'request-route', startedAt)
    if (code < 0) core.log.warn('<core>', 'error while trying script')
    if (hooks.postRequest !== null) runHooks(hooks.postRequest, msg)
  }

  /** What follows a route that had to wait; what goes wrong in it is logged, as at `receive`. */
  private after(end: Promise<RouteEnd>, msg: SipMessage, follow: (end: RouteEnd) => void): void {
    const { log } = this.core
    end.then(follow).catch(error => logMistake(log, 'after a route that waited', msg.raw, error))
  }

  private reply(msg: SipMessage): void {
    const { core } = this
    this.stats.countReply(msg.status, msg.methodBit)
    // RFC 3261 section 18.1.2: a reply whose topmost Via is not ours is dropped; without one it has
    // nowhere to go.
    if (msg.via === null || msg.cseq === null) {
      this.stats.badHeaders.value++
      this.stats.droppedReplies.value++
      tellMissing(core, msg, msg.find(H_VIA) < 0 ? NO_VIA : '')
      return
    }
    if (core.hooks.preRouting !== null && !core.hooks.preRouting(msg)) {
      this.stats.droppedReplies.value++
      return
    }
    if (core.hooks.preReply !== null && !runHooks(core.hooks.preReply, msg)) return
    const block = core.routes.reply
    if (block === null) {
      this.afterReply(msg, SCRIPT_RUNNING, UNWATCHED)
      return
    }
    const startedAt = this.watchesTime ? core.clock.monotonic() : UNWATCHED
    const code = core.routes.run(block, msg, CORE_ONREPLY_ROUTE)
    if (typeof code === 'number') this.afterReply(msg, core.routes.ended, startedAt)
    else this.after(code, msg, ({ ended }) => this.afterReply(msg, ended, startedAt))
  }

  private afterReply(msg: SipMessage, ended: number, startedAt: number): void {
    const { core } = this
    if (startedAt !== UNWATCHED) tellTime(core, 'reply-route', startedAt)
    if (ended === SCRIPT_DROP) {
      this.stats.droppedReplies.value++
      return
    }
    if (core.hooks.onReply === null || !core.hooks.onReply(msg)) forwardReply(core, this.stats, msg)
    if (core.hooks.postReply !== null) runHooks(core.hooks.postReply, msg)
  }

  /**
   * A message that is none: answered where RFC 3261 lets us know whom to answer, else dropped, and
   * counted.
   */
  private refuse(msg: SipMessage): void {
    const { core, stats } = this
    stats.badHeaders.value++
    if (isAnswerable(msg)) {
      // RFC 3261 section 21.5.6: 505 for a version of SIP that is not ours, 400 for what is no SIP
      // at all.
      const ours = msg.version.toUpperCase() === 'SIP/2.0'
      replyStateless(core, msg, ours ? 400 : 505, ours ? 'Bad Request' : 'Version Not Supported')
    } else if (msg.type === REQUEST) stats.droppedRequests.value++
    else stats.droppedReplies.value++
  }

  private refuseUnreadable(msg: SipMessage, why: string): void {
    const { core } = this
    if (core.hooks.onNoSip !== null && core.hooks.onNoSip(msg)) return
    tellUnreadable(core, msg, why)
    // Whoever has a route for it answers there.
    if (core.hooks.onParseError === null) this.refuse(msg)
    else {
      core.hooks.onParseError(msg)
      this.stats.badHeaders.value++
    }
  }
}

const UNWATCHED = -1
/** Shorter ones keep a path open or try whether somebody is there: none of them is SIP. */
const LEAST_DATAGRAM = 32
const BAD_VIA = 'malformed Via'

/**
 * A reply needs these headers to find its way (section 8.2.6.2); without a readable Via it goes to
 * where the packet came from.
 */
function isAnswerable(msg: SipMessage): boolean {
  if (msg.type !== REQUEST || msg.methodBit === ACK || !msg.version.startsWith('SIP/')) return false
  return [H_VIA, H_CSEQ, H_CALL_ID, H_FROM].every(id => msg.find(id) >= 0)
}

/**
 * RFC 5923 section 5: a peer that says alias takes requests to its Via's port over the connection.
 */
function acceptAlias(core: Core, { received, via }: SipMessage): void {
  if (received.connection === 0 || via === null || findParam(via.params, 'alias') === null) return
  core.network.streams?.addAlias(received.connection, via.port || defaultPort(received.proto))
}

function runHooks(hooks: ScriptHook[], msg: SipMessage): boolean {
  for (let i = 0; i < hooks.length; i++) if (!hooks[i]!(msg)) return false
  return true
}

/**
 * The headers without which a request can be neither routed nor answered (RFC 3261 section 8.1.1).
 */
function missingForRequest(msg: SipMessage): string | null {
  if (msg.via === null) return msg.find(H_VIA) < 0 ? NO_VIA : BAD_VIA
  if (msg.cseq === null) return msg.find(H_CSEQ) < 0 ? 'no CSeq' : 'malformed CSeq'
  if (msg.find(H_CALL_ID) < 0) return 'no Call-ID'
  if (msg.find(H_FROM) < 0) return 'no From'
  if (msg.find(H_TO) < 0) return 'no To'
  return null
}
