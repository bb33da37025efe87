/** One tree: values by prefix, and the longest prefix of a number. */
import { BadValue } from '../../core/module/index.ts'

export const TEXTS = 0
export const WEIGHTS = 1
export const NUMBERS = 2

/** Longest prefix, in characters. */
export const MOST_CHARACTERS = 63

/** Of a pointer to values, one to data and one to the next node. */
const CELL_BYTES = 24

/** A value of a tree of d:w. */
export interface Weighted {
  readonly destination: number
  readonly weight: number
}

export interface Match {
  readonly prefix: string
  readonly values: readonly string[]
}

/** `1:10`; throws BadValue. */
export function readWeighted(text: string): Weighted {
  const found = /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(text)
  if (found === null) throw new BadValue(`"${text}" is not destination:weight`, '1:10')
  return { destination: Number(found[1]), weight: Number(found[2]) }
}

/** `-7`; throws BadValue. */
export function readNumber(text: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new BadValue(`"${text}" is no number`)
  return Number(text)
}

/** What to do with a second value of a prefix. */
export type Duplicates = 'refuse' | 'ignore' | 'keep'

export class Tree {
  readonly name: string
  readonly type: number
  private readonly characters: string
  private readonly byPrefix = new Map<string, string[]>()
  /** Prefixes of prefixes: each is a node whose cells are the characters that may follow. */
  private readonly nodes = new Set<string>()
  private longest = 0
  items = 0

  constructor(name: string, type: number, characters: string) {
    this.name = name
    this.type = type
    this.characters = characters
  }

  /** Throws BadValue when it cannot be taken. */
  add(prefix: string, value: string, duplicates: Duplicates): void {
    if (prefix.length > MOST_CHARACTERS)
      throw new BadValue(`the prefix ${prefix} is longer than ${MOST_CHARACTERS} characters`)
    for (let i = 0; i < prefix.length; i++)
      if (!this.characters.includes(prefix[i]!))
        throw new BadValue(`${prefix[i]} of the prefix ${prefix} is not in char_list`)
    if (this.type === WEIGHTS) readWeighted(value)
    if (this.type === NUMBERS) readNumber(value)
    const known = this.byPrefix.get(prefix)
    if (known !== undefined && duplicates === 'refuse')
      throw new BadValue(
        `the prefix ${prefix} is there twice`,
        'mt_ignore_duplicates keeps the first, mt_allow_duplicates all of them',
      )
    if (known !== undefined && duplicates === 'ignore') return
    this.items++
    if (known !== undefined) known.push(value)
    else this.byPrefix.set(prefix, [value])
    this.longest = Math.max(this.longest, prefix.length)
    for (let i = 0; i < prefix.length; i++) this.nodes.add(prefix.slice(0, i))
  }

  get nodeCount(): number {
    return this.nodes.size
  }

  /** Bytes that Kamailio takes for as many nodes, and for texts with the zero behind each. */
  get size(): number {
    let size = this.nodes.size * this.characters.length * CELL_BYTES
    if (this.type === TEXTS)
      for (const values of this.byPrefix.values())
        for (const value of values) size += value.length + 1
    return size
  }

  /** In the order of char_list; a prefix before those that it begins. */
  entries(): [string, string[]][] {
    return [...this.byPrefix.entries()].toSorted(([a], [b]) => this.compare(a, b))
  }

  private compare(a: string, b: string): number {
    const shorter = Math.min(a.length, b.length)
    for (let i = 0; i < shorter; i++)
      if (a[i] !== b[i]) return this.characters.indexOf(a[i]!) - this.characters.indexOf(b[i]!)
    return a.length - b.length
  }

  /** How much of the number is of characters that a prefix may have. */
  private usable(number: string): number {
    const most = Math.min(number.length, this.longest)
    for (let i = 0; i < most; i++) if (!this.characters.includes(number[i]!)) return i
    return most
  }

  /** Is the number made of characters that a prefix may have, as far as prefixes go? */
  accepts(number: string): boolean {
    return number !== '' && this.usable(number) === Math.min(number.length, this.longest)
  }

  /** The longest prefix of the number that has a value; null when there is none. */
  match(number: string): Match | null {
    for (let length = this.usable(number); length > 0; length--) {
      const prefix = number.slice(0, length)
      const values = this.byPrefix.get(prefix)
      if (values !== undefined) return { prefix, values }
    }
    return null
  }

  /** All of them, the shortest first. */
  matches(number: string): Match[] {
    const found: Match[] = []
    const most = this.usable(number)
    for (let length = 1; length <= most; length++) {
      const prefix = number.slice(0, length)
      const values = this.byPrefix.get(prefix)
      if (values !== undefined) found.push({ prefix, values })
    }
    return found
  }
}
