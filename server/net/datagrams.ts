/** Datagrams that are none of SIP: sockets of both families on ports that the kernel chooses. */
import { createSocket, type Socket } from 'node:dgram'
import { familyOf } from '../lib/ip.ts'

const AF_INET6 = 10

export class Datagrams {
  private readonly bind: string
  private readonly receive: (bytes: Buffer, ip: string, port: number) => void
  private readonly sockets = new Map<number, Socket>()

  /** Sends from `bind`, or from any address when that is ''. */
  constructor(bind: string, receive: (bytes: Buffer, ip: string, port: number) => void) {
    this.bind = bind
    this.receive = receive
  }

  /** A datagram that cannot leave is lost, as a datagram may be. */
  send(bytes: Buffer, ip: string, port: number): void {
    this.socketFor(ip).send(bytes, port, ip, () => undefined)
  }

  close(): void {
    for (const socket of this.sockets.values()) socket.close()
    this.sockets.clear()
  }

  private socketFor(ip: string): Socket {
    const family = familyOf(ip)
    const known = this.sockets.get(family)
    if (known !== undefined) return known
    const socket = createSocket(family === AF_INET6 ? 'udp6' : 'udp4')
    socket.on('message', (bytes, from) => this.receive(bytes, from.address, from.port))
    socket.on('error', () => undefined)
    if (this.bind !== '' && familyOf(this.bind) === family) socket.bind(0, this.bind)
    this.sockets.set(family, socket)
    return socket
  }
}
