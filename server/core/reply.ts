/** Replies that the core itself makes without a transaction. */
import { familyOf, withoutBrackets } from '../lib/ip.ts'
import { H_VIA } from '../sip/header-names.ts'
import {
  MSG_CLOSE_AFTER_REPLY,
  MSG_NO_REPLY_CONNECT,
  type SipMessage,
  STRIDE,
} from '../sip/message.ts'
import { replyPort, printReply, type ReplyParts } from '../sip/print.ts'
import type { Destination } from '../sip/transport.ts'
import type { Core } from './core.ts'

/** The Server header line as the core parameters say, '' when switched off. */
export function serverHeader(core: Core): string {
  return core.params.server_signature === 0 ? '' : `${core.params.server_header}\r\n`
}

/** Headers and body that the script asked for (append_to_reply, set_reply_body). */
export function replyParts(core: Core, msg: SipMessage): ReplyParts {
  return {
    headers: msg.replyLumps === null ? '' : joined(msg.replyLumps),
    server: serverHeader(core),
    contentType: msg.replyBody?.contentType ?? '',
    body: msg.replyBody?.body ?? '',
    last: core.params.sip_warning === 0 ? '' : warning(msg),
  }
}

/** Mostly there is one, and joining costs more than looking. */
const joined = (lumps: string[]): string => (lumps.length === 1 ? lumps[0]! : lumps.join(''))

/** What Kamailio tells people who debug (RFC 3261 section 20.43). */
function warning(msg: SipMessage): string {
  const { socket, srcIp, srcPort } = msg.received
  let vias = 0
  for (let i = msg.find(H_VIA); i >= 0; i = msg.find(H_VIA, i + STRIDE)) vias++
  const facts = [
    `pid=${process.pid} req_src_ip=${srcIp} req_src_port=${srcPort}`,
    `in_uri=${msg.originalUri} out_uri=${msg.uri} via_cnt==${vias}`,
  ]
  const speaker = `${socket.host}:${socket.port}`
  return `Warning: 392 ${speaker} "Noisy feedback tells:  ${facts.join(' ')}"\r\n`
}

/**
 * Where a reply to this request goes (RFC 3261 section 18.2.2): back over the connection or to the
 * source address.
 */
export function replyDestination(core: Core, msg: SipMessage): Destination {
  const { received } = msg
  return {
    proto: received.proto,
    ip: core.params.reply_to_via === 0 ? received.srcIp : viaAddress(msg),
    port: replyPort(msg),
    connection: received.connection,
    socket: received.socket,
    noConnect: (msg.messageFlags & MSG_NO_REPLY_CONNECT) !== 0,
    closeAfter: (msg.messageFlags & MSG_CLOSE_AFTER_REPLY) !== 0,
  }
}

/** reply_to_via: the address that the topmost Via names, if it names one. */
function viaAddress({ via, received }: SipMessage): string {
  const known = via === null || via.rport !== null || familyOf(via.host) === 0
  return known || received.connection !== 0 ? received.srcIp : withoutBrackets(via.host)
}

const NO_TAG = ''

/** Answers a request that no script has seen. */
export function replyStateless(core: Core, msg: SipMessage, code: number, reason: string): boolean {
  const tag = code === 100 ? NO_TAG : core.random.hex(16)
  return core.network.send(
    printReply(msg, code, reason, tag, replyParts(core, msg)),
    replyDestination(core, msg),
  )
}
