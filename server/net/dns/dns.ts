/**
 * Names, for everybody: local names, the cache, then the servers, with aliases followed and the
 * search list tried. Cached answers come before a call returns; nothing ever blocks.
 */
import type { Clock } from '../../lib/clock.ts'
import { AF_INET, AF_INET6, familyOf, withoutBrackets } from '../../lib/ip.ts'
import type { Random } from '../../lib/random.ts'
import { Timer, type Wheel } from '../../lib/wheel.ts'
import { SCTP, TLS, UDP, WS, WSS } from '../../sip/transport.ts'
import { type CacheSettings, DnsCache, type DnsEntry, makeEntry } from './cache.ts'
import { type ClientSettings, DnsClient } from './client.ts'
import { A, AAAA, CNAME, type FoundRecord, isAskable, nameKey } from './records.ts'
import type { Preferences } from './services.ts'
import type { DnsTransport } from './sockets.ts'
import type { NameSources } from './system-files.ts'
import { Targets } from './targets.ts'
import type { Answer } from './wire.ts'

/** The places after the first one. */
export interface Places {
  /** Hands over one more, null after the last; before this returns when it is known. */
  next(done: (to: Resolved | null) => void): void
}

/** Where a name leads. Port 0: none was given or found, the default of the transport stands. */
export interface Resolved {
  readonly ip: string
  readonly port: number
  readonly proto: number
  /**
   * Where to go when that fails (RFC 3263 section 4.3); null: nowhere, or use_dns_failover is off.
   */
  readonly more?: Places | null
}

/** The core parameters that names obey; live, so read at each use. */
export interface DnsSettings extends ClientSettings, CacheSettings, Preferences {
  readonly use_dns_cache: number
  readonly dns_cache_init: number
  readonly use_dns_failover: number
  readonly dns_try_naptr: number
  readonly dns_try_ipv6: number
  readonly dns_srv_lb: number
  readonly dns_slow_query_ms: number
  readonly dns_cache_negative_ttl: number
  readonly dns_cache_min_ttl: number
  readonly dns_cache_max_ttl: number
  readonly dns_cache_flags: number
  readonly dns_cache_gc_interval: number
  readonly dns_use_search_list: number
}

/** What comes in through the door. */
export interface DnsWorld {
  readonly settings: DnsSettings
  readonly clock: Clock
  readonly random: Random
  readonly timers: Wheel
  readonly sources: NameSources
  readonly transport: DnsTransport
  /** Have we a socket of this transport, of this address family? */
  readonly supports: (proto: number) => boolean
  readonly hasFamily: (family: number) => boolean
  readonly log: (text: string) => void
  /** Statistics: questions without the wanted answer, and those that took too long. */
  readonly failed: { value: number }
  readonly slow: { value: number }
}

export type EntryDone = (entry: DnsEntry) => void

/** An alias may lead to an alias; so many of them are followed (RFC 1034 section 3.6.2). */
const MOST_ALIASES = 8

// ---- dns_cache_flags
const IPV4_ONLY = 1
const IPV6_ONLY = 2
const PREFER_IPV6 = 4

export class Dns {
  readonly world: DnsWorld
  readonly settings: DnsSettings
  readonly cache: DnsCache
  private readonly client: DnsClient
  private readonly waiting = new Map<string, EntryDone[]>()
  private readonly sweeper: Timer

  constructor(world: DnsWorld) {
    this.world = world
    this.settings = world.settings
    this.cache = new DnsCache(world.settings, () => world.clock.monotonic())
    const { sources, transport, timers, settings, random } = world
    this.client = new DnsClient(sources, transport, timers, settings, random)
    this.sweeper = new Timer(() => this.sweep())
  }

  /** Begins to drop what is over. */
  start(): void {
    this.world.timers.arm(this.sweeper, Math.max(1, this.settings.dns_cache_gc_interval) * 1000)
  }

  close(): void {
    this.world.timers.disarm(this.sweeper)
    this.client.close()
  }

  /** Is anything remembered (use_dns_cache)? */
  get caching(): boolean {
    return this.settings.use_dns_cache !== 0 && this.settings.dns_cache_init !== 0
  }

  now(): number {
    return this.world.clock.monotonic()
  }

  /** The way to a host by RFC 3263: see Network.resolve. */
  resolve(
    host: string,
    port: number,
    proto: number,
    secure: boolean,
    done: (to: Resolved | null) => void,
  ): void {
    const named = secure ? secureTransport(proto) : proto
    if (familyOf(host) !== 0)
      done({ ip: withoutBrackets(host), port, proto: named || UDP, more: null })
    else new Targets(this, nameKey(host), port, named, secure && proto === 0).next(done)
  }

  /**
   * The records of a name, before this returns when they are known. Absence is an entry as well.
   */
  records(name: string, type: number, done: EntryDone): void {
    const wanted = nameKey(name)
    const local = this.local(wanted, type)
    if (local !== null) {
      done(local)
      return
    }
    if (!this.caching) {
      this.fetch(wanted, type, done)
      return
    }
    const canonical = this.behindAliases(wanted, type)
    const known = this.cache.get(canonical, type)
    if (known === null) this.fetch(canonical, type, done)
    else done(known)
  }

  /** The same for functions that may wait: the entry itself when it is known. */
  lookup(name: string, type: number): DnsEntry | Promise<DnsEntry> {
    let found: DnsEntry | null = null
    let later: EntryDone | null = null
    this.records(name, type, entry => {
      found = entry
      later?.(entry)
    })
    return found ?? new Promise(resolve => (later = resolve))
  }

  /** A name of /etc/hosts or of this machine itself: it has addresses and nothing else. */
  isLocal(name: string): boolean {
    return this.localAddresses(name) !== null
  }

  /** The types to ask for the addresses of a host, in order. */
  addressTypes(): readonly number[] {
    const { dns_cache_flags: flags, dns_try_ipv6 } = this.settings
    const { hasFamily } = this.world
    const four = (flags & IPV6_ONLY) === 0 && hasFamily(AF_INET)
    const six = (flags & IPV4_ONLY) === 0 && dns_try_ipv6 !== 0 && hasFamily(AF_INET6)
    if (!four) return six ? [AAAA] : []
    if (!six) return [A]
    return (flags & PREFER_IPV6) !== 0 ? [AAAA, A] : [A, AAAA]
  }

  private localAddresses(name: string): readonly string[] | null {
    const listed = this.world.sources.hosts.get(name)
    if (listed !== undefined) return listed
    // RFC 6761 section 6.3: localhost names are resolved without asking anybody.
    return name === 'localhost' || name.endsWith('.localhost') ? ['127.0.0.1', '::1'] : null
  }

  private local(name: string, type: number): DnsEntry | null {
    const addresses = this.localAddresses(name)
    if (addresses === null) {
      // RFC 6761 section 6.4: "invalid" names do not exist.
      const hopeless = name === 'invalid' || name.endsWith('.invalid') || !isAskable(name)
      return hopeless ? makeEntry(name, type, [], 0, this.now()) : null
    }
    const family = type === A ? AF_INET : type === AAAA ? AF_INET6 : 0
    const fitting = addresses.filter(ip => familyOf(ip) === family)
    const expires = Number.POSITIVE_INFINITY
    const records = fitting.map(ip => ({ data: { kind: 'address' as const, ip }, expires }))
    return makeEntry(name, type, records, expires, this.now())
  }

  /** The name at the end of the aliases that are known. */
  private behindAliases(name: string, type: number): string {
    let at = name
    for (let links = 0; type !== CNAME && links < MOST_ALIASES; links++) {
      const data = this.cache.get(at, CNAME)?.records[0]?.data
      if (data?.kind !== 'name') break
      at = data.name
    }
    return at
  }

  /** Asks the servers; those who want the same meanwhile wait for the same answer. */
  private fetch(name: string, type: number, done: EntryDone): void {
    const key = `${type} ${name}`
    const others = this.waiting.get(key)
    if (others !== undefined) {
      others.push(done)
      return
    }
    const listeners = [done]
    this.waiting.set(key, listeners)
    this.world.sources.refresh(this.now())
    this.tryNames(name, type, this.candidates(name), 0, 0, entry => {
      this.waiting.delete(key)
      if (entry.negative) this.world.failed.value++
      for (const listener of listeners) listener(entry)
    })
  }

  /** The name itself and with the domains of the search list, in the order of resolv.conf(5). */
  private candidates(name: string): string[] {
    const { search, ndots } = this.world.sources.conf
    if (this.settings.dns_use_search_list === 0 || search.length === 0) return [name]
    const searched = search.map(domain => `${name}.${domain}`).filter(isAskable)
    const dots = name.split('.').length - 1
    return dots >= ndots ? [name, ...searched] : [...searched, name]
  }

  private tryNames(
    name: string,
    type: number,
    candidates: readonly string[],
    at: number,
    links: number,
    done: EntryDone,
  ): void {
    const asked = candidates[at]!
    const started = this.now()
    this.client.ask(asked, type, answer => {
      this.noteTime(asked, at, this.now() - started)
      if (answer === null) {
        done(this.keepNegative(name, type, -1, true))
        return
      }
      const { found, entry } = this.read(name, asked, type, answer)
      if (entry !== null) done(entry)
      else if (found !== asked && answer.negativeTtl < 0 && links < MOST_ALIASES)
        // An alias whose own records the server did not add.
        this.follow(found, type, links + 1, done)
      else if (found === asked && at + 1 < candidates.length)
        this.tryNames(name, type, candidates, at + 1, links, done)
      else done(this.keepNegative(found === asked ? name : found, type, answer.negativeTtl))
    })
  }

  private follow(name: string, type: number, links: number, done: EntryDone): void {
    const local = this.local(name, type)
    const known = local ?? (this.caching ? this.cache.get(name, type) : null)
    if (known === null) this.tryNames(name, type, [name], 0, links, done)
    else done(known)
  }

  /**
   * Keeps what an answer says, of the name that was asked for and of those that it is an alias of:
   * nobody else's records are believed. `found` is the name at the end of the aliases.
   */
  private read(
    name: string,
    asked: string,
    type: number,
    answer: Answer,
  ): { found: string; entry: DnsEntry | null } {
    let owner = asked
    for (let links = 0; links <= MOST_ALIASES; links++) {
      const here = owner === asked ? name : owner
      const records = answer.found.filter(one => one.owner === owner && one.type === type)
      if (records.length > 0) return { found: owner, entry: this.keep(here, type, records) }
      const alias = answer.found.find(one => one.owner === owner && one.type === CNAME)
      if (alias?.data.kind !== 'name' || !isAskable(alias.data.name)) break
      this.keep(here, CNAME, [alias])
      owner = alias.data.name
    }
    return { found: owner, entry: null }
  }

  private keep(name: string, type: number, found: readonly FoundRecord[]): DnsEntry {
    const now = this.now()
    const records = found.map(({ ttl, data }) => ({ data, expires: now + this.lifetime(ttl) }))
    const expires = Math.max(...records.map(record => record.expires))
    return this.store(makeEntry(name, type, records, expires, now))
  }

  private keepNegative(name: string, type: number, told: number, failed = false): DnsEntry {
    const now = this.now()
    const most = Math.max(0, this.settings.dns_cache_negative_ttl)
    // RFC 2308 section 5: the SOA says how long an absence may be remembered.
    const seconds = told < 0 ? most : Math.min(told, most)
    return this.store(makeEntry(name, type, [], now + seconds * 1000, now, false, failed))
  }

  private store(entry: DnsEntry): DnsEntry {
    if (this.caching && entry.expires > this.now()) this.cache.put(entry)
    return entry
  }

  private lifetime(ttl: number): number {
    const { dns_cache_min_ttl, dns_cache_max_ttl } = this.settings
    const longest = dns_cache_max_ttl < 0 ? ttl : Math.min(ttl, dns_cache_max_ttl)
    return Math.max(longest, dns_cache_min_ttl) * 1000
  }

  private noteTime(asked: string, attempt: number, milliseconds: number): void {
    const limit = this.settings.dns_slow_query_ms
    if (limit <= 0 || milliseconds < limit) return
    this.world.slow.value++
    this.world.log(`res_search[${attempt + 1}][${asked}]elapsed[${Math.trunc(milliseconds)}ms]`)
  }

  private sweep(): void {
    this.cache.collect()
    this.start()
  }
}

/** RFC 3261 section 26.2.2: sips is TLS, over whatever carries it. */
function secureTransport(proto: number): number {
  if (proto === WS || proto === WSS) return WSS
  return proto === SCTP ? SCTP : TLS
}
