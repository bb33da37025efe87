/**
 * The store behind a location table: contacts by address of record, kept outside the
 * garbage-collected heap. Numbers stand in one typed array, a row per contact; the texts of a
 * contact stand one after the other as bytes in one block of a page.
 *
 *   buckets[hash] -> head contact of an address of record -NEXT_AOR-> head of another one
 *                         `-NEXT_CONTACT-> its second contact ...
 *
 * Record 0 is "none". Nothing here knows SIP, time or messages.
 */
import type { SocketInfo } from '../../sip/transport.ts'
import { assert } from '../../lib/assert.ts'
import { Buckets } from './location-buckets.ts'
import { hashText, keyOf } from './location-hash.ts'
import { Contact, LAST_SECOND } from './location-contact.ts'
import { TextBlocks } from './location-text.ts'

// ---- words of a record
/**
 * Our own hash of the address of record; Kamailio's is too weak to find anything by (u1, u2 ...
 * share a few thousand values).
 */
const KEY = 0
const NEXT_AOR = 1
const NEXT_CONTACT = 2
const BLOCK = 3
/** Index into `sockets` plus one. */
const SOCKET = 4
const EXPIRES = 5
const MODIFIED = 6
/** q plus one: an unset q sorts below 0. */
const Q = 7
const CSEQ = 8
const FLAGS = 9
const BRANCH_FLAGS = 10
const METHODS = 11
const REG_ID = 12
const SERVER_ID = 13
/** Number of the connection plus one. */
const CONNECTION = 14
const KEEPALIVE = 15
const LAST_KEEPALIVE = 16
const ROUND_TRIP = 17
/** Lengths of the texts, in the order in which they stand. */
const AOR = 18
const RUID = 19
const URI = 20
const CALL_ID = 21
const USER_AGENT = 22
const RECEIVED = 23
const PATH = 24
const INSTANCE = 25
/** The chain of records whose unique names fall into one bucket. */
const NEXT_RUID = 26
const RUID_KEY = 27
/** How the record agrees with its row in the database; 0 when there is none. */
const STATE = 28
const WORDS = 29

/** Records stand in pages, so that nothing is ever copied to make room. */
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS

export class LocationStore {
  /** Name given to the contacts that are read. */
  readonly table: string
  /** The newest contact is first; else the highest q is, and among equals the oldest. */
  private readonly newestFirst: boolean
  private readonly byRuid: boolean
  private readonly pages: Uint32Array[] = [new Uint32Array(PAGE * WORDS)]
  private readonly buckets = new Buckets()
  private readonly ruids = new Buckets()
  private readonly text = new TextBlocks()
  private readonly sockets: SocketInfo[] = []
  /** Attributes of a contact (xavp_contact), by record. */
  private readonly extras = new Map<number, object>()
  /** Records ever used: those from 1 to `used` are live or in the free list. */
  private used = 0
  private free = 0
  /** Records in the index by unique name. */
  private indexed = 0
  contactCount = 0
  aorCount = 0

  /** `byRuid`: every contact is to be found by its unique name, not only those with an instance. */
  constructor(table: string, newestFirst: boolean, byRuid = true) {
    this.table = table
    this.byRuid = byRuid
    this.newestFirst = newestFirst
  }

  /** The first contact's record of an address of record; 0 when it has none. */
  head(aor: string): number {
    const key = keyOf(aor)
    let record = this.buckets.get(this.buckets.indexOf(key))
    while (record !== 0) {
      const words = this.page(record)
      const at = offset(record)
      if (words[at + KEY] === key && this.textEquals(words, at, 0, AOR, aor)) return record
      record = words[at + NEXT_AOR]!
    }
    return 0
  }

  /** The record after this one of the same address of record; 0 at the end. */
  next(record: number): number {
    return this.word(record, NEXT_CONTACT)
  }

  private page(record: number): Uint32Array {
    return this.pages[record >>> PAGE_BITS]!
  }

  private word(record: number, field: number): number {
    return this.page(record)[offset(record) + field]!
  }

  private setWord(record: number, field: number, value: number): void {
    this.page(record)[offset(record) + field] = value
  }

  /** Puts a new contact into its place; `contact.record` names it afterwards. */
  insert(aor: string, contact: Contact): void {
    const head = this.head(aor)
    const record = this.take()
    this.setWord(record, KEY, keyOf(aor))
    contact.aor = aor
    contact.table = this.table
    contact.record = record
    this.write(record, contact)
    this.contactCount++
    // Only temporary GRUUs and keepalives ask by the unique name; most contacts need no index.
    if (this.byRuid || contact.instance !== '') this.indexRuid(record, contact.ruid)
    if (head === 0) {
      this.aorCount++
      if (this.aorCount > this.buckets.count) this.growBuckets()
      this.setWord(record, NEXT_CONTACT, 0)
      this.hang(record)
    } else this.place(head, record)
  }

  /** Writes the fields of a contact that was read; false when its record has gone meanwhile. */
  update(contact: Contact): boolean {
    const { record } = contact
    if (!this.isLive(contact)) return false
    const before = this.word(record, Q)
    this.write(record, contact)
    const head = this.head(contact.aor)
    const moves = this.newestFirst
      ? head !== record
      : before !== this.word(record, Q) && this.isOutOfOrder(head, record)
    if (moves) this.place(this.cut(head, record), record)
    return true
  }

  /** Among equals a contact keeps its place: it moves only past those that it differs from. */
  private isOutOfOrder(head: number, record: number): boolean {
    const q = this.word(record, Q)
    const next = this.next(record)
    if (next !== 0 && this.word(next, Q) > q) return true
    if (head === record) return false
    let previous = head
    while (this.next(previous) !== record) previous = this.next(previous)
    return this.word(previous, Q) < q
  }

  /** Removes a contact that was read; false when its record has gone meanwhile. */
  remove(contact: Contact): boolean {
    if (!this.isLive(contact)) return false
    this.drop(contact.record)
    return true
  }

  /** Removes all of them. */
  clear(): void {
    for (let record = 1; record <= this.used; record++) if (this.isUsed(record)) this.drop(record)
  }

  read(record: number): Contact {
    const words = this.page(record)
    const at = offset(record)
    assert(words[at + AOR]! > 0, 'location record is live')
    let length = 0
    for (let i = AOR; i <= INSTANCE; i++) length += words[at + i]!
    const text = this.text.read(words[at + BLOCK]!, length)
    const contact = new Contact()
    let from = words[at + AOR]!
    contact.aor = text.slice(0, from)
    contact.ruid = text.slice(from, (from += words[at + RUID]!))
    contact.uri = text.slice(from, (from += words[at + URI]!))
    contact.callId = text.slice(from, (from += words[at + CALL_ID]!))
    contact.userAgent = text.slice(from, (from += words[at + USER_AGENT]!))
    contact.received = text.slice(from, (from += words[at + RECEIVED]!))
    contact.path = text.slice(from, (from += words[at + PATH]!))
    contact.instance = text.slice(from)
    contact.table = this.table
    contact.expires = words[at + EXPIRES]!
    contact.modified = words[at + MODIFIED]!
    contact.q = words[at + Q]! - 1
    contact.cseq = words[at + CSEQ]!
    contact.flags = words[at + FLAGS]!
    contact.branchFlags = words[at + BRANCH_FLAGS]!
    contact.methods = words[at + METHODS]!
    contact.regId = words[at + REG_ID]!
    contact.serverId = words[at + SERVER_ID]!
    contact.connection = words[at + CONNECTION]! - 1
    contact.keepalive = words[at + KEEPALIVE]!
    contact.lastKeepalive = words[at + LAST_KEEPALIVE]!
    contact.roundTrip = words[at + ROUND_TRIP]!
    const socket = words[at + SOCKET]!
    if (socket !== 0) contact.socket = this.sockets[socket - 1]!
    if (this.extras.size > 0) contact.extra = this.extras.get(record) ?? null
    contact.record = record
    return contact
  }

  /** The moment at which a record runs out, 0 for never or for a record that is not in use. */
  expiryOf(record: number): number {
    return this.isUsed(record) ? this.word(record, EXPIRES) : 0
  }

  /** How it agrees with its row in the database; the numbers are those of who writes it. */
  stateOf(record: number): number {
    return this.word(record, STATE)
  }

  setState(record: number, state: number): void {
    this.setWord(record, STATE, state)
  }

  /** The connection of a record, -1 for none or for a record that is not in use. */
  connectionOf(record: number): number {
    return this.isUsed(record) ? this.word(record, CONNECTION) - 1 : -1
  }

  /** The record with this unique name whose address of record has this (Kamailio's) hash; 0. */
  findByRuid(hash: number, ruid: string): number {
    const key = ruidKey(ruid)
    let record = this.ruids.get(this.ruids.indexOf(key))
    for (; record !== 0; record = this.word(record, NEXT_RUID)) {
      const same = this.word(record, RUID_KEY) === key && this.isNamed(record, ruid)
      if (same && this.hashOf(record) === hash) return record
    }
    return 0
  }

  /** The record with this unique name, when it is in the index by unique name; 0. */
  named(ruid: string): number {
    const key = ruidKey(ruid)
    let record = this.ruids.get(this.ruids.indexOf(key))
    while (record !== 0 && !(this.word(record, RUID_KEY) === key && this.isNamed(record, ruid)))
      record = this.word(record, NEXT_RUID)
    return record
  }

  /** Kamailio's hash, as operators see it. */
  hashOf(record: number): number {
    return hashText(this.aorOf(record))
  }

  /** The contact answered a keepalive after so many microseconds. */
  answered(record: number, now: number, roundTrip: number): void {
    this.setWord(record, LAST_KEEPALIVE, now)
    this.setWord(record, ROUND_TRIP, roundTrip)
  }

  /** Records are numbered from 1 to this; some of them may be unused. */
  get lastRecord(): number {
    return this.used
  }

  isUsed(record: number): boolean {
    return this.word(record, AOR) !== 0
  }

  /** The first records of all addresses of record, with their hashes, in no useful order. */
  heads(): { record: number; hash: number }[] {
    const heads: { record: number; hash: number }[] = []
    for (let i = 0; i < this.buckets.count; i++) {
      let record = this.buckets.get(i)
      for (; record !== 0; record = this.word(record, NEXT_AOR))
        heads.push({ record, hash: this.hashOf(record) })
    }
    return heads
  }

  aorOf(record: number): string {
    return this.text.read(this.word(record, BLOCK), this.word(record, AOR))
  }

  /** Does the record still hold what was read from it? */
  private isLive({ record, ruid }: Contact): boolean {
    return record > 0 && record <= this.used && this.isUsed(record) && this.isNamed(record, ruid)
  }

  private isNamed(record: number, ruid: string): boolean {
    const words = this.page(record)
    const at = offset(record)
    return this.textEquals(words, at, words[at + AOR]!, RUID, ruid)
  }

  private textEquals(
    words: Uint32Array,
    at: number,
    from: number,
    field: number,
    text: string,
  ): boolean {
    return words[at + field] === text.length && this.text.equals(words[at + BLOCK]!, from, text)
  }

  private write(record: number, contact: Contact): void {
    const words = this.page(record)
    const at = offset(record)
    const { aor, ruid, uri, callId, userAgent, received, path, instance } = contact
    const text = aor + ruid + uri + callId + userAgent + received + path + instance
    let length = 0
    for (let i = AOR; i <= INSTANCE; i++) length += words[at + i]!
    words[at + BLOCK] = this.text.write(words[at + BLOCK]!, length, text)
    words[at + AOR] = aor.length
    words[at + RUID] = ruid.length
    words[at + URI] = uri.length
    words[at + CALL_ID] = callId.length
    words[at + USER_AGENT] = userAgent.length
    words[at + RECEIVED] = received.length
    words[at + PATH] = path.length
    words[at + INSTANCE] = instance.length
    words[at + EXPIRES] = Math.min(contact.expires, LAST_SECOND)
    words[at + MODIFIED] = contact.modified
    words[at + Q] = contact.q + 1
    words[at + CSEQ] = contact.cseq
    words[at + FLAGS] = contact.flags
    words[at + BRANCH_FLAGS] = contact.branchFlags
    words[at + METHODS] = contact.methods
    words[at + REG_ID] = contact.regId
    words[at + SERVER_ID] = contact.serverId
    words[at + CONNECTION] = contact.connection + 1
    words[at + KEEPALIVE] = contact.keepalive
    words[at + LAST_KEEPALIVE] = contact.lastKeepalive
    words[at + ROUND_TRIP] = contact.roundTrip
    words[at + SOCKET] = contact.socket === null ? 0 : this.socketIndex(contact.socket) + 1
    if (contact.extra !== null) this.extras.set(contact.record, contact.extra)
    else if (this.extras.size > 0) this.extras.delete(contact.record)
  }

  private socketIndex(socket: SocketInfo): number {
    const index = this.sockets.indexOf(socket)
    return index >= 0 ? index : this.sockets.push(socket) - 1
  }

  private take(): number {
    if (this.free !== 0) {
      const record = this.free
      this.free = this.next(record)
      return record
    }
    const record = ++this.used
    if (record >>> PAGE_BITS === this.pages.length) this.pages.push(new Uint32Array(PAGE * WORDS))
    return record
  }

  private drop(record: number): void {
    this.cut(this.head(this.aorOf(record)), record)
    this.unhangRuid(record)
    const words = this.page(record)
    const at = offset(record)
    let length = 0
    for (let i = AOR; i <= INSTANCE; i++) length += words[at + i]!
    this.text.release(words[at + BLOCK]!, length)
    words.fill(0, at, at + WORDS)
    words[at + NEXT_CONTACT] = this.free
    this.free = record
    this.extras.delete(record)
    this.contactCount--
  }

  /** Puts a record into the list that starts at `head`, as the order of contacts wants it. */
  private place(head: number, record: number): void {
    const q = this.word(record, Q)
    let previous = 0
    let next = head
    // Contacts are tried from the highest preference down.
    if (!this.newestFirst) {
      while (next !== 0 && this.word(next, Q) >= q) {
        previous = next
        next = this.next(next)
      }
    }
    this.setWord(record, NEXT_CONTACT, next)
    if (previous === 0) this.replaceHead(head, record)
    else this.setWord(previous, NEXT_CONTACT, record)
  }

  /** Takes a record out of the list that starts at `head`; the head of the rest, 0 when none. */
  private cut(head: number, record: number): number {
    const next = this.next(record)
    if (head === record) {
      this.replaceHead(head, next)
      if (next === 0) this.aorCount--
      return next
    }
    let previous = head
    while (this.next(previous) !== record) previous = this.next(previous)
    this.setWord(previous, NEXT_CONTACT, next)
    return head
  }

  /** Hangs a head into its bucket. */
  private hang(record: number): void {
    const bucket = this.buckets.indexOf(this.word(record, KEY))
    this.setWord(record, NEXT_AOR, this.buckets.get(bucket))
    this.buckets.set(bucket, record)
  }

  /** Another record (or none, 0) becomes the head of an address of record. */
  private replaceHead(old: number, record: number): void {
    const after = this.word(old, NEXT_AOR)
    const heir = record === 0 ? after : record
    if (record !== 0) this.setWord(record, NEXT_AOR, after)
    const bucket = this.buckets.indexOf(this.word(old, KEY))
    let walker = this.buckets.get(bucket)
    if (walker === old) {
      this.buckets.set(bucket, heir)
      return
    }
    while (this.word(walker, NEXT_AOR) !== old) walker = this.word(walker, NEXT_AOR)
    this.setWord(walker, NEXT_AOR, heir)
  }

  private indexRuid(record: number, ruid: string): void {
    if (++this.indexed > this.ruids.count) this.growRuids()
    this.setWord(record, RUID_KEY, ruidKey(ruid))
    this.hangRuid(record)
  }

  private hangRuid(record: number): void {
    const bucket = this.ruids.indexOf(this.word(record, RUID_KEY))
    this.setWord(record, NEXT_RUID, this.ruids.get(bucket))
    this.ruids.set(bucket, record)
  }

  private unhangRuid(record: number): void {
    if (this.word(record, RUID_KEY) === 0) return
    this.indexed--
    const bucket = this.ruids.indexOf(this.word(record, RUID_KEY))
    const after = this.word(record, NEXT_RUID)
    let walker = this.ruids.get(bucket)
    if (walker === record) {
      this.ruids.set(bucket, after)
      return
    }
    while (this.word(walker, NEXT_RUID) !== record) walker = this.word(walker, NEXT_RUID)
    this.setWord(walker, NEXT_RUID, after)
  }

  private growRuids(): void {
    for (let record = this.ruids.grow(), next = 0; record !== 0; record = next) {
      next = this.word(record, NEXT_RUID)
      this.hangRuid(record)
    }
  }

  private growBuckets(): void {
    for (let record = this.buckets.grow(), next = 0; record !== 0; record = next) {
      next = this.word(record, NEXT_AOR)
      this.hang(record)
    }
  }
}

/** Never 0: that is a record which is not in the index. */
const ruidKey = (ruid: string): number => (keyOf(ruid) | 1) >>> 0

/** Where a record stands in its page. */
const offset = (record: number): number => (record & (PAGE - 1)) * WORDS
