/**
 * Who sends how much: a tree by the bytes of addresses, which grows where there is traffic and
 * forgets where there is none. It is Kamailio's: the same packets are refused.
 */
import { bytesOf } from '../../lib/ip.ts'

/** 16 of an IPv6 address. */
const MOST_BYTES = 16
/** Counts stop here. */
const MOST_HITS = 65_534

// ---- what an address has come to
export const FINE = 0
/** It sends too much. */
export const RED = 1
/** The same, since this packet. */
export const NEW_RED = 2

export class IpNode {
  readonly byte: number
  readonly father: IpNode | null
  /** The newest first. */
  firstKid: IpNode | null = null
  next: IpNode | null = null
  previous: IpNode | null = null
  // Packets of this interval and the one before that ended here...
  hits = 0
  hitsBefore = 0
  // ... and those of the whole address.
  leafHits = 0
  leafHitsBefore = 0
  isLeaf = false
  isRed = false
  /** In ticks of the clean-up. */
  expires = 0

  constructor(byte: number, father: IpNode | null) {
    this.byte = byte
    this.father = father
  }
}

/** Into `bytes`; gives how many they are, 0 when the text is no address. */
export function readAddress(text: string, bytes: Uint8Array): number {
  let value = 0
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e) {
      if (value > 255 || count === 3) return 0
      bytes[count++] = value
      value = 0
    } else if (code >= 0x30 && code <= 0x39) value = value * 10 + code - 0x30
    else {
      const found = bytesOf(text)
      if (found === null) return 0
      bytes.set(found)
      return found.length
    }
  }
  bytes[count] = value
  return count === 3 && value < 256 ? 4 : 0
}

export class IpTree {
  readonly maxHits: number
  /** Seconds after which a node without packets goes. */
  private readonly timeout: number
  private readonly bytes = new Uint8Array(MOST_BYTES)
  /** By first byte; IPv6 addresses have a tree of their own. */
  readonly roots: (IpNode | null)[] = new Array<IpNode | null>(256).fill(null)
  readonly roots6: (IpNode | null)[] = new Array<IpNode | null>(256).fill(null)
  /** Those that may go, the next one first. */
  private readonly expiring = new Set<IpNode>()
  /** Seconds since the start. */
  ticks = 0

  constructor(maxHits: number, timeout: number) {
    this.maxHits = maxHits
    this.timeout = timeout
  }

  /** One packet more; -1 when the text is no address. */
  mark(address: string): number {
    const length = readAddress(address, this.bytes)
    if (length === 0) return -1
    const roots = length === 4 ? this.roots : this.roots6
    const { bytes } = this
    let node: IpNode | null = null
    let depth = 0
    for (let kid = roots[bytes[0]!]!; kid !== null && depth < length; ) {
      while (kid !== null && kid.byte !== bytes[depth]) kid = kid.next!
      if (kid === null) break
      node = kid
      kid = kid.firstKid!
      depth++
    }
    if (node === null) {
      const root = new IpNode(bytes[0]!, null)
      root.hits = 1
      roots[bytes[0]!] = root
      this.keep(root)
      return FINE
    }
    if (depth === length) return this.hit(node)
    this.pass(node, depth)
    return FINE
  }

  /** The packet is from an address that has a node of its own. */
  private hit(node: IpNode): number {
    node.isLeaf = true
    if (node.leafHits < MOST_HITS) node.leafHits++
    this.keep(node)
    if (node.isRed) return RED
    if (!this.isHot(node)) return FINE
    node.isRed = true
    return NEW_RED
  }

  /** The packet is from one of the addresses below a node: with enough of them it gets a kid. */
  private pass(node: IpNode, depth: number): void {
    if (node.hits < MOST_HITS) node.hits++
    const warm = this.maxHits >> 2
    const { hits, hitsBefore } = node
    if (hits < warm && hitsBefore < warm && (hits + hitsBefore) >> 1 < warm) {
      // With few packets it is left to expire.
      return
    }
    const kid = new IpNode(this.bytes[depth]!, node)
    if (hits >= 1) kid.hits = hits - 1
    kid.next = node.firstKid
    if (kid.next !== null) kid.next.previous = kid
    node.firstKid = kid
    this.keep(kid)
    if (kid.next === null) this.expiring.delete(node)
  }

  private keep(node: IpNode): void {
    node.expires = this.ticks + this.timeout
    this.expiring.delete(node)
    this.expiring.add(node)
  }

  isHot({ leafHits, leafHitsBefore }: IpNode): boolean {
    const { maxHits } = this
    return (
      leafHits >= maxHits ||
      leafHitsBefore >= maxHits ||
      (leafHits + leafHitsBefore) >> 1 >= maxHits
    )
  }

  isWarm({ hits }: IpNode): boolean {
    return hits >= this.maxHits >> 2
  }

  /** A second is over: nodes without packets go. */
  clean(): void {
    this.ticks++
    const over: IpNode[] = []
    for (const node of this.expiring) {
      if (node.expires > this.ticks) break
      over.push(node)
    }
    for (const node of over) {
      this.expiring.delete(node)
      this.remove(node)
    }
  }

  private remove(node: IpNode): void {
    const { father, next, previous } = node
    if (next !== null) next.previous = previous
    if (previous !== null) previous.next = next
    if (father === null) {
      if (this.roots[node.byte] === node) this.roots[node.byte] = null
      else this.roots6[node.byte] = null
      return
    }
    if (father.firstKid === node) father.firstKid = next
    if (father.firstKid === null) this.keep(father)
  }

  /** An interval is over; `unblocked` is told of those that do not send too much any more. */
  swap(unblocked: (address: string) => void): void {
    for (const [node, address] of this.all()) {
      node.hitsBefore = node.hits
      node.hits = 0
      node.leafHitsBefore = node.leafHits
      node.leafHits = 0
      if (!node.isRed || this.isHot(node)) continue
      node.isRed = false
      unblocked(address)
    }
  }

  /** All nodes, fathers first, with their addresses as far as they go. */
  *all(): Generator<[node: IpNode, address: string]> {
    const path: number[] = []
    for (const roots of [this.roots, this.roots6])
      for (const root of roots) if (root !== null) yield* below(root, path, roots === this.roots)
  }
}

function* below(
  node: IpNode,
  path: number[],
  isIpv4: boolean,
): Generator<[node: IpNode, address: string]> {
  path.push(node.byte)
  yield [node, isIpv4 ? path.join('.') : hexadecimal(path)]
  for (let kid = node.firstKid; kid !== null; kid = kid.next) yield* below(kid, path, isIpv4)
  path.pop()
}

/** `2001:db8:0:...`, two bytes a group. */
function hexadecimal(path: readonly number[]): string {
  const groups: string[] = []
  for (let i = 0; i < path.length; i += 2)
    groups.push((((path[i]! << 8) | (path[i + 1] ?? 0)) >>> 0).toString(16))
  return groups.join(':')
}
