/**
 * The many spellings of "relay": by URI, to a host and port, by a fixed transport, to a proxy,
 * replicated.
 */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoNumber } from '../../sip/transport.ts'
import { parseUri } from '../../sip/uri.ts'
import { BY_URI, forward, type NextHop } from './forward.ts'
import { relay } from './relay.ts'
import type { Tm } from './tm.ts'

const to = (host: string, port: number, proto: number): NextHop => ({
  host,
  port,
  proto,
  replicate: false,
})

/** What t_relay_to takes: `tcp:host:port` in any shortening, or a number of flags. */
export interface RelayTarget {
  readonly flags: number
  readonly hop: NextHop | null
}

/** `proto:host:port`, `host:port`, `proto:host` or `host`. */
function parseProxy(text: string): NextHop | null {
  let rest = text
  let proto = 0
  const colon = rest.indexOf(':')
  const named = colon > 0 ? protoNumber(rest.slice(0, colon)) : 0
  if (named !== 0) {
    proto = named
    rest = rest.slice(colon + 1)
  }
  const uri = parseUri(`sip:${rest}`)
  if (uri === null || uri.host === '' || uri.hasUser) return null
  return to(uri.host, uri.portNumber, proto)
}

export function parseTarget(text: string): RelayTarget {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return { flags: Number(text), hop: null }
  const hop = parseProxy(text)
  if (hop === null) throw new BadValue(`'${text}' is no proto:host:port and no number`)
  return { flags: 0, hop }
}

/** t_relay. */
export function tRelay(tm: Tm, msg: SipMessage, host?: string, port?: number): Verdict {
  return relay(tm, msg, host === undefined ? BY_URI : to(host, port ?? 0, 0), 0)
}

/** t_relay_to. */
export function tRelayTo(
  tm: Tm,
  msg: SipMessage,
  target?: RelayTarget,
  flags?: RelayTarget,
): Verdict {
  const bits = (target?.flags ?? 0) | (flags?.flags ?? 0)
  return relay(tm, msg, target?.hop ?? BY_URI, bits)
}

/** t_relay_to_udp and its kin. */
export const relayBy =
  (proto: number) =>
  (tm: Tm, msg: SipMessage, host = '', port = 0): Verdict =>
    relay(tm, msg, to(host, port, proto), 0)

/** t_relay_to_avp: transport and `host:port`. */
export function relayToHostPort(tm: Tm, msg: SipMessage, proto: string, hostPort: string): Verdict {
  const hop = parseProxy(hostPort)
  if (hop === null) {
    tm.core.log.error('tm', `'${hostPort}' is no host:port`)
    return -1
  }
  return relay(tm, msg, to(hop.host, hop.port, protoNumber(proto)), 0)
}

/** KSR.tm.t_relay_to_proxy and t_relay_to_proxy_flags. */
export function relayToProxy(tm: Tm, msg: SipMessage, proxy: string, flags = 0): Verdict {
  const hop = parseProxy(proxy)
  if (hop !== null) return relay(tm, msg, hop, flags)
  tm.core.log.error('tm', `'${proxy}' is no proto:host:port`)
  return -1
}

/** KSR.tm.t_relay_to_proto: by a transport; one that there is not changes nothing. */
export const relayByProto = (tm: Tm, msg: SipMessage, proto: string): Verdict =>
  relay(tm, msg, to('', 0, protoNumber(proto)), 0)

/** t_forward_nonack: more branches for a transaction that exists. */
function forwardTo(tm: Tm, msg: SipMessage, hop: NextHop): Verdict {
  const t = tm.current(msg)
  if (t === null) {
    tm.core.log.error('tm', 't_forward_nonack: no transaction found')
    return -1
  }
  return forward(tm, t, msg, hop)
}

/** t_forward_nonack, t_forward_nonack_udp ... */
export const forwardBy =
  (proto: number) =>
  (tm: Tm, msg: SipMessage, host: string, port: number): Verdict =>
    forwardTo(tm, msg, to(host, port, proto))

/** t_forward_nonack_uri. */
export const forwardByUri = (tm: Tm, msg: SipMessage): Verdict => forwardTo(tm, msg, BY_URI)

/** t_forward_nonack_to. */
export function forwardToHostPort(
  tm: Tm,
  msg: SipMessage,
  proto: string,
  hostPort: string,
): Verdict {
  const hop = parseProxy(hostPort)
  return hop === null ? -1 : forwardTo(tm, msg, to(hop.host, hop.port, protoNumber(proto)))
}

const copy = (host: string, port: number, proto: number): NextHop => ({
  host,
  port,
  proto,
  replicate: true,
})

/** t_replicate: to a URI, to host and port, or where the request goes anyway. */
export function replicate(tm: Tm, msg: SipMessage, first = '', port = 0): Verdict {
  const uri = first === '' || !first.includes(':') ? null : parseUri(first)
  if (uri !== null && uri.host !== '')
    return relay(tm, msg, copy(uri.host, uri.portNumber, uri.transport), 0)
  return relay(tm, msg, copy(first, port, 0), 0)
}

/** t_replicate_udp ... */
export const replicateBy =
  (proto: number) =>
  (tm: Tm, msg: SipMessage, host: string, port: number): Verdict =>
    relay(tm, msg, copy(host, port, proto), 0)

/** t_replicate_to. */
export function replicateToHostPort(
  tm: Tm,
  msg: SipMessage,
  proto: string,
  hostPort: string,
): Verdict {
  const hop = parseProxy(hostPort)
  return hop === null ? -1 : relay(tm, msg, copy(hop.host, hop.port, protoNumber(proto)), 0)
}
