/**
 * Protection from overload: when the loop has no time left, part of the new requests is refused
 * with 503 and Retry-After (RFC 3261 section 21.5.4) before their work is begun, so that the calls
 * that were taken go through. What belongs to a dialog or a transaction always does.
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { Timer } from '../lib/wheel.ts'
import { keyOf } from './shared/location-hash.ts'
import { ACK, CANCEL, PRACK } from '../sip/method.ts'
import type { SipMessage } from '../sip/message.ts'
import { printReply } from '../sip/print.ts'
import type { Core } from './core.ts'
import type { Counter } from './counters.ts'
import { OverloadControl } from './overload-control.ts'
import { replyDestination, replyParts } from './reply.ts'

/** Milliseconds between two looks at the load. */
const LOOK_EVERY = 100
/** A share of all, in parts of 256: a byte of the hash of a Call-ID decides. */
const ALL = 256
/** ACKs to our refusals may come this long after the last one (RFC 3261: 64 * T1), milliseconds. */
const ACK_WINDOW = 32_000

const NEVER_REFUSED = ACK | CANCEL | PRACK

export class Overload {
  /** `ohana.overload_protection` and `ohana.overload_target`: live. */
  readonly config = { overload_protection: 1, overload_target: 98 }
  /** How many of 256 new requests are refused now. */
  share = 0
  private readonly core: Core
  private readonly refused: Counter
  private readonly tagPrefix: string
  private control = new OverloadControl()
  private last: EventLoopUtilization
  private lastRefusal = -ACK_WINDOW
  /** ACKs to refusals may still come. */
  private awaitsAcks = false
  /** Requests came in since the last look. */
  private asked = false
  private readonly timer: Timer

  constructor(core: Core) {
    this.core = core
    this.tagPrefix = `overload-${core.random.hex(8)}-`
    this.last = performance.eventLoopUtilization()
    this.timer = new Timer(() => {
      this.look()
      core.timers.arm(this.timer, LOOK_EVERY)
    })
    const { counters } = core
    this.refused = counters.register('ohana', 'overload_refused', 'New requests refused with 503.')
    counters.register(
      'ohana',
      'overload_share',
      'Percent of the new requests that are refused now.',
      () => Math.round((this.share * 100) / ALL),
    )
    this.addVariable(
      'overload_protection',
      'Refuse new requests when the node has no time left.',
      1,
    )
    this.addVariable('overload_target', 'Percent of the time that the node may be busy.', 99)
  }

  private addVariable(name: keyof Overload['config'], doc: string, max: number): void {
    const variable = { group: 'ohana', name, doc, default: this.config[name], min: 0, max } as const
    this.core.cfg.declare({ ...variable, kind: 'int', live: true }, this.config)
  }

  /** Joins the way of requests, before everybody else. */
  start(): void {
    this.core.hooks.addPreRequest(msg => !this.takes(msg))
    this.core.timers.arm(this.timer, LOOK_EVERY)
  }

  stop(): void {
    this.core.timers.disarm(this.timer)
  }

  /** How busy was the loop since the last look? The timer asks every LOOK_EVERY. */
  look(): void {
    const whole = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(whole, this.last)
    this.last = whole
    this.awaitsAcks = this.core.clock.monotonic() - this.lastRefusal < ACK_WINDOW
    const { overload_protection, overload_target } = this.config
    if (overload_protection === 0) this.control = new OverloadControl()
    // A loop that is busy without requests (with its own start, say) has nothing to gain by
    // refusing.
    else this.control.look(this.asked ? utilization : 0, overload_target / 100)
    this.asked = false
    this.share = Math.round(ALL * (1 - this.control.taken))
  }

  /** True: the request has been dealt with here. */
  private takes(msg: SipMessage): boolean {
    this.asked = true
    if (this.share < 1 && !this.awaitsAcks) return false
    if (msg.methodBit === ACK) return this.isAckOfRefusal(msg)
    if (this.share < 1 || (msg.methodBit & NEVER_REFUSED) !== 0) return false
    // The same for all copies of a request: one that was taken is not refused when it comes again.
    if ((keyOf(msg.callId) & (ALL - 1)) >= this.share) return false
    if (msg.to === null || msg.to.tag !== '') return false
    if (this.core.hooks.isKnown?.(msg) === true) return false
    this.refuse(msg)
    return true
  }

  private isAckOfRefusal(msg: SipMessage): boolean {
    return msg.to?.tag.startsWith(this.tagPrefix) === true
  }

  private refuse(msg: SipMessage): void {
    const { core } = this
    const key = keyOf(msg.callId)
    const plain = replyParts(core, msg)
    // Not all of them again in the same second.
    const parts = { ...plain, headers: `Retry-After: ${2 + (key % 8)}\r\n` }
    const tag = this.tagPrefix + key.toString(36)
    const text = printReply(msg, 503, 'Service Unavailable', tag, parts)
    this.refused.value++
    this.lastRefusal = core.clock.monotonic()
    this.awaitsAcks = true
    core.network.send(text, replyDestination(core, msg))
  }
}
