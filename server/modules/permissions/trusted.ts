/** Peers that may do without a password: by address, transport, From and request URI. */
import { BadValue } from '../../core/module/index.ts'
import { regexFor } from '../../core/regex.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import { protoNumber } from '../../sip/transport.ts'

export interface TrustedRow {
  readonly address: string
  readonly proto: string
  readonly from: string | null
  readonly requestUri: string | null
  readonly tag: string | null
  readonly priority: number
}

export class Peer {
  readonly row: TrustedRow
  /** 0 is any. */
  readonly proto: number
  private readonly from: RegExp | null
  private readonly requestUri: RegExp | null

  /** Throws BadValue when the row is none. */
  constructor(row: TrustedRow) {
    this.row = row
    this.proto = readProto(row.proto)
    this.from = compiled(row.from)
    this.requestUri = compiled(row.requestUri)
  }

  fits(proto: number, from: string, requestUri: string): boolean {
    if (this.proto !== 0 && proto !== 0 && this.proto !== proto) return false
    if (this.from !== null && !this.from.test(from)) return false
    return this.requestUri === null || this.requestUri.test(requestUri)
  }
}

/** `any` is 0. Throws BadValue. */
export function readProto(text: string): number {
  if (text.toLowerCase() === 'any') return 0
  const proto = protoNumber(text)
  if (proto === 0) throw new BadValue(`unknown protocol ${text}`)
  return proto
}

/** A row with this transport is not used. */
export const isUnused = (proto: string): boolean => proto.toLowerCase() === 'none'

function compiled(pattern: string | null): RegExp | null {
  if (pattern === null || pattern === '') return null
  const regex = regexFor(fromBasic(pattern), 0)
  if (regex === null) throw new BadValue(`invalid regular expression ${pattern}`)
  return regex
}

/** POSIX has two languages of patterns: what these mean without a backslash, those do with one. */
export function fromBasic(pattern: string): string {
  let extended = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '[') {
      const end = endOfBrackets(pattern, i)
      extended += pattern.slice(i, end)
      i = end - 1
    } else if (char === '\\' && i + 1 < pattern.length) {
      const next = pattern[++i]!
      extended += '(){}+?|'.includes(next) ? next : `\\${next}`
    } else if ('(){}+?|'.includes(char)) extended += `\\${char}`
    // At the beginning there is nothing to repeat.
    else if (char === '*' && (i === 0 || /(^|\\\()\^?$/.test(pattern.slice(0, i))))
      extended += '\\*'
    else extended += char
  }
  return extended
}

function endOfBrackets(pattern: string, start: number): number {
  let i = start + 1
  if (pattern[i] === '^') i++
  if (pattern[i] === ']') i++
  while (i < pattern.length && pattern[i] !== ']') i++
  return Math.min(i + 1, pattern.length)
}

/** Kamailio's table has so many slots; its listings name them. */
const SLOTS = 128

export class Peers {
  /** By address, those with the highest priority first. */
  private readonly byAddress = new Map<string, Peer[]>()

  add(row: TrustedRow): void {
    if (isUnused(row.proto)) return
    const peer = new Peer(row)
    const known = this.byAddress.get(row.address)
    if (known === undefined) {
      this.byAddress.set(row.address, [peer])
      return
    }
    const behind = known.findLastIndex(other => other.row.priority >= row.priority)
    known.splice(behind + 1, 0, peer)
  }

  of(address: string): readonly Peer[] {
    return this.byAddress.get(address) ?? []
  }

  list(): [slot: number, peer: Peer][] {
    return [...this.byAddress]
      .flatMap(([address, peers]): [number, Peer][] =>
        peers.map(peer => [hashText(address) & (SLOTS - 1), peer]),
      )
      .sort(([a], [b]) => a - b)
  }
}
