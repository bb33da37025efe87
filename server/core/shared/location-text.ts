/**
 * Texts as bytes in big pages outside the garbage-collected heap, in blocks of whole units; freed
 * blocks are used again.
 */
import { assert } from '../../lib/assert.ts'

/** Methods that every Node Buffer has and the type package leaves out. */
interface LatinBuffer extends Buffer {
  latin1Write(text: string, offset: number, length: number): number
  latin1Slice(start: number, end: number): string
}

const UNIT_BITS = 6
const PAGE_UNITS_BITS = 14
const PAGE_UNITS = 1 << PAGE_UNITS_BITS
const PAGE_BYTES = PAGE_UNITS << UNIT_BITS

const unitsOf = (length: number): number => (length + (1 << UNIT_BITS) - 1) >>> UNIT_BITS

export class TextBlocks {
  private readonly pages: LatinBuffer[] = []
  /** Free blocks, by their size in units. */
  private readonly free: number[][] = []
  /** Units of the last page that were never used. */
  private left = 0

  /**
   * Stores `text` in place of the block with `oldLength` bytes (0: there is none); the block it
   * stands in.
   */
  write(block: number, oldLength: number, text: string): number {
    const { length } = text
    let to = block
    if (unitsOf(length) !== unitsOf(oldLength)) {
      this.release(block, oldLength)
      to = this.allocate(unitsOf(length))
    }
    this.page(to).latin1Write(text, offsetOf(to), length)
    return to
  }

  read(block: number, length: number): string {
    const offset = offsetOf(block)
    return length === 0 ? '' : this.page(block).latin1Slice(offset, offset + length)
  }

  /** Does `text` stand in the block from byte `from` on? */
  equals(block: number, from: number, text: string): boolean {
    const page = this.page(block)
    const offset = offsetOf(block) + from
    for (let i = 0; i < text.length; i++) {
      if (page[offset + i] !== text.charCodeAt(i)) return false
    }
    return true
  }

  release(block: number, length: number): void {
    if (length > 0) this.putAside(block, unitsOf(length))
  }

  private putAside(block: number, units: number): void {
    const same = this.free[units]
    if (same === undefined) this.free[units] = [block]
    else same.push(block)
  }

  private allocate(units: number): number {
    assert(units <= PAGE_UNITS, 'text fits in a page')
    const again = this.free[units]?.pop()
    if (again !== undefined) return again
    if (units > this.left) {
      if (this.left > 0) this.putAside(this.pages.length * PAGE_UNITS - this.left, this.left)
      this.pages.push(Buffer.allocUnsafeSlow(PAGE_BYTES) as LatinBuffer)
      this.left = PAGE_UNITS
    }
    const block = this.pages.length * PAGE_UNITS - this.left
    this.left -= units
    return block
  }

  private page(block: number): LatinBuffer {
    return this.pages[block >>> PAGE_UNITS_BITS]!
  }
}

const offsetOf = (block: number): number => (block & (PAGE_UNITS - 1)) << UNIT_BITS
