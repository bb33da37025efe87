/** IP addresses as text: recognising, comparing and matching networks (RFC 4291 text forms). */
import { isIPv4, isIPv6 } from 'node:net'

export const AF_INET = 2
export const AF_INET6 = 10

/** 2, 10, or 0 when the text is no address; IPv6 may stand in brackets. */
export function familyOf(host: string): number {
  const first = host.charCodeAt(0)
  if (first === 0x5b) return isIPv6(host.slice(1, -1)) && host.endsWith(']') ? AF_INET6 : 0
  // A host name rarely starts with a digit and never holds a colon: skip the full check for it.
  if (first >= 0x30 && first <= 0x39 && isIPv4(host)) return AF_INET
  return host.includes(':') && isIPv6(host) ? AF_INET6 : 0
}

/** An IPv6 address without its brackets; anything else as it is. */
export function withoutBrackets(host: string): string {
  return host.charCodeAt(0) === 0x5b && host.endsWith(']') ? host.slice(1, -1) : host
}

/** As an address is written in a URI or a Via. */
export function inBrackets(address: string): string {
  return address.includes(':') && address.charCodeAt(0) !== 0x5b ? `[${address}]` : address
}

/** Does it stand for all addresses of this host? */
export const isAnyAddress = (address: string): boolean => address === '0.0.0.0' || address === '::'

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** May what is sent from this address reach that one? Loopback is reached from loopback alone. */
export const mayReach = (from: string, to: string): boolean =>
  isAnyAddress(from) || isLoopback(from) === isLoopback(to)

/** The bytes of an address, 4 or 16 of them, or null. */
export function bytesOf(host: string): number[] | null {
  const family = familyOf(host)
  if (family === AF_INET) return host.split('.').map(Number)
  if (family !== AF_INET6) return null
  let text = withoutBrackets(host).split('%')[0]!
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  if (dotted) {
    const [a, b, c, d] = dotted.slice(1).map(Number) as [number, number, number, number]
    const groups = [(a << 8) | b, (c << 8) | d].map(group => group.toString(16))
    text = text.slice(0, dotted.index) + groups.join(':')
  }
  const [head, tail] = text.split('::') as [string, string | undefined]
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return groups.flatMap(group => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}

/** One spelling for one address: IPv6 is compressed and lower case, brackets are gone. */
export function canonical(host: string): string {
  const family = familyOf(host)
  if (family === AF_INET) return host
  if (family !== AF_INET6) return host.toLowerCase()
  return withoutBrackets(new URL(`http://[${withoutBrackets(host).split('%')[0]}]/`).hostname)
}

/** How IPv6 addresses are written (ipv6_hex_style): c short, a with all groups, A in capitals. */
export type Inet6Style = 'c' | 'a' | 'A'

let inet6Style: Inet6Style = 'c'

/** It counts for the whole process. */
export function writeInet6As(style: Inet6Style): void {
  inet6Style = style
}

/** A canonical address as it is shown to others. */
export function written(address: string): string {
  return inet6Style === 'c' || !address.includes(':') ? address : allGroups(address)
}

function allGroups(address: string): string {
  const bytes = bytesOf(address)
  if (bytes === null) return address
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map(i =>
    ((bytes[i]! << 8) | bytes[i + 1]!).toString(16),
  )
  const text = groups.join(':')
  return inet6Style === 'A' ? text.toUpperCase() : text
}

/** A network in CIDR or address/mask form, compiled for matching. */
export class Network {
  private readonly bytes: number[]
  private readonly mask: number[]

  private constructor(bytes: number[], mask: number[]) {
    this.bytes = bytes
    this.mask = mask
  }

  /**
   * Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32` or one address; null if it is none.
   */
  static parse(text: string): Network | null {
    const slash = text.indexOf('/')
    const bytes = bytesOf(slash < 0 ? text : text.slice(0, slash))
    if (bytes === null) return null
    if (slash < 0)
      return new Network(
        bytes,
        bytes.map(() => 255),
      )
    const rest = text.slice(slash + 1)
    const mask = /^\d+$/.test(rest) ? maskOf(Number(rest), bytes.length) : bytesOf(rest)
    if (mask === null || mask.length !== bytes.length) return null
    return new Network(
      bytes.map((byte, i) => byte & mask[i]!),
      mask,
    )
  }

  contains(address: string): boolean {
    const bytes = bytesOf(address)
    if (bytes === null || bytes.length !== this.bytes.length) return false
    for (let i = 0; i < bytes.length; i++) {
      if ((bytes[i]! & this.mask[i]!) !== this.bytes[i]) return false
    }
    return true
  }
}

function maskOf(bits: number, length: number): number[] | null {
  if (bits > length * 8) return null
  return Array.from({ length }, (_, i) => {
    const here = Math.max(0, Math.min(8, bits - i * 8))
    return (0xff << (8 - here)) & 0xff
  })
}

/** The text of the 16 bytes at `at`, in its canonical form (RFC 5952). */
export function inet6Text(bytes: Uint8Array, at: number): string {
  const groups: string[] = []
  for (let i = 0; i < 16; i += 2)
    groups.push(((bytes[at + i]! << 8) | bytes[at + i + 1]!).toString(16))
  return canonical(groups.join(':'))
}

/** Writes the 16 bytes of an IPv6 address to `at`; nothing when it is none. */
export function inet6Write(bytes: Uint8Array, at: number, address: string): void {
  const values = bytesOf(address)
  if (values !== null && values.length === 16) bytes.set(values, at)
}
