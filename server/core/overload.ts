/**
 * Protection from overload: when the loop has no time left, part of the new requests is refused with
 * 503 and Retry-After (RFC 3261 section 21.5.4) before their work is begun, so that the calls that
 * were taken go through. What belongs to a dialog or a transaction always does.
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { keyOf } from './shared/location-hash.ts'
import { ACK, CANCEL, PRACK } from '../sip/method.ts'
import type { SipMessage } from '../sip/message.ts'
import { printReply } from '../sip/print.ts'
import type { Core } from './core.ts'
import type { Counter } from './counters.ts'
import { replyDestination, replyParts } from './reply.ts'

/** Milliseconds between two looks at the load. */
const LOOK_EVERY = 100
/** A share of all, in parts of 256: a byte of the hash of a Call-ID decides. */
const ALL = 256
const MOST = 250
/** Of the newest look in the smoothed busyness. */
const SMOOTHING = 0.25
/** Growth of the share per look for a loop that is all busy. */
const GAIN = 4 * ALL
/** ACKs to our refusals may come this long after the last one (RFC 3261: 64 * T1), milliseconds. */
const ACK_WINDOW = 32_000

const NEVER_REFUSED = ACK | CANCEL | PRACK

export class Overload {
  /** `ohana.overload_protection` and `ohana.overload_target`: live. */
  readonly config = { overload_protection: 1, overload_target: 96 }
  /** How many of 256 new requests are refused now. */
  share = 0
  private readonly core: Core
  private readonly refused: Counter
  private readonly tagPrefix: string
  /** Part of the time that the loop was busy, smoothed. */
  private busyness = 0
  private last: EventLoopUtilization
  private lastRefusal = -ACK_WINDOW
  private timer: ReturnType<typeof setInterval> | null = null

  constructor(core: Core) {
    this.core = core
    this.tagPrefix = `overload-${core.random.hex(8)}-`
    this.last = performance.eventLoopUtilization()
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
      1,
      'Refuse new requests when the node has no time left.',
      1,
    )
    this.addVariable('overload_target', 90, 'Percent of the time that the node may be busy.', 99)
  }

  private addVariable(
    name: keyof Overload['config'],
    value: number,
    doc: string,
    max: number,
  ): void {
    const variable = { group: 'ohana', name, doc, default: value, min: 0, max } as const
    this.core.cfg.declare({ ...variable, kind: 'int', live: true }, this.config)
  }

  /** Joins the way of requests, before everybody else. */
  start(): void {
    this.core.hooks.addPreRequest(msg => !this.takes(msg))
    this.timer = setInterval(() => this.look(), LOOK_EVERY).unref()
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
  }

  private look(): void {
    const whole = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(whole, this.last)
    this.last = whole
    this.adapt(utilization)
  }

  /**
   * An integrating controller: the share grows while the loop is busier than it may be and shrinks
   * at half the speed. A moment of work (a collection of garbage, a burst) is no overload: the
   * busyness is that of the last half second.
   */
  adapt(utilization: number): void {
    this.busyness += (utilization - this.busyness) * SMOOTHING
    const { overload_protection, overload_target } = this.config
    if (overload_protection === 0) {
      this.share = 0
      return
    }
    const excess = this.busyness - overload_target / 100
    const step = excess > 0 ? excess * GAIN : (excess * GAIN) / 2
    this.share = Math.min(MOST, Math.max(0, this.share + step))
  }

  /** True: the request has been dealt with here. */
  private takes(msg: SipMessage): boolean {
    if (this.share < 1 && !this.mayGetAcks()) return false
    if (msg.methodBit === ACK) return this.isAckOfRefusal(msg)
    if (this.share < 1 || (msg.methodBit & NEVER_REFUSED) !== 0) return false
    // The same for all copies of a request: one that was taken is not refused when it comes again.
    if ((keyOf(msg.callId) & (ALL - 1)) >= this.share) return false
    if (msg.to === null || msg.to.tag !== '') return false
    if (this.core.hooks.isKnown?.(msg) === true) return false
    this.refuse(msg)
    return true
  }

  private mayGetAcks(): boolean {
    return this.core.clock.monotonic() - this.lastRefusal < ACK_WINDOW
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
    core.network.send(text, replyDestination(core, msg))
  }
}
