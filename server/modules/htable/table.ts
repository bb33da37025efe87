/** One hash table: named values, each with a time at which it ends where the table has one. */
import { hashText } from '../../core/shared/location-hash.ts'
import type { TableSpec } from './spec.ts'

export type ItemValue = string | number

export interface Item {
  readonly name: string
  value: ItemValue
  /** Seconds since 1970, 0 for never. */
  expire: number
}

/** The items of one slot as htable.dump shows them. */
export interface Slot {
  readonly entry: number
  readonly items: Item[]
}

/** Kamailio's hash of a key does not regard case. */
const hashOf = (name: string): number => hashText(name.toLowerCase())

export class HashTable {
  readonly spec: TableSpec
  /** In the order in which they came. */
  items: Map<string, Item> = new Map()
  /** Items never end where there is no autoexpire, as in Kamailio. */
  readonly expires: boolean
  /** No item ends before this second: until then there is nothing to look for. */
  nextExpire = Number.POSITIVE_INFINITY
  private readonly seconds: () => number

  constructor(spec: TableSpec, seconds: () => number) {
    this.spec = spec
    this.expires = spec.autoexpire > 0
    this.seconds = seconds
  }

  private hasEnded(item: Item): boolean {
    return this.expires && item.expire !== 0 && item.expire < this.seconds()
  }

  /** The item, null when it is absent or over. */
  find(name: string): Item | null {
    const item = this.items.get(name)
    return item === undefined || this.hasEnded(item) ? null : item
  }

  /** The value; of what is absent the initval, null without one. */
  value(name: string): ItemValue | null {
    const item = this.items.get(name)
    return item === undefined || this.hasEnded(item) ? this.spec.initval : item.value
  }

  /** A new value; its time begins anew unless the table says updateexpire=0. */
  set(name: string, value: ItemValue): void {
    const item = this.items.get(name)
    if (item === undefined) this.add(name, value)
    else {
      const renewed = this.spec.updateexpire || this.hasEnded(item)
      item.value = value
      if (this.expires && renewed) this.setEnd(item, this.seconds() + this.spec.autoexpire)
    }
  }

  private add(name: string, value: ItemValue): Item {
    const item: Item = { name, value, expire: 0 }
    this.items.set(name, item)
    if (this.expires) this.setEnd(item, this.seconds() + this.spec.autoexpire)
    return item
  }

  private setEnd(item: Item, end: number): void {
    item.expire = end
    if (end !== 0 && end < this.nextExpire) this.nextExpire = end
  }

  remove(name: string): boolean {
    return this.items.delete(name)
  }

  /**
   * Adds to a number and gives the sum. An absent one begins at the initval; without that, and of a
   * text, null.
   */
  add32(name: string, by: number): number | null {
    const item = this.find(name)
    const before = item === null ? this.spec.initval : item.value
    if (typeof before !== 'number') return null
    const sum = (before + by) | 0
    this.set(name, sum)
    return sum
  }

  /** Seconds that an item has left; 0 for none, and where nothing ends. */
  secondsLeft(name: string): number {
    const item = this.expires ? this.items.get(name) : undefined
    return item === undefined || item.expire === 0 ? 0 : item.expire - this.seconds()
  }

  /** From now on; 0 is never. False when it is not there. */
  setSecondsLeft(name: string, left: number): boolean {
    if (!this.expires) return true
    const item = this.items.get(name)
    if (item === undefined) return false
    this.setEnd(item, left === 0 ? 0 : this.seconds() + left)
    return true
  }

  get size(): number {
    return this.items.size
  }

  clear(): void {
    this.items.clear()
    this.nextExpire = Number.POSITIVE_INFINITY
  }

  /** Puts other items in the place of all. */
  replace(items: Map<string, Item>): void {
    this.items = items
    this.nextExpire = Number.POSITIVE_INFINITY
    for (const { expire } of items.values())
      if (expire !== 0 && expire < this.nextExpire) this.nextExpire = expire
  }

  /** What Kamailio's slots would hold: by slot, and by hash inside of one. */
  slots(): Slot[] {
    const hashed = [...this.items.values()].map(item => ({ item, hash: hashOf(item.name) }))
    const mask = this.spec.slots - 1
    hashed.sort((a, b) => (a.hash & mask) - (b.hash & mask) || a.hash - b.hash)
    const slots: Slot[] = []
    for (const { item, hash } of hashed) {
      const entry = hash & mask
      const last = slots.at(-1)
      if (last?.entry === entry) last.items.push(item)
      else slots.push({ entry, items: [item] })
    }
    return slots
  }
}
