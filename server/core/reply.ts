/** Replies that the core itself makes without a transaction. */
import { replyPort, printReply, type ReplyParts } from '../sip/print.ts'
import { MSG_CLOSE_AFTER_REPLY, MSG_NO_REPLY_CONNECT, type SipMessage } from '../sip/message.ts'
import type { Destination } from '../sip/transport.ts'
import type { Core } from './core.ts'

/** The Server header line as the core parameters say, '' when switched off. */
export function serverHeader(core: Core): string {
  return core.params.server_signature === 0 ? '' : `${core.params.server_header}\r\n`
}

/** Headers and body that the script asked for (append_to_reply, set_reply_body). */
export function replyParts(core: Core, msg: SipMessage): ReplyParts {
  return {
    headers: msg.replyLumps === null ? '' : msg.replyLumps.join(''),
    server: serverHeader(core),
    contentType: msg.replyBody?.contentType ?? '',
    body: msg.replyBody?.body ?? '',
  }
}

/**
 * Where a reply to this request goes (RFC 3261 section 18.2.2): back over the connection or to the
 * source address.
 */
export function replyDestination(msg: SipMessage): Destination {
  const { received } = msg
  return {
    proto: received.proto,
    ip: received.srcIp,
    port: replyPort(msg),
    connection: received.connection,
    socket: received.socket,
    noConnect: (msg.messageFlags & MSG_NO_REPLY_CONNECT) !== 0,
    closeAfter: (msg.messageFlags & MSG_CLOSE_AFTER_REPLY) !== 0,
  }
}

const NO_TAG = ''

/** Answers a request that no script has seen. */
export function replyStateless(core: Core, msg: SipMessage, code: number, reason: string): boolean {
  const tag = code === 100 ? NO_TAG : core.random.hex(16)
  return core.network.send(
    printReply(msg, code, reason, tag, replyParts(core, msg)),
    replyDestination(msg),
  )
}
