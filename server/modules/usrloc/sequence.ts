/**
 * The order of what is done to an address of record: requests for it that come while one waits for
 * the database are carried out after it, one by one.
 */

/** A phone repeats its REGISTER a dozen times at most; more than this is no phone. */
const MOST_WAITING = 32

export class Sequence {
  /** Those who wait for an address of record that is held. */
  private readonly waiting = new Map<string, ((held: boolean) => void)[]>()

  /** Takes it when nobody has it. */
  tryHold(aor: string): boolean {
    if (this.waiting.has(aor)) return false
    this.waiting.set(aor, [])
    return true
  }

  /** True when it is ours now; false when too many wait for it already. */
  hold(aor: string): Promise<boolean> | true {
    const queue = this.waiting.get(aor)
    if (queue === undefined) return this.tryHold(aor) as true
    if (queue.length >= MOST_WAITING) return Promise.resolve(false)
    return new Promise(resolve => queue.push(resolve))
  }

  isHeld(aor: string): boolean {
    return this.waiting.has(aor)
  }

  /** The next one has it. */
  release(aor: string): void {
    const next = this.waiting.get(aor)?.shift()
    if (next === undefined) this.waiting.delete(aor)
    else next(true)
  }
}
