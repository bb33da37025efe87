// A transport of streams that listens, with a clock of the test's and what it has told.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely, TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { defaultCoreParams } from '../../server/core/params.ts'
import { TcpTransport } from '../../server/net/tcp.ts'
import type { TcpLimits } from '../../server/net/tcp-limits.ts'
import { type Received, type SocketInfo, socketInfo, TCP } from '../../server/sip/transport.ts'
import { freePort } from './ports.ts'

const LIMITS: TcpLimits = {
  ...defaultCoreParams(),
  tcp_connect_timeout: 5,
  tcp_max_connections: 10,
  tls_max_connections: 10,
}

export interface TcpNode {
  transport: TcpTransport
  /** Sends to the node's address over this connection or, where it is 0, over one to the port. */
  send(text: string, port: number, connection?: number, noConnect?: boolean): boolean
  info: SocketInfo
  /** Where it could not send to. */
  failures: string[]
  /** What was told of connections that went wrong. */
  errors: string[]
  clock: { time: number }
  message(): Promise<{ text: string; from: Received }>
}

export interface TcpNodeOptions {
  readonly proto?: number
  readonly address?: string
  /** connection_timeout of TLS. */
  readonly lifetime?: number
  /** Sent back for each message, in the turn in which it came. */
  readonly answer?: string
}

/** It is closed when the test is over. */
export async function tcpNode(
  limits: Partial<TcpLimits> = {},
  { proto = TCP, address = '127.0.0.1', lifetime = 600, answer = '' }: TcpNodeOptions = {},
): Promise<TcpNode> {
  const arrivals: { text: string; from: Received }[] = []
  const failures: string[] = []
  const errors: string[] = []
  const clock = { time: 0 }
  let wake = (): void => {}
  const transport = new TcpTransport(
    {
      onMessage: (text, from) => {
        arrivals.push({ text, from })
        if (answer !== '') send(answer, from.srcPort, from.connection)
        wake()
      },
      onError: (_info, { message }) => errors.push(message),
      onSendFailed: (_proto, ip, port) => failures.push(`${ip}:${port}`),
    },
    { ...LIMITS, ...limits },
    () => clock.time,
  )
  transport.authority = {
    lifetime,
    handshakeQueue: 0,
    accept: (_info, plain) => new TLSSocket(plain, { isServer: true }),
    connect: (_info, _ip, _port, socket) => connectSecurely({ socket }),
    refuse: () => null,
  }
  const info = socketInfo(proto, address, await freePort(), null, '')
  await transport.listen(info)
  onTestFinished(() => transport.close())
  const message = async (): Promise<{ text: string; from: Received }> => {
    while (arrivals.length === 0)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    return arrivals.shift()!
  }
  const send: TcpNode['send'] = (text, port, connection = 0, noConnect = false) => {
    const to = { proto, ip: address, port, connection, socket: null, noConnect }
    return transport.send(text, to, () => info) !== null
  }
  return { transport, send, info, failures, errors, clock, message }
}

/** A connection to it, which is closed when the test is over. */
export async function dialNode({ info }: TcpNode): Promise<Socket> {
  const socket = connect(info.port, info.address).setEncoding('latin1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Whatever the reason. */
export const closed = (socket: Socket): Promise<void> => {
  socket.on('error', () => undefined)
  return new Promise(done => socket.once('close', () => done()))
}
