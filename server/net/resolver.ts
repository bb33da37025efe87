/**
 * Host names to addresses (RFC 3263, without NAPTR and failover), never blocking the loop: numeric
 * and cached ones at once.
 */
import { lookup, resolveSrv } from 'node:dns/promises'
import { familyOf, withoutBrackets } from '../lib/ip.ts'
import { TCP, TLS, UDP } from '../sip/transport.ts'

/** Where a name leads. Port 0: none was given or found, the default of the transport stands. */
export interface Resolved {
  readonly ip: string
  readonly port: number
  readonly proto: number
}

const CACHE_MS = 60_000
const NEGATIVE_CACHE_MS = 10_000
const CACHE_SIZE = 5000

interface Entry {
  readonly answer: Resolved | null
  readonly until: number
}

const SERVICES = new Map<number, string>([
  [UDP, '_sip._udp'],
  [TCP, '_sip._tcp'],
  [TLS, '_sips._tcp'],
])

export class Resolver {
  private readonly now: () => number
  private readonly cache = new Map<string, Entry>()
  private readonly waiting = new Map<string, ((to: Resolved | null) => void)[]>()

  constructor(now: () => number) {
    this.now = now
  }

  resolve(host: string, port: number, proto: number, done: (to: Resolved | null) => void): void {
    if (familyOf(host) !== 0) {
      done({ ip: withoutBrackets(host), port, proto })
      return
    }
    const key = `${host.toLowerCase()}|${port}|${proto}`
    const cached = this.cache.get(key)
    if (cached !== undefined && cached.until > this.now()) {
      done(cached.answer)
      return
    }
    const waiting = this.waiting.get(key)
    if (waiting !== undefined) {
      waiting.push(done)
      return
    }
    this.waiting.set(key, [done])
    void this.ask(host, port, proto).then(answer => this.finish(key, answer))
  }

  private finish(key: string, answer: Resolved | null): void {
    if (this.cache.size >= CACHE_SIZE) this.cache.clear()
    this.cache.set(key, {
      answer,
      until: this.now() + (answer === null ? NEGATIVE_CACHE_MS : CACHE_MS),
    })
    const waiting = this.waiting.get(key) ?? []
    this.waiting.delete(key)
    for (const done of waiting) done(answer)
  }

  private async ask(host: string, port: number, proto: number): Promise<Resolved | null> {
    let target = host
    let targetPort = port
    // RFC 3263 section 4.2: SRV only when no port was given.
    const service = SERVICES.get(proto)
    if (port === 0 && service !== undefined && host.includes('.')) {
      const records = await resolveSrv(`${service}.${host}`).catch(() => [])
      const best = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight)[0]
      if (best !== undefined) {
        target = best.name
        targetPort = best.port
      }
    }
    const address = await lookup(target, { verbatim: false }).catch(() => null)
    return address === null ? null : { ip: address.address, port: targetPort, proto }
  }
}
