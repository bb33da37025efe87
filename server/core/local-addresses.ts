/** The addresses that this host has at the moment: virtual ones move between hosts. */
import { networkInterfaces } from 'node:os'
import { canonical } from '../lib/ip.ts'

/** How long an answer of the system is good. */
const FRESH_MS = 1000

const readSystem = (): string[] =>
  Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({ address }) => address))

export class LocalAddresses {
  private readonly now: () => number
  private readonly read: () => string[]
  private addresses: ReadonlySet<string> = new Set()
  private changes = 0
  private readAt = Number.NEGATIVE_INFINITY

  constructor(now: () => number, read = readSystem) {
    this.now = now
    this.read = read
  }

  /** Another number whenever the host has others than before. */
  generation(): number {
    this.refresh()
    return this.changes
  }

  has(address: string): boolean {
    this.refresh()
    return this.addresses.has(address)
  }

  private refresh(): void {
    const now = this.now()
    if (now - this.readAt < FRESH_MS) return
    const before = this.addresses
    this.addresses = new Set(this.read().map(canonical))
    this.readAt = now
    if (before.size !== this.addresses.size || !before.isSubsetOf(this.addresses)) this.changes++
  }
}
