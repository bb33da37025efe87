/** Records that an operator or a config gives: they stand beside those of the name servers. */
import { makeEntry } from './cache.ts'
import type { Dns } from './dns.ts'
import { type DnsRecord, nameKey, type RecordData, SRV } from './records.ts'

// ---- flags of an added record, as dns.add_* has them
/** There is no such record. */
export const NEGATIVE = 1
/** It does not expire. */
export const PERMANENT = 2

/**
 * Adds a record to those of its name and kind; permanent ones replace what name servers said, and
 * give way to permanent ones alone. False when the cache does not take it.
 */
export function addRecord(
  dns: Dns,
  name: string,
  type: number,
  ttl: number,
  data: RecordData,
  flags: number,
): boolean {
  const key = nameKey(name)
  if (!dns.caching || key === '' || !isSendable(data)) return false
  const now = dns.now()
  const permanent = (flags & PERMANENT) !== 0
  const known = dns.cache.get(key, type)
  if (known !== null && known.permanent && !permanent) return false
  const expires = permanent ? Number.POSITIVE_INFINITY : now + Math.max(0, ttl) * 1000
  const records: DnsRecord[] = (flags & NEGATIVE) !== 0 ? [] : [{ data, expires }]
  const joins = known !== null && known.permanent === permanent && records.length > 0
  if (joins) records.unshift(...known.records)
  if (type === SRV) records.sort(byPriority)
  const last = Math.max(expires, ...records.map(record => record.expires))
  return dns.cache.set(makeEntry(key, type, records, last, now, true))
}

/** RFC 2782: priority, weight and port have 16 bits each. */
function isSendable(data: RecordData): boolean {
  if (data.kind !== 'srv') return true
  const { priority, weight, port } = data
  return [priority, weight, port].every(number => number >= 0 && number <= 0xffff)
}

function byPriority({ data: a }: DnsRecord, { data: b }: DnsRecord): number {
  if (a.kind !== 'srv' || b.kind !== 'srv') return 0
  return a.priority - b.priority || b.weight - a.weight
}
