/**
 * What runs at the moment: the message whose script it is, whether the script has ended itself, and
 * how long it has been busy. A script that runs inside of another one (a branch route inside of
 * t_relay) finds its own state and leaves the outer one's.
 */
import type { Clock } from '../../lib/clock.ts'
import type { SipMessage } from '../../sip/message.ts'

/** How a script ended before its end. */
export const GOING = 0
/** KSR.x.exit() or KSR.x.drop(). */
export const ENDED = 1
/** It was busy for too long. */
export const TOO_LONG = 2

/** What KSR.x.exit() throws: Kamailio's own text, which scripts may look for. */
export const EXIT = '~~ksr~exit~~'

/** Milliseconds for one message, after which no other one would wait for this node. */
export const LIMIT_MS = 2000
/** Milliseconds for the top level of a script. */
const LOAD_LIMIT_MS = 5000
export const TOO_LONG_TEXT = 'busy for too long: an endless loop?'

export class Execution {
  /** null: no message, the script is being loaded. */
  msg: SipMessage | null = null
  ended = GOING
  /** The error that told an endless loop so: it knows where. */
  complaint: Error | null = null
  private depth = 0
  private loading = false
  private busySince = -1
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  enter(msg: SipMessage): void {
    this.msg = msg
    this.ended = GOING
    if (this.depth++ === 0) this.restart()
  }

  leave(outer: SipMessage | null, outerEnded: number): void {
    this.depth--
    this.msg = outer
    // An inner script that took too long has used up the time of the outer one as well.
    this.ended = this.ended === TOO_LONG && this.depth > 0 ? TOO_LONG : outerEnded
  }

  /**
   * The top level of a script begins, perhaps while another one runs (KSR.jsonrpcs.exec); gives
   * what `loaded` wants back.
   */
  load(): SipMessage | null {
    const { msg } = this
    this.msg = null
    this.loading = true
    if (this.depth === 0) this.restart()
    return msg
  }

  loaded(outer: SipMessage | null): void {
    this.msg = outer
    this.loading = false
    if (this.depth === 0) this.ended = GOING
  }

  /** Is a script running, and not merely loaded? */
  get running(): boolean {
    return this.depth > 0
  }

  /**
   * Asked by a script that has been busy for a while, again and again: must it end? The clock is
   * first read here, because most messages never come here.
   */
  tooLong(): boolean {
    if (this.depth === 0 && !this.loading) return false
    const now = this.clock.monotonic()
    if (this.busySince < 0) this.busySince = now
    if (now - this.busySince < (this.loading ? LOAD_LIMIT_MS : LIMIT_MS)) return false
    this.ended = TOO_LONG
    return true
  }

  private restart(): void {
    this.ended = GOING
    this.busySince = -1
    this.complaint = null
  }
}
