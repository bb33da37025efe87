/** The instance of corex. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { CoreStatistics } from '../../core/statistics.ts'
import { addRecord } from '../../net/dns/added.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { protoNumber } from '../../sip/transport.ts'
import type { params, needs } from './corex.module.ts'

/** A domain whose sub-domains are ours as well. */
export interface Subdomain {
  readonly proto: number
  /** In small letters. */
  readonly domain: string
  readonly port: number
}

export class Corex {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly statistics: CoreStatistics
  /** In event_route[network:msg]: the packet came in. */
  incoming = false

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.core = env.core
    this.config = env.config
    this.statistics = env.apis.core.statistics
    for (const { name, type, ttl, data, flags } of env.config.dns_cache)
      if (!addRecord(env.core.dns, name, type, ttl, data, flags))
        this.error(`dns_cache: the record of ${name} does not go into the cache`)
    const domains = env.config.alias_subdomains
    if (domains.length > 0) {
      const hook = (host: string, port: number, proto: number): boolean =>
        domains.some(own => covers(own, host, port, proto))
      env.core.hooks.isMyself = [...(env.core.hooks.isMyself ?? []), hook]
    }
  }

  error(text: string): void {
    this.core.log.error('corex', text)
  }

  /** `proto:host:port` of one of our sockets; proto and port may be left out. */
  socket(text: string): SocketInfo | null {
    const found = readSocket(text)
    return found === null ? null : this.core.sockets.find(found.host, found.port, found.proto)
  }
}

/**
 * Is the host this domain or below it? Port and transport count only where both sides name them.
 */
function covers(own: Subdomain, host: string, port: number, proto: number): boolean {
  if (own.proto !== 0 && proto !== 0 && own.proto !== proto) return false
  if (own.port !== 0 && port !== 0 && own.port !== port) return false
  const lower = host.toLowerCase()
  return lower === own.domain || lower.endsWith(`.${own.domain}`)
}

export interface SocketText {
  readonly proto: number
  readonly host: string
  readonly port: number
}

/**
 * Reads `[proto:]host[:port]`; proto and port are 0 where they are left out, null when it is none.
 */
export function readSocket(text: string): SocketText | null {
  const found = /^(?:([a-z]+):)?(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i.exec(text.trim())
  if (found === null) return null
  const proto = found[1] === undefined ? 0 : protoNumber(found[1])
  const port = Number(found[3] ?? 0)
  if ((found[1] !== undefined && proto === 0) || port > 65535) return null
  return { proto, host: found[2]!, port }
}

/** A value of alias_subdomains: `domain`, `proto:domain` or `proto:domain:port`. */
export function readSubdomain(value: string | number): Subdomain {
  const found = readSocket(String(value))
  if (found === null) throw new BadValue(`${value} is no domain`, 'as "udp:example.org:5060"')
  return { proto: found.proto, domain: found.host.toLowerCase(), port: found.port }
}
