import { performance } from 'node:perf_hooks'

/**
 * Time comes in through the door: everything that needs it gets a Clock, so that a test can own it.
 */
export interface Clock {
  /** Wall clock, milliseconds since 1970, with fractions. */
  now(): number
  /** Monotonic milliseconds; only differences mean something. */
  monotonic(): number
}

/** The getters cost more than the clock; so does the global `performance`, which is one. */
const { timeOrigin } = performance

export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  monotonic: () => performance.now(),
}
