/** How long a destination takes to answer pings: mean, deviation, and an estimate of these days. */

/** From so many answers on the mean forgets the oldest ones. */
const MOST_COUNTED = 2_097_152
/** With so many answers the mean counts as settled. */
const SETTLED = 10_000
/** Before so many answers the estimate is the mean. */
const FIRST_ESTIMATES = 10

export class LatencyStats {
  /** Milliseconds, as all others but `timeouts`. */
  average = 0
  deviation = 0
  estimate = 0
  min = 0
  max = 0
  /** Pings that nobody answered. */
  timeouts = 0
  /** When the ping was sent that is under way, 0 when none was. */
  started = 0
  private count = 0
  /** Sum of the squared deviations. */
  private squares = 0

  /** As if it had been measured `count` times. */
  init(latency: number, count: number): void {
    this.deviation = 0
    this.squares = 0
    this.max = latency
    this.min = latency
    this.average = latency
    this.estimate = latency
    this.count = count
  }

  /** One more answer; `alpha` is the part of the estimate that stays. */
  add(latency: number, alpha: number): void {
    if (this.count < MOST_COUNTED) this.count++
    else this.squares -= this.squares / this.count
    if (this.count === 1) this.init(latency, 1)
    if (this.count > FIRST_ESTIMATES && this.count < SETTLED && this.deviation < 0.5)
      this.count = SETTLED
    this.min = Math.min(this.min, latency)
    this.max = Math.max(this.max, latency)
    if (this.count > 1) {
      // Welford's algorithm.
      const before = latency - this.average
      this.average += before / this.count
      this.squares += before * (latency - this.average)
      this.deviation = Math.sqrt(this.squares / (this.count - 1))
    }
    this.estimate =
      this.count < FIRST_ESTIMATES ? this.average : this.estimate * alpha + latency * (1 - alpha)
  }
}
