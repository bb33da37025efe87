/**
 * What the runtime does not let us ask of the kernel: options of sockets, and the address that it
 * would send from. Where the C library cannot be reached nothing is set and nothing is known.
 */
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { AF_INET6, bytesOf, canonical, familyOf } from '../lib/ip.ts'

interface Library {
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number
  socket(domain: number, type: number, protocol: number): number
  connect(fd: number, name: Buffer, length: number): number
  bind(fd: number, name: Buffer, length: number): number
  getsockname(fd: number, name: Buffer, length: Buffer): number
  close(fd: number): number
  getrlimit(resource: number, limits: Buffer): number
  setrlimit(resource: number, limits: Buffer): number
}

let loaded: Library | null | undefined

function library(): Library | null {
  if (loaded !== undefined) return loaded
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
    const c = koffi.load('libc.so.6')
    loaded = {
      setsockopt: c.func('int setsockopt(int, int, int, void*, int)'),
      socket: c.func('int socket(int, int, int)'),
      connect: c.func('int connect(int, void*, int)'),
      bind: c.func('int bind(int, void*, int)'),
      getsockname: c.func('int getsockname(int, _Inout_ void*, _Inout_ void*)'),
      close: c.func('int close(int)'),
      getrlimit: c.func('int getrlimit(int, _Inout_ void*)'),
      setrlimit: c.func('int setrlimit(int, void*)'),
    }
  } catch {
    loaded = null
  }
  return loaded
}

const SOCK_STREAM = 1
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SO_REUSEPORT = 15
const IPPROTO_IP = 0
const IPPROTO_TCP = 6
const IPPROTO_IPV6 = 41
const IP_TOS = 1
const IP_MTU_DISCOVER = 10
const IPV6_TCLASS = 67
const TCP_KEEPIDLE = 4
const TCP_KEEPINTVL = 5
const TCP_KEEPCNT = 6
const TCP_SYNCNT = 7
const TCP_LINGER2 = 8
const TCP_DEFER_ACCEPT = 9
const TCP_QUICKACK = 12
const RLIMIT_CORE = 4
const RLIMIT_NOFILE = 7
const PMTU_DONT = 0
const PMTU_DO = 2

function set(fd: number, level: number, name: number, value: number): void {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(value)
  library()?.setsockopt(fd, level, name, buffer, 4)
}

/** Files and connections that may be open; false when the system allows no such number. */
export function raiseOpenFiles(wanted: number): boolean {
  const c = library()
  const limits = Buffer.alloc(16)
  if (c === null || c.getrlimit(RLIMIT_NOFILE, limits) !== 0) return false
  const count = BigInt(wanted)
  if (limits.readBigUInt64LE(0) >= count) return true
  limits.writeBigUInt64LE(count, 0)
  // Only root may go beyond the hard limit.
  if (limits.readBigUInt64LE(8) < count) limits.writeBigUInt64LE(count, 8)
  return c.setrlimit(RLIMIT_NOFILE, limits) === 0
}

export function forbidCoreFiles(): void {
  library()?.setrlimit(RLIMIT_CORE, Buffer.alloc(16))
}

/** The core parameters that sockets obey; live ones count for sockets that are made later. */
export interface SocketParams {
  readonly tos: number
  readonly pmtu_discovery: number
  readonly tcp_keepalive: number
  readonly tcp_keepidle: number
  readonly tcp_keepintvl: number
  readonly tcp_keepcnt: number
  readonly tcp_syncnt: number
  readonly tcp_linger2: number
  readonly tcp_delayed_ack: number
  readonly tcp_defer_accept: number
}

export function tuneDatagrams(fd: number, family: number, params: SocketParams): void {
  if (fd < 0) return
  setService(fd, family, params.tos)
  if (family !== AF_INET6)
    set(fd, IPPROTO_IP, IP_MTU_DISCOVER, params.pmtu_discovery === 0 ? PMTU_DONT : PMTU_DO)
}

function setService(fd: number, family: number, tos: number): void {
  if (family === AF_INET6) set(fd, IPPROTO_IPV6, IPV6_TCLASS, tos)
  else set(fd, IPPROTO_IP, IP_TOS, tos)
}

/** The descriptor of a socket of the runtime, -1 when it has none (any more). */
export const descriptorOf = (socket: object): number =>
  (socket as { _handle?: { fd?: number } | null })._handle?.fd ?? -1

export function tuneStream(socket: Socket, family: number, params: SocketParams): void {
  socket.setKeepAlive(params.tcp_keepalive !== 0)
  const fd = descriptorOf(socket)
  if (fd < 0) return
  setService(fd, family, params.tos)
  const options: readonly (readonly [number, number])[] = [
    [TCP_KEEPIDLE, params.tcp_keepidle],
    [TCP_KEEPINTVL, params.tcp_keepintvl],
    [TCP_KEEPCNT, params.tcp_keepcnt],
    [TCP_SYNCNT, params.tcp_syncnt],
    [TCP_LINGER2, params.tcp_linger2],
  ]
  // 0 leaves what the system says.
  for (const [name, value] of options) if (value > 0) set(fd, IPPROTO_TCP, name, value)
  if (params.tcp_delayed_ack === 0) set(fd, IPPROTO_TCP, TCP_QUICKACK, 1)
}

/**
 * A stream socket at an address and port that others may have, too; -1 where that cannot be. It is
 * not connected yet.
 */
export function boundStream(address: string, port: number): number {
  const c = library()
  const family = familyOf(address)
  const bytes = bytesOf(address)
  if (c === null || bytes === null) return -1
  const fd = c.socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
  if (fd < 0) return -1
  set(fd, SOL_SOCKET, SO_REUSEADDR, 1)
  set(fd, SOL_SOCKET, SO_REUSEPORT, 1)
  const name = socketName(bytes, family, port)
  if (c.bind(fd, name, name.length) === 0) return fd
  c.close(fd)
  return -1
}

/** A listening socket: the kernel may hold a connection back until its first data. */
export function tuneListener(server: object, params: SocketParams): void {
  const fd = descriptorOf(server)
  const { tcp_defer_accept: seconds } = params
  if (fd >= 0 && seconds > 0) set(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, seconds)
}

/** From which of its addresses this host would send there; null when it does not say. */
export function sourceAddressFor(ip: string): string | null {
  const c = library()
  const family = familyOf(ip)
  const bytes = bytesOf(ip)
  if (c === null || bytes === null) return null
  const fd = c.socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  if (fd < 0) return null
  const name = socketName(bytes, family, ANY_PORT)
  const length = Buffer.alloc(4)
  length.writeInt32LE(name.length)
  // Connecting a datagram socket sends nothing: it chooses the route.
  const known = c.connect(fd, name, name.length) === 0 && c.getsockname(fd, name, length) === 0
  c.close(fd)
  return known ? addressIn(name, family) : null
}

const ANY_PORT = 5060

/** struct sockaddr_in or sockaddr_in6. */
function socketName(bytes: readonly number[], family: number, port: number): Buffer {
  const six = family === AF_INET6
  const name = Buffer.alloc(six ? 28 : 16)
  name.writeUInt16LE(family, 0)
  name.writeUInt16BE(port, 2)
  name.set(bytes, six ? 8 : 4)
  return name
}

function addressIn(name: Buffer, family: number): string {
  if (family !== AF_INET6) return [...name.subarray(4, 8)].join('.')
  const words = Array.from({ length: 8 }, (_, i) => name.readUInt16BE(8 + 2 * i).toString(16))
  return canonical(words.join(':'))
}
