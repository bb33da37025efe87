/** Where a dialog ends without a message, those who record it want one to take values from. */
import { SipMessage } from '../../sip/message.ts'
import { CALLEE, CALLER } from './api.ts'
import { Context } from './context.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

/** A BYE as the caller would have sent it; null without a socket. */
export function callerBye(self: Dialogs, dialog: Dialog): SipMessage | null {
  const [caller, callee] = [dialog.legs[CALLER], dialog.legs[CALLEE]]
  const socket = caller.socket ?? self.core.sockets.list[0]
  if (socket === undefined) return null
  const lines = [
    `BYE ${callee.contact || dialog.requestUri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${socket.address}:${socket.port}`,
    `From: <${dialog.fromUri}>;tag=${caller.tag}`,
    `To: <${dialog.toUri}>;tag=${callee.tag}`,
    `Call-ID: ${dialog.callId}`,
    `CSeq: ${Number(caller.cseq) + 1 || 1} BYE`,
    'Content-Length: 0\r\n\r\n',
  ]
  const { address, port, proto } = socket
  const here = { srcIp: address, srcPort: port, dstIp: address, dstPort: port }
  const msg = new SipMessage(lines.join('\r\n'), { proto, ...here, socket, connection: 0 }, 0)
  const context = new Context()
  context.dialog = dialog
  self.contexts.set(msg, context)
  return msg
}
