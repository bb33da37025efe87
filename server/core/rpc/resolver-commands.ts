/** `dns.*`: what the node remembers of the name system, in the layout of Kamailio's. */
import { dns as contract } from '../../../rpc/contract/dns.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { AF_INET, AF_INET6, canonical, familyOf } from '../../lib/ip.ts'
import { addRecord, NEGATIVE, PERMANENT } from '../../net/dns/added.ts'
import type { DnsEntry } from '../../net/dns/cache.ts'
import type { Dns } from '../../net/dns/dns.ts'
import {
  A,
  AAAA,
  CNAME,
  type DnsRecord,
  EBL,
  NAPTR,
  nameKey,
  PTR,
  type RecordData,
  recordType,
  SRV,
  TXT,
  typeText,
} from '../../net/dns/records.ts'
import type { Handlers } from '../module/index.ts'
import type { CommandEnvironment } from './environment.ts'

type Shown = ResultOf<(typeof contract)['dns.lookup']>
type Member = [string, string | number | { idx: number; rr_txt: string }[]]

const yes = (value: boolean): string => (value ? 'yes' : 'no')

/** The cache, if there is one. */
function cacheOf({ core }: CommandEnvironment): Dns {
  if (!core.dns.caching) throw new Fault(500, 'dns cache support disabled (see use_dns_cache)')
  return core.dns
}

/** Seconds until then; what is permanent has none. */
function secondsLeft(dns: Dns, expires: number): number {
  if (expires === Number.POSITIVE_INFINITY) return 0
  return Math.max(0, Math.round((expires - dns.now()) / 1000))
}

function shown(dns: Dns, entry: DnsEntry, references: number): Shown {
  const head = {
    name: entry.name,
    type: typeText(entry.type),
    size_bytes: entry.size,
    reference_counter: references,
    permanent: yes(entry.permanent),
    expires: secondsLeft(dns, entry.expires),
    last_used: idle(dns, entry),
    negative_entry: yes(entry.negative),
  }
  if (entry.negative) return head
  return { ...head, records: entry.records.map((record, i) => shownRecord(dns, record, i)) }
}

const idle = (dns: Dns, entry: DnsEntry): number =>
  Math.max(0, Math.trunc((dns.now() - entry.lastUsed) / 1000))

function shownRecord(dns: Dns, record: DnsRecord, index: number): Member[] {
  return [
    ['rr_idx', index],
    ...membersOf(record.data),
    ['rr_permanent', yes(record.expires === Number.POSITIVE_INFINITY)],
    ['rr_expires', secondsLeft(dns, record.expires)],
  ]
}

function membersOf(data: RecordData): Member[] {
  switch (data.kind) {
    case 'address':
      return [['rr_ip', data.ip]]
    case 'name':
      return [['rr_name', data.name]]
    case 'srv':
      return [
        ['rr_name', data.name],
        ['rr_port', data.port],
        ['rr_priority', data.priority],
        ['rr_weight', data.weight],
      ]
    case 'naptr':
      return [
        ['rr_order', data.order],
        ['rr_preference', data.preference],
        ['rr_flags', data.flags],
        ['rr_service', data.service],
        ['rr_regexp', data.regexp],
        ['rr_regexp', data.replacement],
      ]
    case 'text':
      return [['txt', data.texts.map((rr_txt, idx) => ({ idx, rr_txt }))]]
    case 'ebl':
      return [
        ['rr_position', data.position],
        ['rr_separator', data.separator],
        ['rr_apex', data.apex],
      ]
  }
}

/** What dns.debug_all says of a record: its kind and its value. */
function debugText({ type }: DnsEntry, data: RecordData): [string, string] {
  switch (data.kind) {
    case 'address':
      return ['ip', data.ip]
    case 'name':
      return [type === CNAME ? 'cname' : 'ptr', data.name]
    case 'srv':
      return ['srv', data.name]
    case 'naptr':
      return ['naptr ', data.flags + data.service + data.regexp + data.replacement]
    case 'text':
      return ['txt', data.texts[0] ?? '']
    case 'ebl':
      return ['ebl', data.apex]
  }
}

const flagsOf = (entry: DnsEntry): number =>
  (entry.negative ? NEGATIVE : 0) | (entry.permanent ? PERMANENT : 0)

/** The head of an entry in dns.debug and dns.debug_all; `record` only in the latter. */
function debugRow(dns: Dns, entry: DnsEntry, record: number | null): (string | number)[] {
  const number = record === null ? [] : [record]
  const times = [secondsLeft(dns, entry.expires), idle(dns, entry)]
  return [entry.name, entry.type, ...number, entry.size, 1, ...times, flagsOf(entry)]
}

function add(
  { core }: CommandEnvironment,
  name: string,
  type: number,
  ttl: number,
  data: RecordData | null,
  flags: number,
): void {
  if (data === null || !addRecord(core.dns, name, type, ttl, data, flags))
    throw new Fault(400, 'Failed to add the entry to the cache')
}

const address = (ip: string, family: number): RecordData | null =>
  familyOf(ip) === family ? { kind: 'address', ip: canonical(ip) } : null

const remover =
  (type: number) =>
  (environment: CommandEnvironment, name: string): void => {
    const { cache } = cacheOf(environment)
    const entry = cache.get(nameKey(name), type)
    if (entry === null) throw new Fault(400, 'Not found')
    if (entry.permanent) throw new Fault(400, 'Permanent entries cannot be deleted')
    cache.remove(entry)
  }

function clear(environment: CommandEnvironment, withPermanent: boolean): { status: string } {
  cacheOf(environment).cache.clear(withPermanent)
  return { status: 'ok' }
}

export const dnsHandlers: Handlers<CommandEnvironment, typeof contract> = {
  'dns.mem_info': environment => {
    const { cache, settings } = cacheOf(environment)
    return [cache.used, settings.dns_cache_mem]
  },
  'dns.debug': environment => {
    const dns = cacheOf(environment)
    return dns.cache.all().flatMap(entry => debugRow(dns, entry, null))
  },
  'dns.debug_all': environment => {
    const dns = cacheOf(environment)
    return dns.cache
      .all()
      .flatMap(entry =>
        entry.records.flatMap(({ data, expires }, i) => [
          ...debugRow(dns, entry, i),
          ...debugText(entry, data),
          secondsLeft(dns, expires),
        ]),
      )
  },
  'dns.view': environment => {
    const dns = cacheOf(environment)
    return dns.cache.all().map(entry => shown(dns, entry, 1))
  },
  'dns.lookup': async (environment, typeName, name) => {
    const dns = cacheOf(environment)
    const type = recordType(typeName)
    if (type === 0) throw new Fault(400, 'Invalid type')
    const entry = await dns.lookup(name, type)
    if (entry.negative) throw new Fault(400, 'Not found')
    return shown(dns, entry, 2)
  },
  'dns.delete_all': environment => clear(environment, false),
  'dns.delete_all_force': environment => clear(environment, true),
  'dns.add_a': (environment, name, ttl, ip, flags) =>
    add(environment, name, A, ttl, address(ip, AF_INET), flags),
  'dns.add_aaaa': (environment, name, ttl, ip, flags) =>
    add(environment, name, AAAA, ttl, address(ip, AF_INET6), flags),
  'dns.add_srv': (environment, name, ttl, priority, weight, port, target, flags) => {
    const data = { kind: 'srv', priority, weight, port, name: nameKey(target) } as const
    add(environment, name, SRV, ttl, data, flags)
  },
  'dns.delete_a': remover(A),
  'dns.delete_aaaa': remover(AAAA),
  'dns.delete_srv': remover(SRV),
  'dns.delete_naptr': remover(NAPTR),
  'dns.delete_cname': remover(CNAME),
  'dns.delete_txt': remover(TXT),
  'dns.delete_ebl': remover(EBL),
  'dns.delete_ptr': remover(PTR),
}
