/** Prefixes that are let through or refused; the longest one that fits decides. */
export class Prefixes {
  /** true: let through. */
  private readonly byPrefix = new Map<string, boolean>()
  private readonly digitsOnly: boolean
  private longest = 0

  constructor(digitsOnly: boolean) {
    this.digitsOnly = digitsOnly
  }

  /** False when the prefix cannot be one: not all of it are digits, or ASCII. */
  add(prefix: string, allowed: boolean): boolean {
    const fits = this.digitsOnly ? /^\d*$/ : /^[\x01-\x7f]*$/
    if (!fits.test(prefix)) return false
    this.byPrefix.set(prefix, allowed)
    this.longest = Math.max(this.longest, prefix.length)
    return true
  }

  /** true let through, false refused, null when no prefix fits. */
  find(number: string): boolean | null {
    // A + or 00 in words stands before the digits.
    const text = this.digitsOnly ? number.replace(/^\D+/, '') : number
    for (let length = Math.min(text.length, this.longest); length >= 0; length--) {
      const allowed = this.byPrefix.get(text.slice(0, length))
      if (allowed !== undefined) return allowed
    }
    return null
  }

  /** In the order of their characters. */
  list(): [prefix: string, allowed: boolean][] {
    return [...this.byPrefix].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}
