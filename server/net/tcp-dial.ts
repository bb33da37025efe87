/** A stream to a peer that is being opened, and how long that may take. */
import { connect, Socket } from 'node:net'
import { AF_INET6 } from '../lib/ip.ts'
import type { SocketInfo } from '../sip/transport.ts'
import { boundStream, tuneStream } from './kernel.ts'
import type { TcpLimits } from './tcp-limits.ts'

/** The longest time that the runtime measures. */
const LONGEST_MS = 2 ** 31 - 1

/** From a port of its own, or with tcp_reuse_port from the one that is listened on. */
export function dial(info: SocketInfo, host: string, port: number, limits: TcpLimits): Socket {
  const { tcp_source_ipv4, tcp_source_ipv6, tcp_reuse_port } = limits
  const source = info.family === AF_INET6 ? tcp_source_ipv6 : tcp_source_ipv4
  const localAddress = source === '' ? info.address : source
  const fd = tcp_reuse_port === 0 ? -1 : boundStream(localAddress, info.port)
  const socket =
    fd < 0
      ? connect({ host, port, localAddress, noDelay: true })
      : new Socket({ fd }).setNoDelay().connect({ host, port })
  tuneStream(socket, info.family, limits)
  return socket
}

/**
 * Gives up when `opened` has not been emitted within so many seconds, a handshake included; less
 * than one: waits as long as the system does.
 */
export function openWithin(seconds: number, socket: Socket, opened: string): void {
  if (seconds < 1) return
  const giveUp = (): void => void socket.destroy(new Error('connect timed out'))
  const timer = setTimeout(giveUp, Math.min(seconds * 1000, LONGEST_MS))
  const stop = (): void => clearTimeout(timer)
  socket.once(opened, stop)
  socket.once('close', stop)
}
