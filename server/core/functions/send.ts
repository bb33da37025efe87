/** forward() and its transports, log() and error(). */
import type { SipMessage } from '../../sip/message.ts'
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { CoreInstance } from '../core.module.ts'
import { forwardRequest } from '../forward.ts'
import { L_DBG } from '../log.ts'

const forwardBy =
  (proto: number) =>
  (self: CoreInstance, msg: SipMessage, host = '', port = 0): number =>
    forwardRequest(self.core, self.statistics, msg, host, port, proto)

export const forward = forwardBy(0)
export const forwardUdp = forwardBy(UDP)
export const forwardTcp = forwardBy(TCP)
export const forwardTls = forwardBy(TLS)
export const forwardSctp = forwardBy(SCTP)

/** log([level,] text): the text as it stands. */
export function log(
  self: CoreInstance,
  _msg: SipMessage,
  first: string | number,
  second?: string,
): number {
  const text = second === undefined ? String(first) : second
  // One level below L_DBG is what Kamailio logs a lone text at.
  const level = second === undefined ? L_DBG + 1 : Number(first)
  self.core.log.write(level, '<script>', `<script>: ${text}`)
  return 1
}

/** error(): Kamailio has never given it a meaning. */
export function error(self: CoreInstance, _msg: SipMessage, first: string, second: string): number {
  self.core.log.notice('<core>', `error("${first}", "${second}") not implemented yet`)
  return 1
}
