/** ws_close, $ws_conid. */
import type { PvValue, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { WS, WSS } from '../../sip/transport.ts'
import type { WebSockets } from './websocket.ts'

/** RFC 6455 section 7.4.1. */
const NORMAL_CLOSURE = 1000

/** 1: the goodbye is on its way; -1: there is no such connection, or the status is none. */
export function close(
  self: WebSockets,
  msg: SipMessage,
  status: number | undefined,
  reason: string | undefined,
  connection: number | undefined,
): Verdict {
  const code = status ?? NORMAL_CLOSURE
  const id = connection ?? msg.received.connection
  if (!isStatus(code)) {
    self.core.log.error('websocket', `ws_close: ${code} is no status that may be sent`)
    return -1
  }
  if (self.close(id, code, reason ?? 'Normal closure')) return 1
  self.core.log.error('websocket', `ws_close: no WebSocket connection ${id}`)
  return -1
}

/** RFC 6455 section 7.4.2: what an endpoint may put into a close frame. */
const isStatus = (code: number): boolean =>
  (code >= 3000 && code <= 4999) ||
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code))

/** The connection that the message came by, null when it is no WebSocket. */
export function connectionId(_self: WebSockets, msg: SipMessage): PvValue {
  const { proto, connection } = msg.received
  return proto === WS || proto === WSS ? connection : null
}
