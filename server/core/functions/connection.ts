/** Core functions about how a message travels: rport, aliases, sockets, connections. */
import {
  MSG_ADD_LOCAL_RPORT,
  MSG_CLOSE_AFTER_FORWARD,
  MSG_CLOSE_AFTER_REPLY,
  MSG_FORCE_ALIAS,
  MSG_FORCE_RPORT,
  MSG_NO_FORWARD_CONNECT,
  MSG_NO_REPLY_CONNECT,
  type SipMessage,
} from '../../sip/message.ts'
import { protoNumber } from '../../sip/transport.ts'
import type { Core } from '../core.ts'

const flagger =
  (bit: number) =>
  (_core: unknown, msg: SipMessage): number => {
    msg.messageFlags |= bit
    return 1
  }

export const forceRport = flagger(MSG_FORCE_RPORT)
export const addLocalRport = flagger(MSG_ADD_LOCAL_RPORT)
export const forceTcpAlias = flagger(MSG_FORCE_ALIAS)
export const setForwardNoConnect = flagger(MSG_NO_FORWARD_CONNECT)
export const setReplyNoConnect = flagger(MSG_NO_REPLY_CONNECT)
export const setForwardClose = flagger(MSG_CLOSE_AFTER_FORWARD)
export const setReplyClose = flagger(MSG_CLOSE_AFTER_REPLY)

export function setAdvertisedAddress(_core: unknown, msg: SipMessage, address: string): number {
  msg.advertisedAddress = address
  return 1
}

export function setAdvertisedPort(_core: unknown, msg: SipMessage, port: string): number {
  msg.advertisedPort = port
  return 1
}

/** force_send_socket([proto:]host[:port]): -1 when it is none of our sockets. */
export function forceSendSocket(core: Core, msg: SipMessage, text: string): number {
  const found = /^(?:([a-z]+):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/i.exec(text)
  const socket =
    found === null
      ? null
      : core.sockets.find(found[2]!, Number(found[3] ?? 0), protoNumber(found[1] ?? ''))
  if (socket === null) {
    core.log.warn('<core>', `force_send_socket: we do not listen on ${text}`)
    return -1
  }
  msg.forceSocket = socket
  return 1
}

/**
 * remove_branch([n]): takes one more destination away; 0 is the request URI itself and cannot go.
 */
export function removeBranch(_core: unknown, msg: SipMessage, index = 0): number {
  if (msg.branches === null || index < 0 || index >= msg.branches.length) return -1
  msg.branches.splice(index, 1)
  return 1
}

export function clearBranches(_core: unknown, msg: SipMessage): number {
  msg.branches = null
  return 1
}
