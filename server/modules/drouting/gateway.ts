/** is_from_gw() and goes_to_gw(): is one of the gateways at the other end? */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { partsOf, printUri } from '../../sip/uri-print.ts'
import type { Drouting } from './drouting.ts'

const ANY = -1

export function isFromGateway(self: Drouting, msg: SipMessage, type = ANY, flags = 0): Verdict {
  const { srcIp, srcPort } = msg.received
  const gateway = self.routing.current.gatewayAt(srcIp, srcPort, type)
  if (gateway === null) return -1
  const uri = msg.sipUri
  if (flags !== 0 && gateway.strip > 0 && uri !== null) {
    const parts = partsOf(uri)
    msg.setUri(printUri({ ...parts, user: uri.user.slice(gateway.strip) }))
  }
  return 1
}

/** By the address where the request goes; its port does not matter. */
export function goesToGateway(self: Drouting, msg: SipMessage, type = ANY): Verdict {
  const uri = msg.dstUri === '' ? msg.sipUri : parseUri(msg.dstUri)
  if (uri === null) return -1
  return self.routing.current.gatewayAt(uri.host, 0, type) === null ? -1 : 1
}
