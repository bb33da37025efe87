/** Why something fails, for the log: told at once, and again when the reason is another one. */

/** Another reason is told when the last line is so old. */
const QUIET_SECONDS = 10

export class Trouble {
  /** '' while all is well. */
  reason = ''
  private readonly now: () => number
  private readonly tell: (reason: string, isFirst: boolean) => void
  private told = ''
  private toldAt = 0
  private began = 0

  /** `now` counts seconds. */
  constructor(now: () => number, tell: (reason: string, isFirst: boolean) => void) {
    this.now = now
    this.tell = tell
  }

  get seconds(): number {
    return this.now() - this.began
  }

  /** It failed (again). */
  is(reason: string): void {
    const isFirst = this.reason === ''
    this.reason = reason
    const now = this.now()
    if (isFirst) this.began = now
    else if (isSame(reason, this.told) || now - this.toldAt < QUIET_SECONDS) return
    this.told = reason
    this.toldAt = now
    this.tell(reason, isFirst)
  }

  ends(): void {
    this.reason = ''
  }
}

/** `mysql://host is away: connection refused` says no more than `connection refused`. */
const isSame = (one: string, other: string): boolean => one.endsWith(other) || other.endsWith(one)
