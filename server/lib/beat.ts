/**
 * Work that is to be done every so many milliseconds, about. A loop that wakes for itself finds
 * cold caches, so that under load the work goes along with what wakes it anyway; a timer of its own
 * does it only while nothing else happens.
 */
export class Beat {
  private readonly every: number
  private readonly run: () => void
  private readonly now: () => number
  private timer: ReturnType<typeof setInterval> | null = null
  private last = 0

  /** `now`: monotonic milliseconds. */
  constructor(every: number, now: () => number, run: () => void) {
    this.every = every
    this.now = now
    this.run = run
  }

  start(): void {
    this.last = this.now()
    this.timer = setInterval(() => this.ride(this.now()), this.every)
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  /** The loop is awake: what is due is done, and need not wake it soon. */
  ride(now: number): void {
    if (this.timer === null || now - this.last < this.every) return
    this.last = now
    this.timer.refresh()
    this.run()
  }
}
