/**
 * Why something fails, for the log: told at once, again when the reason is another one, and not all
 * the time when it comes and goes.
 */

/** So long after a line the next one about another reason, or about the same that is back. */
const QUIET_SECONDS = 10

export class Trouble {
  /** '' while all is well. */
  reason = ''
  private readonly now: () => number
  private readonly tell: (reason: string, isFirst: boolean) => void
  private isTold = false
  private told = ''
  private toldAt = 0
  private began = 0

  /** `now` counts seconds; `tell` is called with true for the first reason of a trouble. */
  constructor(now: () => number, tell: (reason: string, isFirst: boolean) => void) {
    this.now = now
    this.tell = tell
  }

  get seconds(): number {
    return this.now() - this.began
  }

  /** It failed (again). */
  is(reason: string): void {
    const now = this.now()
    const isNew = this.reason === ''
    const isAnother = !isSame(reason, this.told)
    const isQuiet = this.told !== '' && now - this.toldAt < QUIET_SECONDS
    this.reason = reason
    if (isNew) this.began = now
    if (isQuiet ? !(isNew && isAnother) : this.isTold && !isAnother) return
    this.told = reason
    this.toldAt = now
    this.tell(reason, !this.isTold)
    this.isTold = true
  }

  /** It is over; true when somebody was told of it. */
  ends(): boolean {
    const was = this.isTold
    this.isTold = false
    this.reason = ''
    return was
  }
}

/** `mysql://host is away: connection refused` says no more than `connection refused`. */
const isSame = (one: string, other: string): boolean =>
  other !== '' && (one.endsWith(other) || other.endsWith(one))
