/** When a busy UDP socket is left alone, and for how long (decision 0004). */

/** The longest that a datagram waits for others, milliseconds: SIP's shortest timer is 500. */
const LONGEST_MS = 20
/** So long it waits however many come, where the receive buffer has the room. */
const USUAL_MS = 10
/**
 * A few lengths only, so that a busy socket winds up the timer that it has: making another is many
 * times as much work, at each turn of the loop.
 */
const LENGTHS_MS = [LONGEST_MS, 15, USUAL_MS, 5, 2]
/** As many are enough: peers that get larger bursts at once may have no room for them. */
const ENOUGH = 64
const WINDOW_MS = 20
/** Datagrams in a window from which on they are better taken together: a thousand a second. */
const BUSY_DATAGRAMS = 20
/** What a datagram of SIP takes of the receive buffer, with what the kernel adds. */
const KERNEL_BYTES = 2304
/** The part of the receive buffer that may fill while nobody reads: the rest is for bursts. */
const USED_PART = 4

/**
 * Under load every datagram wakes the loop for itself, and the waking costs more than the work: the
 * first message after a sleep takes twenty times as long as the next, because nothing of the
 * program is in the processor's cache any more. Once they come thick the socket is left alone for a
 * moment and then emptied in one call (what network drivers call interrupt coalescing). The price
 * is that moment of delay; with little to do there is no pause.
 */
export class Pause {
  private readonly run: () => void
  private timer: ReturnType<typeof setTimeout> | null = null
  private timerMs = 0
  private windowStart = 0
  private seen = 0
  private busy = false
  /** Datagrams that may gather in the kernel. */
  private room = 0
  /** Milliseconds of the next pause. */
  length = LONGEST_MS

  constructor(run: () => void) {
    this.run = run
  }

  /** `receiveBuffer`: bytes that the kernel keeps for the socket. */
  fit(receiveBuffer: number): void {
    this.room = receiveBuffer / USED_PART / KERNEL_BYTES
  }

  /** Counts the datagrams of a wake; true when it is time to pause. */
  isDue(datagrams: number, now: number): boolean {
    this.seen += datagrams
    const elapsed = now - this.windowStart
    if (elapsed >= WINDOW_MS) {
      this.busy = this.seen * WINDOW_MS >= BUSY_DATAGRAMS * elapsed
      this.length = this.lengthAt(this.seen / elapsed)
      this.seen = 0
      this.windowStart = now
    }
    return this.busy
  }

  /** The pause that suits so many datagrams per millisecond. */
  private lengthAt(rate: number): number {
    const wanted = Math.min(LONGEST_MS, Math.max(USUAL_MS, ENOUGH / rate))
    const most = Math.min(wanted, this.room / rate)
    for (const length of LENGTHS_MS) if (length <= most) return length
    return 1
  }

  /** `none`: there is work left, and others only have their turn first. */
  begin(none: boolean): void {
    if (none) setImmediate(this.run)
    else if (this.timer !== null && this.timerMs === this.length) this.timer.refresh()
    else {
      this.end()
      this.timer = setTimeout(this.run, this.length)
      this.timerMs = this.length
    }
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer)
  }
}
