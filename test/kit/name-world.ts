// Names in a box: the resolver with zones for servers, on a clock that a test moves by hand.
import { defaultCoreParams } from '../../server/core/params.ts'
import type { CoreParams } from '../../server/core/params.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { TICK_MS, Wheel } from '../../server/lib/wheel.ts'
import { Dns, type Resolved } from '../../server/net/dns/dns.ts'
import { recordType } from '../../server/net/dns/records.ts'
import {
  type NameServer,
  NO_SERVERS,
  parseHosts,
  type ResolvConf,
} from '../../server/net/dns/resolv-conf.ts'
import type { DnsTransport, Receive } from '../../server/net/dns/sockets.ts'
import type { NameSources } from '../../server/net/dns/system-files.ts'
import { protoName, TCP, UDP } from '../../server/sip/transport.ts'
import { DnsZone } from './dns-server.ts'

/** Does something after a while, in a world's time. */
export type After = (milliseconds: number, run: () => void) => void

/** Zones as servers, reached over a simulated wire; an address without a zone refuses. */
export function zoneTransport(zones: ReadonlyMap<string, DnsZone>, after: After): DnsTransport {
  const ask =
    (transport: 'udp' | 'tcp') => (server: NameServer, question: Buffer, receive: Receive) => {
      const zone = zones.get(server.ip)
      let open = true
      const replies = zone?.replies(question, transport) ?? [{ bytes: null, delayMs: 0 }]
      for (const { bytes, delayMs } of replies) after(delayMs + 1, () => open && receive(bytes))
      return () => {
        open = false
      }
    }
  return { udp: ask('udp'), tcp: ask('tcp') }
}

/** Name servers of a test. */
export function testSources(conf: Partial<ResolvConf>, hosts = ''): NameSources {
  return {
    conf: { ...NO_SERVERS, ...conf },
    hosts: parseHosts(hosts),
    refresh: () => undefined,
    reload: () => undefined,
  }
}

export const SERVER = '10.0.0.53'
const SECOND = '10.0.1.53'

export class NameWorld {
  readonly zone = new DnsZone()
  readonly second = new DnsZone()
  readonly settings: CoreParams = defaultCoreParams()
  readonly log: string[] = []
  readonly failed = { value: 0 }
  readonly slow = { value: 0 }
  readonly protos = new Set([UDP, TCP])
  readonly families = new Set([2])
  readonly dns: Dns
  milliseconds = 0
  private events: { at: number; run: () => void }[] = []
  private readonly timers: Wheel

  /** `servers`: how many, of two. */
  constructor(conf: Partial<ResolvConf> = {}, hosts = '', servers = 1) {
    const clock = { now: () => this.milliseconds, monotonic: () => this.milliseconds }
    this.timers = new Wheel(clock, error => {
      throw error
    })
    const zones = new Map([
      [SERVER, this.zone],
      [SECOND, this.second],
    ])
    const list = [SERVER, SECOND].slice(0, servers).map(ip => ({ ip, port: 53 }))
    this.dns = new Dns({
      settings: this.settings,
      clock,
      random: new SeededRandom(11),
      timers: this.timers,
      sources: testSources({ servers: list, ...conf }, hosts),
      transport: zoneTransport(zones, (ms, run) => this.after(ms, run)),
      supports: proto => this.protos.has(proto),
      hasFamily: family => this.families.has(family),
      log: text => this.log.push(text),
      failed: this.failed,
      slow: this.slow,
    })
  }

  private after(milliseconds: number, run: () => void): void {
    this.events.push({ at: this.milliseconds + milliseconds, run })
  }

  pass(milliseconds: number): void {
    for (const end = this.milliseconds + milliseconds; this.milliseconds < end; ) {
      this.milliseconds += TICK_MS
      const due = this.events.filter(event => event.at <= this.milliseconds)
      this.events = this.events.filter(event => event.at > this.milliseconds)
      for (const event of due) event.run()
      this.timers.run()
    }
  }

  /** The ways to a host as `udp:ip:port`, all of them, each after the last failed. */
  ways(host: string, port = 0, proto = 0, secure = false, patienceMs = 30_000): string[] {
    const ways: string[] = []
    const take = (to: Resolved | null): void => {
      if (to === null) return
      ways.push(`${protoName(to.proto)}:${to.ip}:${to.port}`)
      to.more?.next(take)
    }
    this.dns.resolve(host, port, proto, secure, take)
    this.pass(patienceMs)
    return ways
  }

  /** The first way alone. */
  way(host: string, port = 0, proto = 0, secure = false): string {
    return this.ways(host, port, proto, secure)[0] ?? 'nowhere'
  }

  /** The records of a name as texts; `none`, or `silent` when no answer came in the time. */
  records(name: string, type: string, patienceMs = 30_000): string {
    let text = 'silent'
    this.dns.records(name, recordType(type), entry => {
      const values = entry.records.map(({ data }) => Object.values(data).slice(1).join(' '))
      text = entry.negative ? 'none' : values.join(', ')
    })
    this.pass(patienceMs)
    return text
  }
}
