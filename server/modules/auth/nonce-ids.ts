/**
 * What is known of the nonces that were given out: the last count that came with each
 * (nonce_count), and whether it was used (one_time_nonce). Nonces are numbered; the arrays hold the
 * newest of them.
 */

export type NonceState = 'good' | 'replayed' | 'too old'

/** The greatest power of two that is not above `size`. */
export const roundedDown = (size: number): number => 2 ** Math.floor(Math.log2(Math.max(size, 1)))

/** A count needs one byte. */
const HIGHEST_COUNT = 255

export class NonceIds {
  /** The number of the next nonce; it starts anywhere and goes around. */
  private next: number
  /** How many were given out. */
  private given = 0
  /** null when counts are not checked. */
  private readonly counts: Uint8Array | null
  /** One bit a nonce; null when nonces may be used again. */
  private readonly used: Uint32Array | null
  private readonly usedSize: number

  /** Sizes are powers of two, 0 for none. */
  constructor(first: number, countsSize: number, usedSize: number) {
    this.next = first >>> 0
    this.counts = countsSize === 0 ? null : new Uint8Array(countsSize)
    this.used = usedSize === 0 ? null : new Uint32Array(Math.max(usedSize >>> 5, 1))
    this.usedSize = usedSize
  }

  /** The number of a nonce that is given out now. */
  take(): number {
    const id = this.next
    this.next = (id + 1) >>> 0
    this.given++
    if (this.counts !== null) this.counts[id & (this.counts.length - 1)] = 0
    if (this.used !== null) {
      const bit = id & (this.usedSize - 1)
      this.used[bit >>> 5]! &= ~(1 << (bit & 31))
    }
    return id
  }

  /** Is it one of the newest of those that were given out? */
  private isKept(id: number, room: number): boolean {
    const since = (this.next - id - 1) >>> 0
    return since < room && since < this.given
  }

  /**
   * RFC 7616 section 3.4: the count of a client grows with each request, so that one that did not
   * is a replay. What is good is noted.
   */
  checkCount(id: number, count: number): NonceState {
    const counts = this.counts!
    if (!this.isKept(id, counts.length)) return 'too old'
    const at = id & (counts.length - 1)
    if (count > HIGHEST_COUNT || count <= counts[at]!) return 'replayed'
    counts[at] = count
    return 'good'
  }

  /** Is this its first use? */
  checkUse(id: number): NonceState {
    const used = this.used!
    if (!this.isKept(id, this.usedSize)) return 'too old'
    const bit = id & (this.usedSize - 1)
    const mask = 1 << (bit & 31)
    if ((used[bit >>> 5]! & mask) !== 0) return 'replayed'
    used[bit >>> 5]! |= mask
    return 'good'
  }
}
