/** Requests by datagram, one each: over a Unix socket, or over UDP when the address says so. */
import { createSocket, type Socket } from 'node:dgram'
import { chownSync } from 'node:fs'
import { isIP } from 'node:net'
import { UnixDatagram } from '../../core/rpc/unix-datagram.ts'

export interface DatagramOptions {
  /** A path, or `udp:address:port`. */
  readonly address: string
  readonly mode: number
  /** -1 leaves what is inherited. */
  readonly user: number
  readonly group: number
  readonly timeoutMs: number
  onRequest(text: string, answer: (text: string) => void): void
  readonly onError: (text: string) => void
}

export interface Datagram {
  close(): void
}

/** Rejects with a sentence when the address cannot be bound. */
export function openDatagram(options: DatagramOptions): Promise<Datagram> {
  return options.address.startsWith('udp:') ? overUdp(options) : overUnix(options)
}

async function overUnix(options: DatagramOptions): Promise<Datagram> {
  const socket = await UnixDatagram.open({
    path: options.address,
    mode: options.mode,
    timeoutMs: options.timeoutMs,
    onMessage: (message, answer) =>
      options.onRequest(message.toString('latin1'), text => answer(Buffer.from(text, 'latin1'))),
    onError: options.onError,
  })
  if (options.user >= 0 || options.group >= 0) {
    chownSync(options.address, options.user, options.group)
  }
  return socket
}

async function overUdp(options: DatagramOptions): Promise<Datagram> {
  const [, host = '', port = ''] = /^udp:\[?(.*?)\]?:(\d+)$/.exec(options.address) ?? []
  if (port === '') throw new Error(`${options.address}: write udp:address:port`)
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4')
  await bound(socket, host, Number(port))
  socket.on('error', error => options.onError(error.message))
  socket.on('message', (message, from) =>
    options.onRequest(message.toString('latin1'), text =>
      socket.send(Buffer.from(text, 'latin1'), from.port, from.address, error => {
        if (error !== null) options.onError(`reply not sent: ${error.message}`)
      }),
    ),
  )
  return { close: () => socket.close() }
}

function bound(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address, port }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}
