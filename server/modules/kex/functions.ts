/** The next hop, texts put together, who we are, and the log level. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { namesUs } from '../../core/ourselves.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Kex } from './kex.ts'

export function setDestination(_self: Kex, msg: SipMessage, uri: string): Verdict {
  msg.setDstUri(uri)
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

/** is_myself("uri or host"). */
export const isMyself = (self: Kex, _msg: SipMessage, text: string): Verdict =>
  namesUs(self.core.sockets, text) ? 1 : -1

/** setdebug(level): until resetdebug() or a change of core.debug. */
export function setDebug(self: Kex, _msg: SipMessage, level: number): Verdict {
  self.core.log.threshold = level
  return 1
}

export function resetDebug(self: Kex): Verdict {
  self.core.log.threshold = self.core.params.debug
  return 1
}
