/** The next hop, texts put together, who we are, and the log level. */
import type { PvHandle, Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { Kex } from './kex.ts'

export function setDestination(_self: Kex, msg: SipMessage, uri: string): Verdict {
  msg.dstUri = uri
  return 1
}

export function resetDestination(_self: Kex, msg: SipMessage): Verdict {
  msg.dstUri = ''
  return 1
}

export const isDestinationSet = (_self: Kex, msg: SipMessage): Verdict =>
  msg.dstUri === '' ? -1 : 1

/** pv_printf("$x", "format"). */
export function printInto(_self: Kex, msg: SipMessage, handle: PvHandle, text: string): Verdict {
  handle.set!(msg, text)
  return 1
}

const HOST_AND_PORT = /^(\[[^\]]*\]|[^:\s]+)(?::(\d{1,5}))?$/

/** is_myself("uri or host"): without a port in it, any port of ours will do. */
export function isMyself(self: Kex, _msg: SipMessage, text: string): Verdict {
  const { sockets } = self.core
  const uri = parseUri(text)
  if (uri !== null) return sockets.isMyself(uri.host, uri.portNumber, uri.transport) ? 1 : -1
  const found = HOST_AND_PORT.exec(text)
  if (found === null) return -1
  return sockets.isMyself(found[1]!, Number(found[2] ?? 0), 0) ? 1 : -1
}

/** setdebug(level): until resetdebug() or a change of core.debug. */
export function setDebug(self: Kex, _msg: SipMessage, level: number): Verdict {
  self.core.log.threshold = level
  return 1
}

export function resetDebug(self: Kex): Verdict {
  self.core.log.threshold = self.core.params.debug
  return 1
}
