// What other modules may ask of xhttp: answers to HTTP requests that came in on a SIP connection.
import { api, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface XhttpApi {
  /**
   * Sends the reply; 1 when it left, -1 when the connection is gone or the message is no HTTP
   * request.
   */
  reply(msg: SipMessage, code: number, reason: string, contentType: string, body: string): Verdict
}

export const xhttp = api<XhttpApi>('xhttp')
