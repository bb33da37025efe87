/** Pipes: limits of traffic with their algorithms, as pipelimit and ratelimit use them. */
import { cpus } from 'node:os'

// ---- algorithms, by Kamailio's numbers
export const NOP = 0
export const RED = 1
export const TAILDROP = 2
export const FEEDBACK = 3
export const NETWORK = 4
const NAMES = ['NOP', 'RED', 'TAILDROP', 'FEEDBACK', 'NETWORK']

export const algorithmName = (algorithm: number): string => NAMES[algorithm]!
/** -1 when there is none of this name. */
export const algorithmNamed = (name: string): number => NAMES.indexOf(name)

/** A place in 100 by which every packet comes once: 37 and 100 have no common divisor. */
const placeOf = (counter: number): number => (counter * 37) % 100

/** How many of 100 packets FEEDBACK drops, by a PID controller that watches the processors. */
export class LoadControl {
  // Kamailio's defaults.
  ki = -25
  kp = 0
  kd = 0
  /** Load that is wanted, 0 to 1. */
  setpoint = 0
  load = 0
  dropRate = 0
  private sum = 0
  private last = 0
  private idle = 0
  private total = 0

  setLoad(load: number): void {
    this.load = load
    const error = this.setpoint - load
    // Long idle times must not be saved up.
    if (this.sum < 0 || error < 0) this.sum += error
    const change = error - this.last
    this.last = error
    this.dropRate = Math.max(0, Math.trunc(this.kp * error + this.ki * this.sum + this.kd * change))
  }

  /** Looks at the processors; the first look only begins the measurement. */
  measure(): void {
    let idle = 0
    let total = 0
    for (const { times } of cpus()) {
      idle += times.idle
      total += times.user + times.nice + times.sys + times.irq + times.idle
    }
    const began = this.total !== 0
    const passed = total - this.total
    const idled = idle - this.idle
    this.idle = idle
    this.total = total
    if (began && passed > 0) this.setLoad(1 - idled / passed)
  }
}

export class Pipe {
  algorithm: number
  limit: number
  /** Packets in this interval and in the one before. */
  counter = 0
  lastCounter = 0
  /** RED: every so many packets one passes. NETWORK: 1 while too much waits, else -1. */
  load = 0
  /** Intervals without a packet. */
  unused = 0

  constructor(algorithm: number, limit: number) {
    this.algorithm = algorithm
    this.limit = limit
  }

  /** One packet more; may it pass? `limit`: of TAILDROP, in one interval. */
  passes(control: LoadControl, limit: number): boolean {
    this.counter++
    switch (this.algorithm) {
      case TAILDROP:
        return this.counter <= limit
      case RED:
        return this.load === 0 || this.counter % this.load === 0
      case FEEDBACK:
        return placeOf(this.counter) >= control.dropRate
      case NETWORK:
        return this.load <= 0
      default:
        return true
    }
  }

  /** An interval of so many seconds is over; so many bytes wait to be read. */
  next(seconds: number, waiting: number): void {
    if (this.algorithm === NETWORK) this.load = waiting > this.limit ? 1 : -1
    else if (this.limit > 0) this.load = Math.trunc(this.counter / (this.limit * seconds))
    this.unused = this.counter === 0 ? this.unused + 1 : 0
    this.lastCounter = this.counter
    this.counter = 0
  }
}

const decimals = (value: number): string => value.toFixed(6)

/** As Kamailio prints it. */
export const shownPid = ({ ki, kp, kd }: LoadControl): string =>
  `ki[${decimals(ki)}] kp[${decimals(kp)}] kd[${decimals(kd)}] `

export { waitingBytes } from './waiting-bytes.ts'
