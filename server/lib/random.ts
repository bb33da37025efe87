import { randomBytes } from 'node:crypto'

/** Randomness comes in through the door, so that a test can seed it. */
export interface Random {
  /** An unsigned 32-bit integer. */
  uint32(): number
  /** A lower-case hexadecimal string of `length` digits. */
  hex(length: number): string
}

const POOL_BYTES = 4096

/** Unpredictable numbers, drawn from the system in blocks because one call per number is slow. */
export class SystemRandom implements Random {
  private pool = randomBytes(POOL_BYTES)
  private next = 0

  uint32(): number {
    if (this.next + 4 > POOL_BYTES) {
      this.pool = randomBytes(POOL_BYTES)
      this.next = 0
    }
    const value = this.pool.readUInt32LE(this.next)
    this.next += 4
    return value
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length) text += this.uint32().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }
}

/** A repeatable sequence for tests and simulations (mulberry32). */
export class SeededRandom implements Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  uint32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length) text += this.uint32().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }
}
