/**
 * Where transactions are found: buckets by Call-ID and CSeq number, so that an INVITE, its CANCEL
 * and its ACKs lie together. Chains are intrusive lists: entering and leaving allocates nothing and
 * never rebuilds the table.
 */
import type { Random } from '../../lib/random.ts'
import { MAGIC_COOKIE } from '../../sip/header/via.ts'
import { H_CALL_ID } from '../../sip/header-names.ts'
import { INVITE, OTHER } from '../../sip/method.ts'
import { BODY, BODY_END, type SipMessage } from '../../sip/message.ts'
import { hashText } from '../../sip/reply-tag.ts'
import { branchPrefix } from './branch-id.ts'
import { ENDED, type Transaction } from './transaction.ts'

const BUCKETS = 1 << 16
const MASK = BUCKETS - 1

/** Which of the pre-RFC 3261 fields are compared (parameters ruri_matching, via1_matching). */
export interface MatchingOptions {
  readonly ruri_matching: number
  readonly via1_matching: number
  readonly callid_cseq_matching: number
}

/** What tells one request from another, as numbers; read into one object that is used again. */
export class RequestKey {
  call = 0
  via1 = 0
  via2 = 0
  private last: SipMessage | null = null
  private readonly seed1: number
  private readonly seed2: number
  private readonly options: MatchingOptions

  constructor(random: Random, options: MatchingOptions) {
    // Seeds that nobody outside knows keep chains short whatever Call-IDs arrive.
    this.seed1 = random.uint32() | 0
    this.seed2 = random.uint32() | 1
    this.options = options
  }

  /** Reads the key of a request; several steps of one script ask for it. */
  read(msg: SipMessage): void {
    if (this.last === msg) return
    this.last = msg
    this.call = this.callHash(msg)
    const via = msg.via
    if (this.options.callid_cseq_matching !== 0 || via === null) {
      this.via1 = this.call
      this.via2 = 0
      return
    }
    // RFC 3261 section 17.2.3: the branch parameter and the sent-by of the top Via identify the
    // transaction.
    if (via.branch.startsWith(MAGIC_COOKIE)) {
      this.add(via.branch, this.seed1 ^ via.port, this.seed2)
      this.add(via.host, this.via1, this.via2)
    } else this.readOld(msg)
  }

  /**
   * Request URI, From tag, Call-ID, CSeq and top Via, as long as there is no magic cookie (the same
   * section).
   */
  private readOld(msg: SipMessage): void {
    const via = msg.via!
    this.add(msg.from?.tag ?? '', this.seed1 ^ this.call, this.seed2)
    if (this.options.ruri_matching !== 0) this.add(msg.originalUri, this.via1, this.via2)
    if (this.options.via1_matching !== 0)
      this.add(msg.raw.slice(via.start, via.end), this.via1, this.via2)
  }

  private add(text: string, from1: number, from2: number): void {
    let hash1 = from1
    let hash2 = from2
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      hash1 = Math.imul(hash1 ^ code, 0x01000193)
      hash2 = (Math.imul(hash2, 31) + code) | 0
    }
    this.via1 = hash1
    this.via2 = hash2
  }

  private callHash(msg: SipMessage): number {
    const raw = msg.raw
    const index = msg.find(H_CALL_ID)
    let hash = this.seed1
    if (index >= 0) {
      const end = msg.headers[index + BODY_END]!
      for (let i = msg.headers[index + BODY]!; i < end; i++)
        hash = Math.imul(hash ^ raw.charCodeAt(i), 0x01000193)
    }
    return hashText(hash, msg.cseq?.text ?? '')
  }

  /** The same from its two texts (t_cancel_callid, RPC). */
  ofCall(callId: string, cseq: string): number {
    return hashText(hashText(this.seed1, callId), cseq)
  }
}

export class TransactionTable {
  private readonly buckets: (Transaction | null)[] = Array(BUCKETS).fill(null)
  private readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  insert(t: Transaction): void {
    const index = (t.callHash ^ (t.callHash >>> 16)) & MASK
    t.hashIndex = index
    // 31 bits: a small integer to the engine, and what $T(id_label) can hold.
    t.label = this.random.uint32() >>> 1
    t.branchPrefix = branchPrefix(index, t.label)
    const first = this.buckets[index]!
    t.next = first
    if (first !== null) first.previous = t
    this.buckets[index] = t
  }

  remove(t: Transaction): void {
    if (t.state === ENDED) return
    if (t.previous !== null) t.previous.next = t.next
    else this.buckets[t.hashIndex] = t.next
    if (t.next !== null) t.next.previous = t.previous
    t.previous = null
    t.next = null
  }

  /** The server transaction with this key and method, or null. */
  find(key: RequestKey, methodBit: number, method: string): Transaction | null {
    for (let t = this.chain(key.call); t !== null; t = t.next) {
      if (t.viaHash1 !== key.via1 || t.viaHash2 !== key.via2 || t.callHash !== key.call) continue
      if (t.methodBit !== methodBit || t.isLocal) continue
      if (methodBit !== OTHER || t.method === method) return t
    }
    return null
  }

  /**
   * An answered INVITE of this call and caller, whatever the Via: what an ACK to a 2xx belongs to.
   */
  findAnswered(call: number, fromHash: number): Transaction | null {
    for (let t = this.chain(call); t !== null; t = t.next) {
      if (t.callHash !== call || t.fromHash !== fromHash || t.methodBit !== INVITE || t.isLocal)
        continue
      if (t.status >= 200 && t.status < 300) return t
    }
    return null
  }

  /** The first transaction of a call that passes the test. */
  findCall(call: number, test: (t: Transaction) => boolean): Transaction | null {
    for (let t = this.chain(call); t !== null; t = t.next)
      if (t.callHash === call && test(t)) return t
    return null
  }

  findLabel(bucket: number, label: number): Transaction | null {
    let t = this.buckets[bucket & MASK]!
    while (t !== null && t.label !== label) t = t.next!
    return t
  }

  private chain(call: number): Transaction | null {
    return this.buckets[(call ^ (call >>> 16)) & MASK]!
  }

  all(): Transaction[] {
    const found: Transaction[] = []
    for (const head of this.buckets) for (let t = head; t !== null; t = t.next) found.push(t)
    return found
  }
}
