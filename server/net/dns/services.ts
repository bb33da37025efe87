/**
 * Which services of a domain may take a request, and in which order: NAPTR records, else our own
 * preferences (RFC 3263 section 4.1).
 */
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { NaptrData } from './records.ts'

/** Core parameters; more is preferred, negative excludes. */
export interface Preferences {
  readonly dns_udp_pref: number
  readonly dns_tcp_pref: number
  readonly dns_tls_pref: number
  readonly dns_sctp_pref: number
  readonly dns_naptr_ignore_rfc: number
}

/** A name to ask for SRV records, and the transport that they are for. */
export interface Service {
  readonly name: string
  readonly proto: number
}

const PREFIXES = new Map<number, string>([
  [UDP, '_sip._udp.'],
  [TCP, '_sip._tcp.'],
  [TLS, '_sips._tcp.'],
  [SCTP, '_sip._sctp.'],
])

/** RFC 3263 section 4.1 and RFC 4168: the services that a NAPTR record may name. */
const NAPTR_SERVICES = new Map<string, number>([
  ['sip+d2u', UDP],
  ['sip+d2t', TCP],
  ['sips+d2t', TLS],
  ['sip+d2s', SCTP],
])

/** The service of a host over a transport, null for one that has no SRV records (WebSocket). */
export function serviceOf(host: string, proto: number): Service | null {
  const prefix = PREFIXES.get(proto)
  return prefix === undefined ? null : { name: prefix + host, proto }
}

function preferenceOf(settings: Preferences, proto: number): number {
  if (proto === UDP) return settings.dns_udp_pref
  if (proto === TCP) return settings.dns_tcp_pref
  return proto === TLS ? settings.dns_tls_pref : settings.dns_sctp_pref
}

/** The transports that a request may take, most preferred first. */
export function preferredTransports(
  settings: Preferences,
  supports: (proto: number) => boolean,
): number[] {
  const usable = [UDP, TCP, TLS, SCTP].filter(
    proto => supports(proto) && preferenceOf(settings, proto) >= 0,
  )
  return usable.sort((a, b) => preferenceOf(settings, b) - preferenceOf(settings, a))
}

/**
 * The services that NAPTR records name, in the order in which they are to be tried. `secure`: TLS
 * only, for a sips URI.
 */
export function servicesOf(
  records: readonly NaptrData[],
  settings: Preferences,
  supports: (proto: number) => boolean,
  secure: boolean,
): Service[] {
  const found: { record: NaptrData; proto: number }[] = []
  for (const record of records) {
    const proto = NAPTR_SERVICES.get(record.service.toLowerCase()) ?? 0
    // RFC 3263 section 4.1: only SRV replacements ("s") lead to a server.
    if (proto === 0 || record.flags.toLowerCase() !== 's' || record.replacement === '') continue
    // The same: those whose transport the client does not support are discarded, and for a SIPS URI
    // all but SIPS.
    if (!supports(proto) || (secure && proto !== TLS)) continue
    if (preferenceOf(settings, proto) >= 0) found.push({ record, proto })
  }
  const byRecord = (a: NaptrData, b: NaptrData): number =>
    a.order - b.order || a.preference - b.preference
  found.sort((a, b) => {
    const ours = preferenceOf(settings, b.proto) - preferenceOf(settings, a.proto)
    // dns_naptr_ignore_rfc: our preferences come first, the domain's decide what they leave open.
    if (settings.dns_naptr_ignore_rfc !== 0 && ours !== 0) return ours
    return byRecord(a.record, b.record) || ours
  })
  return found.map(({ record, proto }) => ({ name: record.replacement, proto }))
}
