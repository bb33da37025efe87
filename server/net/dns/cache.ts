/**
 * What is remembered of the name system: one entry for each name and type, with the time of each
 * record, absences too. Bounded by dns_cache_mem; what an operator added as permanent stays.
 */
import type { DnsRecord, RecordData } from './records.ts'

export interface DnsEntry {
  readonly name: string
  readonly type: number
  readonly records: readonly DnsRecord[]
  /** Monotonic milliseconds; Infinity when permanent. */
  readonly expires: number
  readonly permanent: boolean
  /** There is no such record. */
  readonly negative: boolean
  /** Negative because no server answered. */
  readonly failed: boolean
  /** Bytes, as Kamailio counts them. */
  readonly size: number
  lastUsed: number
}

/** The core parameters that the cache obeys; live. */
export interface CacheSettings {
  /** Bytes. */
  readonly dns_cache_mem: number
  readonly dns_cache_del_nonexp: number
  readonly dns_cache_rec_pref: number
}

// ---- dns_cache_rec_pref
const PREFER_OLD = 1
const PREFER_LONGER = 3

export class DnsCache {
  private readonly settings: CacheSettings
  private readonly now: () => number
  private readonly entries = new Map<string, DnsEntry>()
  /** Bytes in use. */
  used = 0

  constructor(settings: CacheSettings, now: () => number) {
    this.settings = settings
    this.now = now
  }

  /** The entry that is still good, or null. */
  get(name: string, type: number): DnsEntry | null {
    const entry = this.entries.get(keyOf(name, type))
    if (entry === undefined) return null
    const now = this.now()
    if (entry.expires <= now) {
      this.remove(entry)
      return null
    }
    entry.lastUsed = now
    return entry
  }

  /** Keeps an answer; which of two wins is dns_cache_rec_pref's to say. */
  put(entry: DnsEntry): void {
    const known = this.peek(entry.name, entry.type)
    if (known !== null) {
      const preference = this.settings.dns_cache_rec_pref
      if (known.permanent || preference === PREFER_OLD) return
      if (preference === PREFER_LONGER && known.expires > entry.expires) return
    }
    this.set(entry)
  }

  /** Keeps an entry whatever was there; false when there is no room. */
  set(entry: DnsEntry): boolean {
    const known = this.peek(entry.name, entry.type)
    if (known !== null) this.remove(known)
    if (this.used + entry.size > this.settings.dns_cache_mem) this.makeRoom(entry.size)
    if (this.used + entry.size > this.settings.dns_cache_mem) return false
    this.entries.set(keyOf(entry.name, entry.type), entry)
    this.used += entry.size
    return true
  }

  /** The entry, without counting as a use and however old. */
  peek(name: string, type: number): DnsEntry | null {
    return this.entries.get(keyOf(name, type)) ?? null
  }

  remove(entry: DnsEntry): void {
    if (this.entries.delete(keyOf(entry.name, entry.type))) this.used -= entry.size
  }

  /** All that are still good, in the order in which they came. */
  all(): DnsEntry[] {
    const now = this.now()
    return [...this.entries.values()].filter(entry => entry.expires > now)
  }

  clear(withPermanent: boolean): void {
    for (const entry of this.entries.values())
      if (withPermanent || !entry.permanent) this.remove(entry)
  }

  /** Drops what is over (each dns_cache_gc_interval). */
  collect(): void {
    const now = this.now()
    for (const entry of this.entries.values()) if (entry.expires <= now) this.remove(entry)
  }

  /**
   * First what is over; then, with dns_cache_del_nonexp, what was not used for longest, a tenth of
   * the memory at once so that a full cache is not sorted for each entry.
   */
  private makeRoom(size: number): void {
    this.collect()
    const limit = this.settings.dns_cache_mem
    if (this.used + size <= limit || this.settings.dns_cache_del_nonexp === 0) return
    const oldest = [...this.entries.values()].filter(entry => !entry.permanent)
    oldest.sort((a, b) => a.lastUsed - b.lastUsed)
    for (const entry of oldest) {
      if (this.used + size <= limit * 0.9) return
      this.remove(entry)
    }
  }
}

const keyOf = (name: string, type: number): string => `${type} ${name}`

/** Kamailio's head of an entry without its name, and of a record without its data. */
const ENTRY_BYTES = 64
const RECORD_BYTES = 24
const rounded = (bytes: number): number => (bytes + 7) & ~7

/**
 * As dns.view and dns.mem_info of Kamailio count. Records that an operator added are not rounded up
 * at the end.
 */
export function entrySize(name: string, data: readonly RecordData[], added: boolean): number {
  let size = ENTRY_BYTES + name.length
  if (data.length > 0) size = rounded(size)
  for (let i = 0; i < data.length; i++) {
    const bytes = RECORD_BYTES + dataBytes(data[i]!)
    size += added && i === data.length - 1 ? bytes : rounded(bytes)
  }
  return size
}

function dataBytes(data: RecordData): number {
  switch (data.kind) {
    case 'address':
      return data.ip.includes(':') ? 16 : 4
    case 'srv':
      return 8 + data.name.length
    case 'naptr':
      return (
        48 + data.flags.length + data.service.length + data.regexp.length + data.replacement.length
      )
    case 'name':
      return 2 + data.name.length
    case 'text':
      return data.texts.reduce((sum, text) => sum + 17 + text.length, 8)
    case 'ebl':
      return 24 + data.separator.length + data.apex.length
  }
}

/** An entry of records; without any it says that there is none. */
export function makeEntry(
  name: string,
  type: number,
  records: readonly DnsRecord[],
  expires: number,
  now: number,
  added = false,
  failed = false,
): DnsEntry {
  return {
    name,
    type,
    records,
    expires,
    permanent: expires === Number.POSITIVE_INFINITY,
    negative: records.length === 0,
    failed,
    size: entrySize(
      name,
      records.map(record => record.data),
      added,
    ),
    lastUsed: now,
  }
}
