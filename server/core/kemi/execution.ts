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
/** Rounds of loops between two looks at the clock. */
export const ROUNDS = 10_000

export class Execution {
  /** null: no message, the script is being loaded. */
  msg: SipMessage | null = null
  ended = GOING
  /** What an endless loop was told. */
  complaint: Error | null = null
  private depth = 0
  private busySince = -1
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  enter(msg: SipMessage): void {
    this.msg = msg
    this.ended = GOING
    if (this.depth++ > 0) return
    this.busySince = -1
    this.complaint = null
  }

  leave(outer: SipMessage | null, outerEnded: number): void {
    this.depth--
    this.msg = outer
    // An inner script that took too long has used up the time of the outer one as well.
    this.ended = this.ended === TOO_LONG && this.depth > 0 ? TOO_LONG : outerEnded
  }

  /**
   * Asked by loops after ROUNDS rounds: gives the next ROUNDS, or throws. The clock is first read
   * here, because most messages never come here.
   */
  rounds = (): number => {
    if (this.depth === 0) return ROUNDS
    const now = this.clock.monotonic()
    if (this.busySince < 0) this.busySince = now
    if (now - this.busySince < LIMIT_MS) return ROUNDS
    // Thrown again at each look: a script that catches it does not get on.
    this.ended = TOO_LONG
    this.complaint ??= new Error(`busy for ${LIMIT_MS} ms with one message: an endless loop?`)
    throw this.complaint
  }
}
