/** Core functions about how a message travels: rport, aliases, sockets, connections. */
import {
  MSG_ADD_LOCAL_RPORT,
  MSG_CLOSE_AFTER_FORWARD,
  MSG_CLOSE_AFTER_REPLY,
  MSG_FORCE_RPORT,
  MSG_NO_FORWARD_CONNECT,
  MSG_NO_REPLY_CONNECT,
  MSG_TRY,
  MSG_TRY_SCTP,
  MSG_TRY_TCP,
  MSG_TRY_TLS,
  type SipMessage,
} from '../../sip/message.ts'
import { protoNumber, SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { CoreInstance } from '../core.module.ts'
import type { Core } from '../core.ts'
import { type Arg, BadValue, literal } from '../module/index.ts'

const flagger =
  (bit: number) =>
  (_core: unknown, msg: SipMessage): number => {
    msg.messageFlags |= bit
    return 1
  }

export const forceRport = flagger(MSG_FORCE_RPORT)
export const addLocalRport = flagger(MSG_ADD_LOCAL_RPORT)
export const setForwardNoConnect = flagger(MSG_NO_FORWARD_CONNECT)
export const setReplyNoConnect = flagger(MSG_NO_REPLY_CONNECT)
export const setForwardClose = flagger(MSG_CLOSE_AFTER_FORWARD)
export const setReplyClose = flagger(MSG_CLOSE_AFTER_REPLY)

/**
 * force_tcp_alias([port]): requests to this port of the peer, by default the one of its Via, use
 * the connection that the message came over (RFC 5923). Nothing to do for datagrams.
 */
export function forceTcpAlias(self: CoreInstance, msg: SipMessage, port = 0): number {
  const { connection } = msg.received
  if (connection !== 0)
    self.core.network.streams?.addAlias(connection, port || msg.via?.port || SIP_PORT)
  return 1
}

const SIP_PORT = 5060

/** The bit for a transport; none for UDP, which is what is left when it is too large. */
const TRY = new Map([
  [UDP, 0],
  [TCP, MSG_TRY_TCP],
  [TLS, MSG_TRY_TLS],
  [SCTP, MSG_TRY_SCTP],
])

/** `TCP`, as udp_mtu_try_proto takes it, as the bit of the message. */
export const tryProto: Arg<number> = literal('proto', given => {
  const bit = TRY.get(protoNumber(given))
  if (bit === undefined) throw new BadValue(`${given} cannot be tried`, 'UDP, TCP, TLS or SCTP')
  return bit
})

/** udp_mtu_try_proto(PROTO): what carries this request when it is larger than udp_mtu. */
export function udpMtuTryProto(_self: unknown, msg: SipMessage, bit: number): number {
  msg.messageFlags = (msg.messageFlags & ~MSG_TRY) | bit
  return 1
}

export function setAdvertisedAddress(_core: unknown, msg: SipMessage, address: string): number {
  msg.advertisedAddress = address
  return 1
}

export function setAdvertisedPort(_core: unknown, msg: SipMessage, port: number): number {
  msg.advertisedPort = String(port)
  return 1
}

/** `[proto:]host[:port]`, in force_send_socket without quotes. */
export const socketText: Arg<string> = literal('socket', given => {
  if (SOCKET.test(given)) return given
  throw new BadValue(`${given} names no socket`, 'as udp:127.0.0.1:5060')
})

const SOCKET = /^(?:([a-z]+):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/i

/** force_send_socket([proto:]host[:port]): -1 when it is none of our sockets. */
export function forceSendSocket(core: Core, msg: SipMessage, text: string): number {
  const [, proto = '', host = '', port = ''] = SOCKET.exec(text) ?? []
  const socket = core.sockets.find(host, Number(port), protoNumber(proto))
  if (socket === null) {
    core.log.warn('<core>', `force_send_socket: we do not listen on ${text}`)
    return -1
  }
  msg.forceSocket = socket
  return 1
}

/** remove_branch([n]): takes one more destination away; true also where there is none. */
export function removeBranch(_core: unknown, msg: SipMessage, index = 0): number {
  msg.branches?.splice(index, 1)
  return 1
}

export function clearBranches(_core: unknown, msg: SipMessage): number {
  msg.branches = null
  return 1
}
