/**
 * A hash of rows that does not depend on their order, because databases give none: two nodes that
 * have loaded the same rows have the same hash.
 */
import { hash } from 'node:crypto'
import type { DbValue } from './api.ts'

export class RowsHash {
  private high = 0
  private low = 0

  add(row: readonly DbValue[]): void {
    const digest = hash('sha1', row.map(written).join('\0'), 'buffer')
    // Sums, not XOR: two rows that are the same do not cancel each other.
    this.high = (this.high + digest.readUInt32BE(0)) >>> 0
    this.low = (this.low + digest.readUInt32BE(4)) >>> 0
  }

  /** 16 hex digits. */
  text(): string {
    return [this.high, this.low].map(half => half.toString(16).padStart(8, '0')).join('')
  }
}

const written = (value: DbValue): string => (value === null ? '\x01' : String(value))
