/** forward() and its transports, log(), and the functions that only old configs use. */
import type { SipMessage } from '../../sip/message.ts'
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { CoreInstance } from '../core.module.ts'
import { forwardRequest } from '../forward.ts'
import { L_ERR } from '../log.ts'

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
export function log(self: CoreInstance, _msg: SipMessage, first: string, second?: string): number {
  if (second === undefined) self.core.log.write(L_ERR, '<script>', `<script>: ${first}`)
  else self.core.log.write(Number(first) || L_ERR, '<script>', `<script>: ${second}`)
  return 1
}
