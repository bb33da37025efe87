/** ws_handle_handshake: from an HTTP request to a WebSocket (RFC 6455 section 4.2, RFC 7118). */
import { serverHeader } from '../../core/reply.ts'
import type { Verdict } from '../../core/module/index.ts'
import { inBrackets } from '../../lib/ip.ts'
import { MSG_CLOSE_AFTER_REPLY, type SipMessage } from '../../sip/message.ts'
import { protoNameUpper } from '../../sip/transport.ts'
import { SUB_PROTOCOL_SIP } from './params.ts'
import type { WebSockets } from './websocket.ts'

const VERSION = 13
const VERSION_HEADER = `Sec-WebSocket-Version: ${VERSION}\r\n`
/** 16 bytes in base64 (RFC 6455 section 4.2.1). */
const KEY = /^[+/0-9A-Za-z]{22}==$/

/** 1: upgraded; 0: refused with an HTTP error, and the script ends; -1: no such request. */
export function handleHandshake(self: WebSockets, msg: SipMessage): Verdict {
  const { core, stats } = self
  if (!msg.version.startsWith('HTTP/')) {
    core.log.error('websocket', 'ws_handle_handshake is for HTTP requests')
    return -1
  }
  if (!self.enabled) return refuse(self, msg, 503, 'Service Unavailable', '')
  const version = headerOf(msg, 'Sec-WebSocket-Version')
  // Of a list the first one counts, as in Kamailio.
  if (version !== null && Number.parseInt(version, 10) !== VERSION) {
    core.log.warn('websocket', `Unsupported protocol version ${version}`)
    return refuse(self, msg, 426, 'Upgrade Required', VERSION_HEADER)
  }
  const key = headerOf(msg, 'Sec-WebSocket-Key')
  const speaksSip = (self.config.sub_protocols & SUB_PROTOCOL_SIP) !== 0
  const asked = headerOf(msg, 'Sec-WebSocket-Protocol')?.split(',') ?? []
  const sip = speaksSip && asked.some(name => name.trim().toLowerCase() === 'sip')
  if (version === null || key === null || !KEY.test(key) || !sip || !asksForUpgrade(msg)) {
    core.log.warn('websocket', 'required headers not present')
    const spoken = speaksSip ? 'Sec-WebSocket-Protocol: sip\r\n' : ''
    return refuse(self, msg, 400, 'Bad Request', spoken + VERSION_HEADER)
  }
  const { connection } = msg.received
  const upgraded = core.network.streams?.upgrade(connection, {
    key,
    protocol: 'sip',
    headers: answerHeaders(self, msg),
    onOpen: socket => self.add(core.network.streams!.connection(connection)!, socket),
  })
  if (upgraded === true) return 1
  stats.ws_failed_handshakes.value++
  return -1
}

function headerOf(msg: SipMessage, name: string): string | null {
  const index = msg.findNamed(name)
  return index < 0 ? null : msg.bodyAt(index)
}

function asksForUpgrade(msg: SipMessage): boolean {
  const upgrade = headerOf(msg, 'Upgrade')?.toLowerCase() ?? ''
  const connection = headerOf(msg, 'Connection')?.toLowerCase() ?? ''
  return upgrade.includes('websocket') && connection.includes('upgrade')
}

function answerHeaders(self: WebSockets, msg: SipMessage): string[] {
  const { proto, srcIp, srcPort } = msg.received
  const lumps = (msg.replyLumps ?? []).flatMap(text => text.split('\r\n'))
  return [
    `Sia: SIP/2.0/${protoNameUpper(proto)} ${inBrackets(srcIp)}:${srcPort}`,
    ...allowedOrigin(self, msg),
    ...lumps,
    serverHeader(self.core).trimEnd(),
  ].filter(line => line !== '')
}

/** The sites whose scripts may use the connection (cors_mode). */
function allowedOrigin({ config }: WebSockets, msg: SipMessage): string[] {
  const origin = config.cors_mode === 1 ? '*' : headerOf(msg, 'Origin')
  return config.cors_mode === 0 || origin === null
    ? []
    : [`Access-Control-Allow-Origin: ${origin}`, 'Vary: Origin'].slice(0, config.cors_mode)
}

function refuse(
  { stats, xhttp }: WebSockets,
  msg: SipMessage,
  code: number,
  reason: string,
  headers: string,
): Verdict {
  stats.ws_failed_handshakes.value++
  if (headers !== '') (msg.replyLumps ??= []).push(headers)
  // Nothing else can come of the connection.
  msg.messageFlags |= MSG_CLOSE_AFTER_REPLY
  xhttp.reply(msg, code, reason, '', '')
  return 0
}
