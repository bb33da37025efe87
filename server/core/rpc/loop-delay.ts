/** How late the event loop runs: what a SIP peer feels as delay. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../../lib/clock.ts'

const WINDOW_MS = 60_000
const NANOSECONDS_PER_MS = 1e6
/** Each sample wakes the process: often enough to see a stall, seldom enough to cost nothing. */
const RESOLUTION_MS = 100

export class LoopDelay {
  private readonly clock: Clock
  private readonly histogram: ReturnType<typeof monitorEventLoopDelay>
  private since: number

  constructor(clock: Clock) {
    this.clock = clock
    this.histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.histogram.enable()
    this.since = clock.monotonic()
  }

  /** 99th percentile of the present minute, milliseconds beyond the sampling interval. */
  p99(): number {
    const value = this.histogram.percentile(99) / NANOSECONDS_PER_MS - RESOLUTION_MS
    if (this.clock.monotonic() - this.since > WINDOW_MS) {
      this.histogram.reset()
      this.since = this.clock.monotonic()
    }
    return Math.max(0, Math.round(value * 100) / 100)
  }

  stop(): void {
    this.histogram.disable()
  }
}
