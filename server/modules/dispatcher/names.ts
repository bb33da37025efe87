/** Hosts of destinations and their addresses. */
import type { Core } from '../../core/core.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'

/** Where a host is. Port and transport are 0 unless SRV or NAPTR records say them. */
export interface Found {
  readonly address: string
  readonly port: number
  readonly proto: number
}

/** The address itself, or null when the name has none; a promise only where nobody knows yet. */
export function addressOf(core: Core, host: string): Found | null | Promise<Found | null> {
  if (familyOf(host) !== 0) return { address: withoutBrackets(host), port: 0, proto: 0 }
  return byType(core, host, core.dns.addressTypes(), 0)
}

function byType(
  core: Core,
  host: string,
  types: readonly number[],
  at: number,
): Found | null | Promise<Found | null> {
  const type = types[at]
  if (type === undefined) return null
  const entry = core.dns.lookup(host, type)
  const first = (records: readonly { data: { kind: string; ip?: string } }[]): Found | null => {
    const address = records.find(({ data }) => data.kind === 'address')?.data.ip
    return address === undefined ? null : { address, port: 0, proto: 0 }
  }
  if (entry instanceof Promise)
    return entry.then(({ records }) => first(records) ?? byType(core, host, types, at + 1))
  return first(entry.records) ?? byType(core, host, types, at + 1)
}

/** The same by RFC 3263, with port and transport. */
export function placeOf(
  core: Core,
  host: string,
  port: number,
  proto: number,
): Promise<Found | null> {
  return new Promise(resolve =>
    core.dns.resolve(host, port, proto, false, to =>
      resolve(to === null ? null : { address: to.ip, port: to.port, proto: to.proto }),
    ),
  )
}
