/** What other modules may ask of sl: answers to requests, with or without a transaction. */
import { api, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface SlApi {
  /**
   * The way to answer a request: through its transaction when there is one (parameter bind_tm),
   * else stateless. Headers and body that the script asked for (`msg.replyLumps`, `msg.replyBody`)
   * go with it. Nothing is sent to an ACK.
   */
  sendReply(msg: SipMessage, code: number, reason: string): Verdict
  /** Answers without a transaction, whatever there is. */
  reply(msg: SipMessage, code: number, reason: string): Verdict
  /** Answers with what went wrong last (sl_reply_error). */
  errorReply(msg: SipMessage): Verdict
  /** The tag that a stateless reply to this request carries in To. */
  localTag(msg: SipMessage): string
}

export const sl = api<SlApi>('sl')
