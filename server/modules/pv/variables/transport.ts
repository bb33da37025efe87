/**
 * Where a message came from ($si ...), on which socket of ours it arrived ($Ri ...), and from
 * which it will leave ($fs ...).
 */
import { inBrackets, withoutBrackets, written } from '../../../lib/ip.ts'
import { keyed, since6, variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import type { SipMessage } from '../../../sip/message.ts'
import { protoName, protoNumber, type SocketInfo, UDP } from '../../../sip/transport.ts'
import type { Pv } from '../pv.ts'
import { orNull } from './uri-parts.ts'
import { oneOf } from './words.ts'

type Row = Pvar<Pv>

const row = (doc: string, get: (msg: SipMessage) => PvValue): Row =>
  variable({ doc, get: (_self, msg) => get(msg) })

const sourceUri = ({ received }: SipMessage): string =>
  `sip:${inBrackets(written(received.srcIp))}:${received.srcPort}`
const socketUri = ({ received }: SipMessage): string =>
  `sip:${received.socket.host}:${received.socket.port}`
const advertisedUri = ({ received }: SipMessage): string =>
  `sip:${received.socket.advertisedHost}:${received.socket.advertisedPort}`
const transport = (msg: SipMessage): string => `;transport=${protoName(msg.received.proto)}`
/** Of a URI without a transport parameter UDP is meant. */
const unlessUdp = (msg: SipMessage): string => (msg.received.proto === UDP ? '' : transport(msg))

/** `udp:127.0.0.1:5060`, as $fs takes it. */
export const socketText = (socket: SocketInfo): string =>
  `${protoName(socket.proto)}:${socket.host}:${socket.port}`

const si = row('Address that the message came from.', msg => written(msg.received.srcIp))
const proto = row('Transport it came by, in small letters.', msg => protoName(msg.received.proto))

/** `proto:host:port` of one of our sockets; proto and port may be left out. */
export function findSocket(self: Pv, text: string): SocketInfo | null {
  const found = /^(?:([a-z]+):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/i.exec(text)
  if (found === null) return null
  return self.core.sockets.find(found[2]!, Number(found[3] ?? 0), protoNumber(found[1] ?? ''))
}

function setSocket(self: Pv, msg: SipMessage, value: PvValue): void {
  if (value === null) {
    msg.forceSocket = null
    return
  }
  const socket = findSocket(self, String(value))
  if (socket === null) self.core.log.warn('pv', `$fs: we do not listen on ${value}`)
  else msg.forceSocket = socket
}

function setSocketName(self: Pv, msg: SipMessage, value: PvValue): void {
  if (value === null) {
    msg.forceSocket = null
    return
  }
  const socket = self.core.sockets.named(String(value))
  if (socket === null) self.core.log.warn('pv', `$fsn: no socket is named ${value}`)
  else msg.forceSocket = socket
}

const FAMILY_WORDS = ['id', 'name'] as const

const PACKET_WORDS = [
  ...(['buf', 'len', 'proto', 'sproto', 'srcip'] as const),
  ...(['srcport', 'rcvip', 'rcvport', 'af'] as const),
]

/** $rcv(buf): the message of that route is made up, its source is not. */
function packetPart(
  self: Pv,
  { received }: SipMessage,
  word: (typeof PACKET_WORDS)[number],
): PvValue {
  const { packet } = self.core.hooks
  if (packet === null) return null
  switch (word) {
    case 'buf':
      return packet
    case 'len':
      return packet.length
    case 'proto':
      return received.proto
    case 'sproto':
      return protoName(received.proto)
    case 'srcip':
      return received.srcIp
    case 'srcport':
      return received.srcPort
    case 'rcvip':
      return received.dstIp
    case 'rcvport':
      return received.dstPort
    case 'af':
      return received.socket.family
  }
}

const rcv: Row = keyed({
  doc: 'Facts of a packet in event_route[core:msg-received]; null in all other routes.',
  parse: oneOf(PACKET_WORDS),
  get: packetPart,
})

export const transportVariables: Record<string, Row> = {
  si,
  src_ip: si,
  siz: row('Source address, IPv6 in brackets.', msg => inBrackets(written(msg.received.srcIp))),
  sp: row('Port that it came from.', msg => msg.received.srcPort),
  su: row('Source as a URI.', msg => sourceUri(msg) + unlessUdp(msg)),
  sut: row('Source as a URI with its transport.', msg => sourceUri(msg) + transport(msg)),
  sas: row(
    'Source as proto:address:port.',
    ({ received }) =>
      `${protoName(received.proto)}:${inBrackets(written(received.srcIp))}:${received.srcPort}`,
  ),
  proto,
  pr: proto,
  prid: row('Transport it came by, as a number.', msg => msg.received.proto),
  conid: row('Number of the connection it came by; null for datagrams.', ({ received }) =>
    received.connection === 0 ? null : received.connection,
  ),
  Ri: row('Address of the socket it arrived on.', msg => written(msg.received.socket.address)),
  Rp: row('Port of the socket that it arrived on.', msg => msg.received.socket.port),
  Ru: row('The socket that it arrived on as a URI.', msg => socketUri(msg) + unlessUdp(msg)),
  Rut: row(
    'The socket that it arrived on as a URI with its transport.',
    msg => socketUri(msg) + transport(msg),
  ),
  Rn: row('Name of the socket that it arrived on.', msg => orNull(msg.received.socket.name)),
  Ras: row('The socket that it arrived on as proto:address:port.', msg =>
    socketText(msg.received.socket),
  ),
  RAi: row('Address that the socket advertises.', msg =>
    withoutBrackets(msg.received.socket.advertisedHost),
  ),
  RAp: row('Port that the socket advertises.', msg => msg.received.socket.advertisedPort),
  RAu: row('What the socket advertises, as a URI.', msg => advertisedUri(msg) + unlessUdp(msg)),
  RAut: row(
    'What the socket advertises, as a URI with its transport.',
    msg => advertisedUri(msg) + transport(msg),
  ),
  af: keyed({
    doc: 'Address family of that socket: id is 2 or 10, name IPv4 or IPv6.',
    parse: oneOf(FAMILY_WORDS),
    get: (_self: Pv, { received }, word) => {
      const { family } = received.socket
      if (word === 'id') return family
      return family === 10 ? 'IPv6' : 'IPv4'
    },
  }),
  fs: variable({
    doc: 'The socket that the request is sent from, as proto:address:port; null lets us choose.',
    get: (_self, { forceSocket }) => (forceSocket === null ? null : socketText(forceSocket)),
    set: setSocket,
  }),
  fsn: variable({
    doc: 'Name of the socket that the request is sent from.',
    get: (_self, { forceSocket }) => (forceSocket === null ? null : orNull(forceSocket.name)),
    set: setSocketName,
  }),
  fsp: row(
    'Port of the socket that the request is sent from, 0 when there is none.',
    ({ forceSocket }) => forceSocket?.port ?? 0,
  ),
  rcv,
  recv: since6(rcv),
}
