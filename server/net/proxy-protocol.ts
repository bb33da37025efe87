/**
 * The PROXY protocol of HAProxy, versions 1 and 2 (tcp_accept_haproxy): a load balancer says in
 * front of the first byte where a connection really comes from.
 */
import type { Socket } from 'node:net'
import { AF_INET, AF_INET6, canonical, familyOf, inet6Text } from '../lib/ip.ts'

export interface ProxyHeader {
  /** Bytes that it has; 0: there is none. */
  readonly size: number
  /** Where the connection comes from; null: from the balancer itself. */
  readonly from: { readonly ip: string; readonly port: number } | null
}

const NONE: ProxyHeader = { size: 0, from: null }
const MAGIC_1 = Buffer.from('PROXY ', 'latin1')
const MAGIC_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
/** The longest line of version 1, its end included. */
const LONGEST_LINE = 107
const PREFIX_2 = 16
const LOCAL = 0x20
const PROXY = 0x21
const TCP_IPV4 = 0x11
const TCP_IPV6 = 0x21

/** What the bytes begin with; 'more' when that cannot be told yet, 'bad' when it is malformed. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  if (startsWith(bytes, MAGIC_2)) return bytes.length < PREFIX_2 ? 'more' : readBinary(bytes)
  if (startsWith(bytes, MAGIC_1)) return bytes.length < MAGIC_1.length ? 'more' : readLine(bytes)
  return NONE
}

/** As far as there are bytes. */
const startsWith = (bytes: Buffer, magic: Buffer): boolean =>
  bytes.subarray(0, magic.length).equals(magic.subarray(0, bytes.length))

function readLine(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  const end = bytes.indexOf('\r\n')
  if (end < 0) return bytes.length < LONGEST_LINE ? 'more' : 'bad'
  const words = bytes.toString('latin1', MAGIC_1.length, end).split(' ')
  const size = end + 2
  const [family, ip = '', , port = ''] = words
  if (family === 'UNKNOWN') return { size, from: null }
  const wanted = family === 'TCP4' ? AF_INET : AF_INET6
  const known = family === 'TCP4' || family === 'TCP6'
  if (!known || words.length !== 5 || words.slice(1, 3).some(each => familyOf(each) !== wanted))
    return 'bad'
  if (words.slice(3).some(each => !/^\d{1,5}$/.test(each) || Number(each) > 65_535)) return 'bad'
  return { size, from: { ip: canonical(ip), port: Number(port) } }
}

function readBinary(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  const [command, family] = [bytes[12]!, bytes[13]!]
  const size = PREFIX_2 + bytes.readUInt16BE(14)
  if (command !== LOCAL && command !== PROXY) return 'bad'
  if (bytes.length < size) return 'more'
  if (command === LOCAL) return { size, from: null }
  if (family === TCP_IPV4 && size >= PREFIX_2 + 12) {
    const ip = [...bytes.subarray(16, 20)].join('.')
    return { size, from: { ip, port: bytes.readUInt16BE(24) } }
  }
  if (family !== TCP_IPV6 || size < PREFIX_2 + 36) return 'bad'
  return { size, from: { ip: inet6Text(bytes, 16), port: bytes.readUInt16BE(48) } }
}

/**
 * Reads what stands in front of a connection; the rest of the bytes stays in the socket. Null for
 * what is malformed, or not there `patience` milliseconds later.
 */
export function takeProxyHeader(
  socket: Socket,
  patience: number,
  done: (header: ProxyHeader | null) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0)
  const finish = (header: ProxyHeader | null): void => {
    clearTimeout(timer)
    socket.off('readable', look)
    if (socket.destroyed) return
    const rest = bytes.subarray(header?.size ?? 0)
    if (rest.length > 0) socket.unshift(rest)
    done(header)
  }
  const look = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read())
      bytes = Buffer.concat([bytes, chunk])
    const header = bytes.length === 0 ? 'more' : readProxyHeader(bytes)
    if (header !== 'more') finish(header === 'bad' ? null : header)
  }
  const timer = setTimeout(() => finish(null), patience)
  socket.once('close', () => clearTimeout(timer))
  socket.on('readable', look)
}
