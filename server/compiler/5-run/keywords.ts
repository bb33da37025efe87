/** Operands that are words of the language: uri, src_ip, proto ... against myself, networks, numbers and texts. */
import { canonical, Network } from '../../lib/ip.ts'
import type { Core } from '../../core/core.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'

/** Is a URI one of ours: host and port against sockets and aliases; the default port is 5060. */
export function uriIsMyself(core: Core, uri: SipUri | null): boolean {
  return uri !== null && core.sockets.isMyself(uri.host, uri.portNumber || 5060, 0)
}

export const requestUri = (m: SipMessage): SipUri | null => m.sipUri
export const fromUri = (m: SipMessage): SipUri | null => m.from?.sipUri ?? null
export const toUri = (m: SipMessage): SipUri | null => m.to?.sipUri ?? null

export const ipIsMyself = (core: Core, ip: string): boolean => core.sockets.isMyself(ip, 0, 0)

/** A literal network or address, read once. */
export const network = (text: string): Network | null => Network.parse(text)
export const sameHost = (ip: string, text: string): boolean => canonical(ip) === canonical(text)
