/** Operands without a $ that need more than a field of the message. */
import type { PvValue } from '../../core/module/index.ts'
import type { Core } from '../../core/core.ts'
import { canonical, familyOf, Network } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoNumber } from '../../sip/transport.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'

const SIP_PORT = 5060

/** `uri==myself`: host and port are a socket's or an alias's. */
function isMyself(core: Core, uri: SipUri | null): boolean {
  return uri !== null && core.sockets.isMyself(uri.host, uri.portNumber || SIP_PORT, 0)
}

export const uriIsMyself = (core: Core, m: SipMessage): boolean => isMyself(core, m.sipUri)

export const fromIsMyself = (core: Core, m: SipMessage): boolean =>
  isMyself(core, m.from === null ? null : parseUri(m.from.uri))

export const toIsMyself = (core: Core, m: SipMessage): boolean =>
  isMyself(core, m.to === null ? null : parseUri(m.to.uri))

export const ipIsMyself = (core: Core, ip: string): boolean => core.sockets.isMyself(ip, 0, 0)

/** `src_ip==$var(x)`: an address or network in a text; anything else is equal to no address. */
export function ipIs(ip: string, text: string): boolean {
  if (familyOf(text) !== 0) return canonical(ip) === canonical(text)
  return Network.parse(text)?.contains(ip) ?? false
}

/** `msg:len`: in onsend_route that of the message as it leaves. */
export const messageLength = (core: Core, m: SipMessage): number =>
  (core.routes.sending?.text ?? m.raw).length

/** The number of a transport, as `proto` is compared: its number or its name. */
export function protoOf(value: PvValue): number {
  if (typeof value === 'number') return value
  return value === null ? 0 : protoNumber(value)
}

export const uriHost = (m: SipMessage): string => m.sipUri?.host ?? ''
export const uriPort = (m: SipMessage): number => m.sipUri?.portNumber ?? 0

export const family = (ip: string): number => familyOf(ip)
