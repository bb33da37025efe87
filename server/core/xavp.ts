/**
 * Structured attribute-value pairs: $xavp(a=>b), $xavi(a=>b) (names ignore case) and
 * $xavu(a=>b=>c) (one value a name). They hang on the message and its transaction beside the plain
 * pairs (avp.ts).
 */
import type { SipMessage } from '../sip/message.ts'
import { avpsOf, type AvpStore } from './avp.ts'

/** A value of an xavp: a list of named values makes it a structure. */
export type XavpValue = string | number | XavpList | null

export interface Xavp {
  readonly name: string
  value: XavpValue
}

/**
 * Named values, newest first; a name may be there several times and is then told apart by its
 * index.
 */
export class XavpList {
  readonly items: Xavp[] = []
  readonly ignoreCase: boolean

  constructor(ignoreCase = false) {
    this.ignoreCase = ignoreCase
  }

  private same(a: string, b: string): boolean {
    return a === b || (this.ignoreCase && a.toLowerCase() === b.toLowerCase())
  }

  /** Position in `items` of the index-th one with this name, -1 when there is none. */
  private position(name: string, index: number): number {
    let left = index
    for (let i = 0; i < this.items.length; i++)
      if (this.same(this.items[i]!.name, name) && left-- === 0) return i
    return -1
  }

  find(name: string, index = 0): Xavp | null {
    return this.items[this.position(name, index)] ?? null
  }

  /** The value, null when it is absent or has none. */
  get(name: string, index = 0): XavpValue {
    return this.find(name, index)?.value ?? null
  }

  /** The structure under this name, null when it is absent or a plain value. */
  list(name: string, index = 0): XavpList | null {
    const value = this.get(name, index)
    return value instanceof XavpList ? value : null
  }

  count(name: string): number {
    let count = 0
    for (const item of this.items) if (this.same(item.name, name)) count++
    return count
  }

  /** Puts a new one in front. */
  add(name: string, value: XavpValue): Xavp {
    const item = { name, value }
    this.items.unshift(item)
    return item
  }

  /** Puts a new one behind all others. */
  append(name: string, value: XavpValue): Xavp {
    const item = { name, value }
    this.items.push(item)
    return item
  }

  /** Puts an empty structure in front and returns it. */
  addList(name: string): XavpList {
    const list = new XavpList(this.ignoreCase)
    this.add(name, list)
    return list
  }

  /** Changes the value that is there; false when there is none. */
  replace(name: string, index: number, value: XavpValue): boolean {
    const item = this.find(name, index)
    if (item === null) return false
    item.value = value
    return true
  }

  /** Changes the first value with this name or puts a new one in front. */
  set(name: string, value: XavpValue): void {
    if (!this.replace(name, 0, value)) this.add(name, value)
  }

  /** Takes one away; false when it is not there. */
  remove(name: string, index = 0): boolean {
    const at = this.position(name, index)
    if (at >= 0) this.items.splice(at, 1)
    return at >= 0
  }

  /** Takes all with this name away and says how many there were. */
  removeAll(name: string): number {
    let removed = 0
    while (this.remove(name)) removed++
    return removed
  }

  /** Another list with the same values, structures copied too. */
  copy(): XavpList {
    const copy = new XavpList(this.ignoreCase)
    for (const { name, value } of this.items)
      copy.append(name, value instanceof XavpList ? value.copy() : value)
    return copy
  }
}

/** A level of $xavu: one value or one deeper level per name. */
export class XavuTree {
  readonly items = new Map<string, string | number | XavuTree>()

  get(...path: string[]): string | number | XavuTree | null {
    return path.reduce<XavuTree | string | number | null>(
      (at, name) => (at instanceof XavuTree ? (at.items.get(name) ?? null) : null),
      this,
    )
  }

  /** The level below this name; what stood in its place goes. */
  private level(name: string): XavuTree {
    const known = this.items.get(name)
    if (known instanceof XavuTree) return known
    const made = new XavuTree()
    this.items.set(name, made)
    return made
  }

  /** Sets a value, making the levels above it. */
  set(value: string | number | XavuTree, ...path: string[]): void {
    const above = path.slice(0, -1).reduce<XavuTree>((tree, name) => tree.level(name), this)
    above.items.set(path.at(-1)!, value)
  }

  remove(...path: string[]): boolean {
    const above = this.get(...path.slice(0, -1))
    return above instanceof XavuTree && above.items.delete(path.at(-1)!)
  }
}

/** The $xavp list of this message, made when first asked for. */
export function xavpsOf(msg: SipMessage): XavpList {
  return (avpsOf(msg).xavps ??= new XavpList())
}

/** The $xavi list. */
export function xavisOf(msg: SipMessage): XavpList {
  return (avpsOf(msg).xavis ??= new XavpList(true))
}

/** The $xavu tree. */
export function xavusOf(msg: SipMessage): XavuTree {
  return (avpsOf(msg).xavus ??= new XavuTree())
}

/** The $xavp list if there is one: reading must not make it. */
export const knownXavps = (msg: SipMessage): XavpList | null =>
  msg.avps === null ? null : (msg.avps as AvpStore).xavps
