/** is_peer_verified, tls_set_connect_server_id. */
import type { TLSSocket } from 'node:tls'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Tls } from './tls.ts'

/** 1: the message came over TLS and the peer showed a good certificate. */
export function isPeerVerified(self: Tls, msg: SipMessage): Verdict {
  const socket = self.connectionOf(msg)?.socket as TLSSocket | undefined
  if (socket === undefined) return -1
  return socket.authorized && socket.getPeerX509Certificate() !== undefined ? 1 : -1
}

/** Connections that are opened from now on take the client profile with this id. */
export function setConnectServerId(self: Tls, _msg: SipMessage, id: string): Verdict {
  self.wanted = { ...self.wanted, serverId: id }
  return 1
}
