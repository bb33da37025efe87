/**
 * What came back instead of an answer: ICMP errors to datagrams of ours, with the beginning of the
 * datagram that they quote. The kernel keeps them in a queue of the socket (IP_RECVERR); without
 * that nobody would learn of them.
 *
 * Layout, fixed once: a payload, an iovec, a sockaddr, room for control messages, and the struct
 * msghdr (56 bytes) that points to them.
 */
import { createRequire } from 'node:module'
import { AF_INET6, inet6Text } from '../lib/ip.ts'

interface Library {
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number
  recvmsg(fd: number, header: Buffer, flags: number): number
}

interface LatinBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
}

const PAYLOAD_BYTES = 2048
const NAME_BYTES = 32
const CONTROL_BYTES = 512
/** So many errors at a time: the loop has other work. */
const MOST_ERRORS = 64

const IPPROTO_IP = 0
const IPPROTO_IPV6 = 41
const IP_RECVERR = 11
const IPV6_RECVERR = 25
const MSG_ERRQUEUE = 0x2000
const MSG_DONTWAIT = 0x40
const FROM_ICMP = 2
const FROM_ICMP6 = 3
const UNREACHABLE = 3
const UNREACHABLE6 = 1
const TOO_LONG = 90

/** A place to which a datagram could not be delivered, and how that datagram began. */
export type OnUnreachable = (ip: string, port: number, quoted: string) => void

export class UdpErrors {
  private readonly fd: number
  private readonly six: boolean
  private readonly libc: Library
  private readonly each: OnUnreachable
  private readonly payload = Buffer.alloc(PAYLOAD_BYTES) as LatinBuffer
  private readonly name = Buffer.alloc(NAME_BYTES)
  private readonly control = Buffer.alloc(CONTROL_BYTES)
  private readonly vector = Buffer.alloc(16)
  private readonly header = Buffer.alloc(56)

  private constructor(
    fd: number,
    six: boolean,
    libc: Library,
    address: (buffer: Buffer) => bigint,
    each: OnUnreachable,
  ) {
    this.fd = fd
    this.six = six
    this.libc = libc
    this.each = each
    this.vector.writeBigUInt64LE(address(this.payload), 0)
    this.vector.writeBigUInt64LE(BigInt(PAYLOAD_BYTES), 8)
    this.header.writeBigUInt64LE(address(this.name), 0)
    this.header.writeBigUInt64LE(address(this.vector), 16)
    this.header.writeBigUInt64LE(1n, 24)
    this.header.writeBigUInt64LE(address(this.control), 32)
  }

  /** Asks the kernel for the errors of a socket; null when it does not give them. */
  static of(fd: number, family: number, each: OnUnreachable): UdpErrors | null {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
    const c = koffi.load('libc.so.6')
    const libc: Library = {
      setsockopt: c.func('int setsockopt(int, int, int, void*, int)'),
      recvmsg: c.func('long recvmsg(int, void*, int)'),
    }
    const six = family === AF_INET6
    const yes = Buffer.from([1, 0, 0, 0])
    const [level, option] = six ? [IPPROTO_IPV6, IPV6_RECVERR] : [IPPROTO_IP, IP_RECVERR]
    if (libc.setsockopt(fd, level, option, yes, 4) !== 0) return null
    return new UdpErrors(fd, six, libc, buffer => BigInt(koffi.address(buffer)), each)
  }

  /** Takes what is in the queue. */
  read(): void {
    for (let count = 0; count < MOST_ERRORS; count++) {
      // Both lengths are in-out: the kernel needs the room again before each call.
      this.header.writeUInt32LE(NAME_BYTES, 8)
      this.header.writeBigUInt64LE(BigInt(CONTROL_BYTES), 40)
      const length = this.libc.recvmsg(this.fd, this.header, MSG_ERRQUEUE | MSG_DONTWAIT)
      if (length < 0) return
      if (!this.isUnreachable()) continue
      const port = this.name.readUInt16BE(2)
      const ip = this.six ? inet6Text(this.name, 8) : this.name.subarray(4, 8).join('.')
      this.each(ip, port, this.payload.latin1Slice(0, length))
    }
  }

  /**
   * RFC 3261 section 18.4: host, network, port or protocol unreachable count; source quench and TTL
   * exceeded do not, nor does a datagram that was too long for the way.
   */
  private isUnreachable(): boolean {
    const { control } = this
    const end = Math.min(Number(this.header.readBigUInt64LE(40)), CONTROL_BYTES)
    for (let at = 0; at + 24 <= end; ) {
      const size = Number(control.readBigUInt64LE(at))
      const level = control.readUInt32LE(at + 8)
      const type = control.readUInt32LE(at + 12)
      // struct sock_extended_err: errno, origin, type of the ICMP message.
      const origin = control[at + 20]
      const kind = control[at + 21]
      if (level === IPPROTO_IP && type === IP_RECVERR)
        return (
          origin === FROM_ICMP && kind === UNREACHABLE && control.readUInt32LE(at + 16) !== TOO_LONG
        )
      if (level === IPPROTO_IPV6 && type === IPV6_RECVERR)
        return origin === FROM_ICMP6 && kind === UNREACHABLE6
      if (size < 16) return false
      at += (size + 7) & ~7
    }
    return false
  }
}
