/**
 * $lsock(by/value/attribute): an attribute of one of our sockets; {sock.*}: parts of
 * proto:host:port.
 */
import { BadValue, type PvValue, type Transformation } from '../../core/module/index.ts'
import { protoName, type SocketInfo } from '../../sip/transport.ts'
import { type Corex, readSocket } from './corex.ts'

const ATTRIBUTES = ['listen', 'advertise', 'name'] as const

interface SocketQuery {
  readonly by: 'n' | 'l' | 'a' | 'i'
  readonly value: string
  readonly attribute: (typeof ATTRIBUTES)[number]
}

/** Reads `n/main/listen`: by name, l by address, a by advertised address, i by its number. */
export function readQuery(inner: string): SocketQuery {
  const found = /^([nlai])\/(.+)\/([a-z]+)$/.exec(inner.trim())
  const attribute = ATTRIBUTES.find(known => known === found?.[3])
  if (found === null || attribute === undefined)
    throw new BadValue(`${inner} asks for no socket`, 'as $lsock(n/main/listen)')
  return { by: found[1] as SocketQuery['by'], value: found[2]!, attribute }
}

export const listenText = (socket: SocketInfo): string =>
  `${protoName(socket.proto)}:${socket.host}:${socket.port}`
export const advertiseText = (socket: SocketInfo): string =>
  `${protoName(socket.proto)}:${socket.advertisedHost}:${socket.advertisedPort}`

function find(self: Corex, { by, value }: SocketQuery): SocketInfo | null {
  const { sockets } = self.core
  switch (by) {
    case 'n':
      return sockets.named(value)
    case 'l':
      return self.socket(value)
    case 'a':
      return sockets.list.find(socket => advertiseText(socket) === value) ?? null
    case 'i':
      return sockets.list[Number(value)] ?? null
  }
}

export function getSocket(self: Corex, query: SocketQuery): PvValue {
  const socket = find(self, query)
  if (socket === null) return null
  if (query.attribute === 'name') return socket.name === '' ? null : socket.name
  return query.attribute === 'listen' ? listenText(socket) : advertiseText(socket)
}

const part = (
  doc: string,
  of: (socket: { proto: string; host: string; port: string }) => string,
): Transformation => ({
  doc,
  minArgs: 0,
  maxArgs: 0,
  run: value => {
    const found = value === null ? null : readSocket(String(value))
    if (found === null) return null
    const proto = found.proto === 0 ? '' : protoName(found.proto)
    return of({ proto, host: found.host, port: found.port === 0 ? '' : String(found.port) })
  },
})

export const socketTransformations: Record<string, Transformation> = {
  host: part('The host of proto:host:port.', socket => socket.host),
  port: part('Its port; empty when it has none.', socket => socket.port),
  proto: part('Its transport; empty when it has none.', socket => socket.proto),
  touri: part('As a SIP URI.', ({ proto, host, port }) => {
    const address = port === '' ? `sip:${host}` : `sip:${host}:${port}`
    return proto === '' ? address : `${address};transport=${proto}`
  }),
}
