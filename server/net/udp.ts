/**
 * A UDP listener on node:dgram: the portable transport. Datagrams become latin1 strings once, here.
 */
import { createSocket, type Socket } from 'node:dgram'
import { Gate } from './gate.ts'
import { descriptorOf } from './kernel.ts'
import type { Received, SocketInfo } from '../sip/transport.ts'
import { tellRefused } from './udp-refused.ts'

/**
 * A Node Buffer has these; the type package leaves them out. They are half the cost of the ones
 * with an encoding name.
 */
interface LatinBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
}

export interface UdpEvents {
  /** `bytes` holds the message from `at` on until this returns. */
  onMessage(text: string, received: Received, bytes: Buffer, at: number): void
  onError(info: SocketInfo, error: Error): void
  /** The kernel did not take a datagram, which begins as `quoted`. */
  onRefused?(info: SocketInfo, ip: string, port: number, quoted: string): void
  /** After a turn in which messages were taken; monotonic milliseconds. */
  onTurn?(now: number): void
}

// Bursts wait in the kernel while the garbage collector works; a small buffer would lose them.
export const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

/**
 * dgram resolves every address before it sends; ours are numeric always, so the answer is the
 * question.
 */
const numericLookup = (
  host: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
): void => done(null, host, host.includes(':') ? 6 : 4)

export class UdpListener {
  readonly info: SocketInfo
  private readonly socket: Socket
  /** The bytes of the last message that was sent; only the batched listener has them at hand. */
  readonly sentBytes = null
  readonly sentAt = 0
  private readonly events: UdpEvents
  private readonly gate: Gate

  constructor(info: SocketInfo, events: UdpEvents, gate = new Gate()) {
    this.gate = gate
    this.info = info
    this.events = events
    this.socket = createSocket({
      type: info.family === 10 ? 'udp6' : 'udp4',
      ipv6Only: info.family === 10,
      lookup: numericLookup as never,
    })
    this.socket.on('message', (datagram, remote) => {
      // Fewer than 4 bytes or only line ends: a NAT keep-alive, not a message.
      if (datagram.length < 4 || (datagram.length < 16 && isBlank(datagram))) return
      const received: Received = {
        proto: info.proto,
        srcIp: remote.address,
        srcPort: remote.port,
        dstIp: info.address,
        dstPort: info.port,
        socket: info,
        connection: 0,
      }
      const text = (datagram as LatinBuffer).latin1Slice(0, datagram.length)
      events.onMessage(text, received, datagram, 0)
    })
  }

  /** Binds the socket; rejects with the system's error when the address is taken or not ours. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('error', reject)
      this.socket.bind(
        { address: this.info.address, port: this.info.port, exclusive: true },
        () => {
          this.socket.off('error', reject)
          this.socket.on('error', error => this.events.onError(this.info, error))
          try {
            this.socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
            this.socket.setSendBufferSize(RECEIVE_BUFFER_BYTES)
          } catch (error) {
            this.events.onError(this.info, error as Error)
          }
          resolve()
        },
      )
    })
  }

  get descriptor(): number {
    return descriptorOf(this.socket)
  }

  /** Bytes the kernel really gave to the receive buffer. */
  get receiveBuffer(): number {
    return this.socket.getRecvBufferSize()
  }

  send(text: string, ip: string, port: number): boolean {
    if (!this.gate.isOpen()) return true
    this.socket.send(Buffer.from(text, 'latin1'), port, ip, error => {
      if (error === null) return
      const { errno = 0 } = error as NodeJS.ErrnoException
      tellRefused(this.events, this.info, { code: -errno, ip, port, quoted: text })
    })
    return true
  }

  close(): Promise<void> {
    return new Promise(resolve => this.socket.close(() => resolve()))
  }
}

function isBlank(datagram: Buffer): boolean {
  for (const byte of datagram)
    if (byte !== 0x0d && byte !== 0x0a && byte !== 0 && byte !== 0x20) return false
  return true
}
