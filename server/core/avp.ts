/**
 * Attribute-value pairs: what a script notes about a message with $avp(...). A name has a stack of
 * values, the newest on top. The store hangs on the message and, once there is a transaction, on
 * every message of it.
 */
import type { SipMessage } from '../sip/message.ts'
import type { PvValue } from './module/index.ts'
import type { ViaSettings } from './via-settings.ts'
import type { XavpList, XavuTree } from './xavp.ts'

/**
 * A string is the name of `$avp(s:x)` and `$avp(x)`; a number the one of `$avp(i:5)`, another name
 * than `s:5`.
 */
export type AvpName = string | number
export type AvpValue = string | number

export class AvpStore {
  /** Oldest first, so that pushing is cheap. */
  private readonly stacks = new Map<AvpName, AvpValue[]>()
  /** setavpflag: bits of the values that have some, by their place from the bottom of the stack. */
  private flags: Map<AvpName, number[]> | null = null
  // The structured kinds live in the same place, because they belong to the same message and
  // transaction (xavp.ts).
  xavps: XavpList | null = null
  xavis: XavpList | null = null
  xavus: XavuTree | null = null
  // Flags that few scripts use (script-flags.ts).
  scriptFlagsOf = 0
  scriptFlags = 0
  readonly extendedFlags = [0, 0]
  /** Additions to our Via (via-settings.ts). */
  via: ViaSettings | null = null

  /** The newest value, or the one `index` below it; null when there is none. */
  get(name: AvpName, index = 0): PvValue {
    const stack = this.stacks.get(name)
    return stack === undefined ? null : (stack[stack.length - 1 - index] ?? null)
  }

  /** All values, newest first. */
  all(name: AvpName): AvpValue[] {
    return this.stacks.get(name)?.toReversed() ?? []
  }

  count(name: AvpName): number {
    return this.stacks.get(name)?.length ?? 0
  }

  /** Adds a value on top, as `$avp(x) = value` does. */
  push(name: AvpName, value: AvpValue): void {
    const stack = this.stacks.get(name)
    if (stack === undefined) this.stacks.set(name, [value])
    else stack.push(value)
  }

  /** Takes the newest value away; false when there is none. */
  pop(name: AvpName): boolean {
    const stack = this.stacks.get(name)
    if (stack === undefined) return false
    const left = stack.length - 1
    if (left === 0) this.stacks.delete(name)
    else stack.pop()
    const flags = this.flags?.get(name)
    if (flags !== undefined && flags.length > left) flags.length = left
    return true
  }

  /** Takes all values away; false when there are none. */
  deleteAll(name: AvpName): boolean {
    this.flags?.delete(name)
    return this.stacks.delete(name)
  }

  names(): AvpName[] {
    return [...this.stacks.keys()]
  }

  clear(): void {
    this.stacks.clear()
    this.flags = null
  }

  /** The flags of the newest value. */
  flagsOf(name: AvpName): number {
    return this.flags?.get(name)?.[this.count(name) - 1] ?? 0
  }

  setFlags(name: AvpName, bits: number): void {
    this.flags ??= new Map()
    let all = this.flags.get(name)
    if (all === undefined) {
      all = []
      this.flags.set(name, all)
    }
    all[this.count(name) - 1] = bits
  }
}

/** The store of this message, made when first asked for. */
export function avpsOf(msg: SipMessage): AvpStore {
  if (msg.avps === null) msg.avps = new AvpStore()
  return msg.avps as AvpStore
}

/** A value without making a store for messages that have none. */
export function avpOf(msg: SipMessage, name: AvpName, index = 0): PvValue {
  return msg.avps === null ? null : (msg.avps as AvpStore).get(name, index)
}

/** From now on `other` (a reply, an ACK, a faked request) sees and changes the pairs of `msg`. */
export function shareAvps(msg: SipMessage, other: SipMessage): void {
  other.avps = avpsOf(msg)
}

/** Reads `s:x`, `i:5` or `x`; null when it is no name. */
export function parseAvpName(text: string): AvpName | null {
  const name = text.trim()
  if (name.startsWith('i:') || name.startsWith('I:')) {
    const number = Number(name.slice(2))
    return name.length > 2 && Number.isInteger(number) ? number : null
  }
  const plain = name.startsWith('s:') || name.startsWith('S:') ? name.slice(2) : name
  return plain === '' ? null : plain
}

export const printAvpName = (name: AvpName): string =>
  typeof name === 'number' ? `i:${name}` : `s:${name}`
