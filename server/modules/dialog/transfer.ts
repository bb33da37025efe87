/** Call control from here: REFER to one side of a dialog, and calls between two others. */
import type { SipMessage } from '../../sip/message.ts'
import { H_RECORD_ROUTE } from '../../sip/header-names.ts'
import { STRIDE } from '../../sip/message.ts'
import { splitList } from '../../sip/header/list.ts'
import { type ClientRequest, LOCAL_COMPLETED } from '../tm/api.ts'
import { CALLEE, CALLER } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import { contactOf } from './legs.ts'
import { requestTo } from './requests.ts'

/** Without a voice: until the REFER tells where that is. */
const HOLD =
  'v=0\r\no=kamailio-bridge 0 0 IN IP4 0.0.0.0\r\ns=kamailio\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n' +
  'm=audio 9 RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n'

/**
 * dlg_refer(): as in Kamailio the REFER goes to the other side than the one that is named, with the
 * URIs of From and To in exchange.
 */
export function refer(self: Dialogs, dialog: Dialog, side: number, to: string): boolean {
  const request = requestTo(self, dialog, side === CALLER ? CALLEE : CALLER, 'REFER', '')
  if (request === null) return false
  const { from, to: other } = request
  return sendRefer(self, { ...request, from: other, to: from }, to)
}

/** dlg_bridge(): calls `from` and refers it to `to`. */
export function bridge(
  self: Dialogs,
  from: string,
  to: string,
  outboundProxy: string,
  body = HOLD,
): boolean {
  const { bridge_controller: controller, bridge_contact: contact } = self.config
  const type = body === '' ? '' : 'Content-Type: application/sdp\r\n'
  const request: ClientRequest = {
    method: 'INVITE',
    uri: from,
    from: `<${controller}>`,
    to: `<${from}>`,
    nextHop: outboundProxy,
    headers: `Contact: <${contact}>\r\n${type}`,
    body,
    events: LOCAL_COMPLETED,
    callback: (_event, _transaction, _request, reply, code) => {
      if (reply !== null && code < 300) referAnswered(self, reply, to)
    },
  }
  return self.tm.request(request) !== null
}

/** The call that we made is there: its dialog begins with this reply. */
function referAnswered(self: Dialogs, reply: SipMessage, to: string): void {
  const contact = contactOf(self, reply)
  const { from, to: callee, cseq } = reply
  if (contact === '' || from === null || callee === null || cseq === null) return
  const routes: string[] = []
  for (let i = reply.find(H_RECORD_ROUTE); i >= 0; i = reply.find(H_RECORD_ROUTE, i + STRIDE))
    routes.push(...splitList(reply.bodyAt(i)))
  const request: ClientRequest = {
    method: 'REFER',
    uri: contact,
    from: `<${from.uri}>`,
    fromTag: from.tag,
    to: `<${callee.uri}>`,
    toTag: callee.tag,
    callId: reply.callId,
    cseq: cseq.number + 1,
    // RFC 3261 section 12.1.2: the route set of a caller is in reverse order.
    routes: routes.reverse(),
    socket: reply.received.socket,
  }
  sendRefer(self, request, to)
}

/** Whatever becomes of the REFER, the BYE comes behind it. */
function sendRefer(self: Dialogs, request: ClientRequest, to: string): boolean {
  const { bridge_controller: controller, bridge_contact: contact } = self.config
  const bye: ClientRequest = { ...request, method: 'BYE', cseq: (request.cseq ?? 0) + 1 }
  const refer: ClientRequest = {
    ...request,
    headers: `Referred-By: ${controller}\r\nRefer-To: ${to}\r\nContact: <${contact}>\r\n`,
    events: LOCAL_COMPLETED,
    callback: () => void self.tm.request(bye),
  }
  if (self.tm.request(refer) !== null) return true
  self.error('failed to send the REFER request')
  return false
}
