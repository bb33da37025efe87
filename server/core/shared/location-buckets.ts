/**
 * Hash buckets that grow one at a time (linear hashing): each new chain splits one bucket, so that
 * no single call ever pays for a table that has become too small.
 */
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
/** 128 KiB: most nodes never have to divide a bucket. */
const FIRST_SIZE = 1 << 15

export class Buckets {
  private readonly pages: Uint32Array[] = Array.from(
    { length: FIRST_SIZE / PAGE },
    () => new Uint32Array(PAGE),
  )
  /** Buckets below `split` are divided already: they and their other halves take one bit more. */
  private size = FIRST_SIZE
  private split = 0

  get count(): number {
    return this.size + this.split
  }

  /** The bucket that a hash belongs to. */
  indexOf(hash: number): number {
    const index = hash & (this.size - 1)
    return index < this.split ? hash & (2 * this.size - 1) : index
  }

  get(index: number): number {
    return this.pages[index >>> PAGE_BITS]![index & (PAGE - 1)]!
  }

  set(index: number, value: number): void {
    this.pages[index >>> PAGE_BITS]![index & (PAGE - 1)] = value
  }

  /** Makes one bucket more; the bucket whose chain has to be hung anew, already emptied of it. */
  grow(): number {
    const index = this.split++
    if (this.count > this.pages.length << PAGE_BITS) this.pages.push(new Uint32Array(PAGE))
    if (this.split === this.size) {
      this.size *= 2
      this.split = 0
    }
    const first = this.get(index)
    this.set(index, 0)
    return first
  }
}
