/**
 * The places where a request for a host name may go, one after the other (RFC 3263 section 4): of
 * each service its servers, of each server its addresses. A place is looked up when it is wanted,
 * not before.
 */
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { DnsEntry } from './cache.ts'
import type { Dns, Places, Resolved } from './dns.ts'
import { NAPTR, type NaptrData, SRV, type SrvData } from './records.ts'
import { preferredTransports, type Service, serviceOf, servicesOf } from './services.ts'
import { takeServer } from './srv.ts'

export class Targets implements Places {
  private readonly dns: Dns
  private readonly host: string
  private readonly givenPort: number
  private readonly givenProto: number
  /** A sips URI without a transport parameter. */
  private readonly secure: boolean
  private done: ((to: Resolved | null) => void) | null = null
  // ---- what is left to try
  private askNaptr: boolean
  /** null: not known before NAPTR has been asked. */
  private services: Service[] | null
  private fromNaptr = false
  private servers: SrvData[] = []
  private types: readonly number[] = []
  private addresses: readonly string[] = []
  private addressAt = 0
  /** Did anything come of it? If not, the host itself is tried. */
  private produced = false
  private hostTried = false
  // ---- where `types` and `addresses` belong
  private name = ''
  private port = 0
  private proto = 0

  /** `proto` 0 and `port` 0: not given; `secure`: TLS because of the scheme alone. */
  constructor(dns: Dns, host: string, port: number, proto: number, secure: boolean) {
    this.dns = dns
    this.host = host
    this.givenPort = port
    this.givenProto = proto
    this.secure = secure
    const free = proto === 0 || secure
    // RFC 3263 section 4.1: NAPTR is asked when neither transport nor port is given; section 4.2:
    // SRV when no port is given. A local name has addresses only.
    const byAddress = port !== 0 || dns.isLocal(host)
    this.askNaptr = !byAddress && free && dns.settings.dns_try_naptr !== 0
    this.services = byAddress ? [] : null
  }

  next(done: (to: Resolved | null) => void): void {
    this.done = done
    this.run()
  }

  private run(): void {
    for (;;) {
      if (this.addressAt < this.addresses.length) {
        this.give(this.addresses[this.addressAt++]!)
        return
      }
      if (this.types.length > 0) {
        if (!this.askAddresses()) return
      } else if (this.servers.length > 0) this.takeServer()
      else if (this.askNaptr) {
        if (!this.askForServices()) return
      } else if (this.services === null) this.services = this.ownServices()
      else if (this.services.length > 0) {
        if (!this.askServers(this.services.shift()!)) return
      } else if (this.produced || this.hostTried) {
        this.tell(null)
        return
      } else this.takeHost()
    }
  }

  private give(ip: string): void {
    this.produced = true
    const { port, proto, dns } = this
    const more = dns.settings.use_dns_failover !== 0 && this.hasMore() ? this : null
    this.tell({ ip, port, proto, more })
  }

  private hasMore(): boolean {
    if (this.addressAt < this.addresses.length || this.types.length > 0) return true
    return this.servers.length > 0 || (this.services?.length ?? 0) > 0
  }

  private tell(to: Resolved | null): void {
    const { done } = this
    this.done = null
    done!(to)
  }

  /** Asks; true when the answer has been applied already. */
  private ask(name: string, type: number, apply: (entry: DnsEntry) => void): boolean {
    let waiting = false
    let applied = false
    this.dns.records(name, type, entry => {
      apply(entry)
      applied = true
      if (waiting) this.run()
    })
    waiting = true
    return applied
  }

  private askForServices(): boolean {
    this.askNaptr = false
    return this.ask(this.host, NAPTR, entry => {
      if (entry.failed) this.services = []
      const { settings, world } = this.dns
      const records = this.live(entry, 'naptr') as NaptrData[]
      const services = servicesOf(records, settings, world.supports, this.secure)
      if (services.length === 0) return
      this.services = services
      this.fromNaptr = true
    })
  }

  /** Without NAPTR: the transport that was given, else all that we can use. */
  private ownServices(): Service[] {
    const { settings, world } = this.dns
    const protos =
      this.givenProto === 0 ? preferredTransports(settings, world.supports) : [this.givenProto]
    return protos.map(proto => serviceOf(this.host, proto)).filter(service => service !== null)
  }

  private askServers({ name, proto }: Service): boolean {
    return this.ask(name, SRV, entry => {
      this.proto = proto
      // RFC 2782: a target of "." means that the service is decidedly not available.
      this.servers = (this.live(entry, 'srv') as SrvData[]).filter(server => server.name !== '')
      // RFC 3263 section 4.1: the transport of the service that was found is the one to use; only
      // NAPTR records say that there are others. Servers that are silent will be so for the next
      // service, too: the address may be known all the same.
      if (entry.failed || (!entry.negative && !this.fromNaptr)) this.services = []
    })
  }

  private takeServer(): void {
    const { settings, world } = this.dns
    const server = takeServer(this.servers, settings.dns_srv_lb !== 0, world.random)
    this.name = server.name
    this.port = server.port
    this.types = this.dns.addressTypes()
  }

  /**
   * RFC 3263 section 4.2: without SRV records the addresses of the host itself, with UDP unless
   * something else was said.
   */
  private takeHost(): void {
    this.hostTried = true
    this.name = this.host
    this.port = this.givenPort
    this.proto = this.givenProto !== 0 ? this.givenProto : this.fallbackTransport()
    this.types = this.dns.addressTypes()
  }

  private fallbackTransport(): number {
    const { supports } = this.dns.world
    return [UDP, TCP, TLS, SCTP].find(proto => supports(proto)) ?? UDP
  }

  private askAddresses(): boolean {
    const [type, ...later] = this.types
    this.types = later
    return this.ask(this.name, type!, entry => {
      this.addressAt = 0
      this.addresses = this.live(entry, 'address').map(data =>
        data.kind === 'address' ? data.ip : '',
      )
    })
  }

  /** The data of the records that are not over. */
  private live(entry: DnsEntry, kind: string): DnsEntry['records'][number]['data'][] {
    const now = this.dns.now()
    const found: DnsEntry['records'][number]['data'][] = []
    // What came with a TTL of 0 is good for the one who asked (RFC 1035 section 3.2.1).
    for (const { data, expires } of entry.records)
      if (data.kind === kind && (expires > now || entry.expires <= now)) found.push(data)
    return found
  }
}
