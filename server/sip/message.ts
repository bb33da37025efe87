/**
 * A SIP message as it came in, read lazily, with what the routing script has decided about it so
 * far.
 *
 * The text is one latin1 string: one character is one byte, both ways. All strings of the SIP world
 * (configuration, variables, headers) are such byte strings; UTF-8 is decoded only where something
 * is shown to a person.
 */
import type { Edit } from './edit.ts'
import { readFirstLine, REPLY, REQUEST } from './first-line.ts'
import {
  H_CALL_ID,
  H_CONTACT,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_EXPIRES,
  H_FROM,
  H_MAX_FORWARDS,
  H_TO,
  H_VIA,
  headerId,
  headerIdAt,
  sameName,
} from './header-names.ts'
import { NameAddress, parseNameAddress } from './header/address.ts'
import type { Credentials } from './header/credentials.ts'
import { parseCSeq, type CSeq } from './header/cseq.ts'
import { parseVia, type Via } from './header/via.ts'
import { methodBit } from './method.ts'
import type { Received, SocketInfo } from './transport.ts'
import { parseUri, type SipUri } from './uri.ts'

export { REPLY, REQUEST }

/**
 * Integers per header in `headers`: number, start of the name, start and end of the body, start of
 * the next header.
 */
export const STRIDE = 5
export const ID = 0
export const START = 1
export const BODY = 2
export const BODY_END = 3
export const NEXT = 4

/** One more destination of a request, beside its request URI (Kamailio's destination set). */
export interface Branch {
  uri: string
  dstUri: string
  path: string
  /** 0..1000 as Kamailio keeps it, -1 when unset. */
  q: number
  flags: number
  socket: SocketInfo | null
  instance: string
  regId: number
  ruid: string
  userAgent: string
  /** Connection of an outbound (RFC 5626) flow, 0 for none. */
  connection: number
}

export class SipMessage {
  // ---- what was received
  raw: string
  readonly received: Received
  readonly type: number
  /** Method of the request line; of a reply, of its CSeq. */
  readonly method: string
  readonly methodBit: number
  /** Request URI as received; '' in a reply. */
  readonly originalUri: string
  readonly version: string
  readonly status: number
  readonly reason: string
  /** Offset of the first header. */
  readonly headersStart: number
  /** Offset of the empty line that ends the headers. */
  readonly headersEnd: number
  readonly bodyStart: number
  /** STRIDE integers a header, in order. */
  readonly headers: number[]
  /** Why the message is no SIP message, null when it is one. */
  readonly bad: string | null
  /** Number of the message in this process ($mi). */
  readonly id: number

  // ---- parsed when asked
  private viaMemo: Via | null | undefined
  private fromMemo: NameAddress | null | undefined
  private toMemo: NameAddress | null | undefined
  private cseqMemo: CSeq | null | undefined
  private uriMemo: SipUri | null | undefined

  // ---- what the script decided
  /** The request URI it goes on with, null while unchanged. */
  newUri: string | null
  /**
   * It was made a branch already (t_relay): only a change makes it a destination again, as in a
   * failure route.
   */
  uriConsumed: boolean
  /** Next hop other than the request URI ($du). */
  dstUri: string
  /** Transaction flags (setflag). */
  flags: number
  /** Branch flags of the request URI's branch (setbflag). */
  branchFlags: number
  /** Kamailio's internal msg_flags: the MSG_ constants below. */
  messageFlags: number
  /** Path set (Route headers to put) of the request URI's branch. */
  path: string
  q: number
  instance: string
  regId: number
  ruid: string
  userAgent: string
  flowConnection: number
  forceSocket: SocketInfo | null
  branches: Branch[] | null
  edits: Edit[] | null
  /** Headers and body for replies that this node makes (append_to_reply). */
  replyLumps: string[] | null
  replyBody: { contentType: string; body: string } | null
  advertisedAddress: string
  advertisedPort: string

  // ---- state of the script run; owned by server/script and server/core
  /** $rc. */
  rc: number
  scriptState: number
  /** Which kind of route runs: a ROUTE_ constant of core/route-bits.ts. */
  routeType: number
  /** Attribute-value pairs, made by core/avp.ts when first asked for. */
  avps: object | null
  /** The transaction it belongs to (tm), null when there is none or nobody looked. */
  transaction: object | null
  /** The credentials of Authorization and Proxy-Authorization that auth has looked at. */
  authorization: Credentials | null
  proxyAuthorization: Credentials | null
  /** Index of the branch that a branch, reply or failure route is about; -1 outside. */
  branchIndex: number

  constructor(raw: string, received: Received, id: number) {
    this.raw = raw
    this.received = received
    const line = readFirstLine(raw)
    this.type = line.type
    this.originalUri = line.uri
    this.version = line.version
    this.status = line.status
    this.reason = line.reason
    this.headersStart = line.end
    this.headersEnd = line.bad === null ? readHeaders(raw, line.end) : line.end
    this.headers = line.bad === null ? found.slice(0, count) : []
    const malformed = this.headersEnd < 0
    if (malformed) this.headersEnd = line.end
    this.bodyStart = skipEmptyLine(raw, this.headersEnd)
    this.bad = line.bad ?? (malformed ? 'malformed header line' : null)
    this.id = id
    this.viaMemo = undefined
    this.fromMemo = undefined
    this.toMemo = undefined
    this.cseqMemo = undefined
    this.uriMemo = undefined
    this.method = line.type === REPLY && this.bad === null ? (this.cseq?.method ?? '') : line.method
    this.methodBit = methodBit(this.method)
    this.newUri = null
    this.uriConsumed = false
    this.dstUri = ''
    this.flags = 0
    this.branchFlags = 0
    this.messageFlags = 0
    this.path = ''
    this.q = -1
    this.instance = ''
    this.regId = 0
    this.ruid = ''
    this.userAgent = ''
    this.flowConnection = 0
    this.forceSocket = null
    this.branches = null
    this.edits = null
    this.replyLumps = null
    this.replyBody = null
    this.advertisedAddress = ''
    this.advertisedPort = ''
    this.rc = 0
    this.scriptState = 0
    this.routeType = 0
    this.avps = null
    this.transaction = null
    this.authorization = null
    this.proxyAuthorization = null
    this.branchIndex = -1
  }

  get isRequest(): boolean {
    return this.type === REQUEST
  }

  /** The request URI in force. */
  get uri(): string {
    return this.newUri ?? this.originalUri
  }

  /** The request URI in parts, null when it does not parse. */
  get sipUri(): SipUri | null {
    if (this.uriMemo === undefined) this.uriMemo = parseUri(this.uri)
    return this.uriMemo
  }

  /** Rewrites the request URI; null goes back to the received one. */
  setUri(uri: string | null): void {
    this.newUri = uri
    this.uriConsumed = false
    this.uriMemo = undefined
  }

  /** Sets the next hop: the request URI may be used once more, on the way there. */
  setDstUri(uri: string): void {
    this.dstUri = uri
    this.uriConsumed = false
  }

  /** Index into `headers` of the first header with this number at or after `from`, or -1. */
  find(id: number, from = 0): number {
    const headers = this.headers
    for (let i = from; i < headers.length; i += STRIDE) if (headers[i] === id) return i
    return -1
  }

  /** The same by name, for headers with and without a number. */
  findNamed(name: string, from = 0): number {
    const id = headerId(name)
    if (id !== 0) return this.find(id, from)
    const lower = name.toLowerCase()
    const headers = this.headers
    for (let i = from; i < headers.length; i += STRIDE) {
      if (headers[i] !== 0) continue
      const start = headers[i + START]!
      if (sameName(this.raw, start, this.nameEnd(i), lower)) return i
    }
    return -1
  }

  /**
   * The body of the header at `index` of `headers`, without the line end; folded lines are left
   * folded.
   */
  bodyAt(index: number): string {
    return this.raw.slice(this.headers[index + BODY], this.headers[index + BODY_END])
  }

  /** The header's name as written. */
  nameAt(index: number): string {
    return this.raw.slice(this.headers[index + START], this.nameEnd(index))
  }

  private nameEnd(index: number): number {
    let end = this.headers[index + START]!
    for (let code = this.raw.charCodeAt(end); code !== 0x3a && code > 0x20; )
      code = this.raw.charCodeAt(++end)
    return end
  }

  /** The body of the first header with this number, null when there is none. */
  header(id: number): string | null {
    const index = this.find(id)
    return index < 0 ? null : this.bodyAt(index)
  }

  /** The topmost Via, null when absent or malformed. */
  get via(): Via | null {
    if (this.viaMemo === undefined) {
      const index = this.find(H_VIA)
      this.viaMemo =
        index < 0
          ? null
          : parseVia(this.raw, this.headers[index + BODY]!, this.headers[index + BODY_END]!)
    }
    return this.viaMemo
  }

  /** The Via below the topmost one, in the same header or the next; null when there is none. */
  get via2(): Via | null {
    const first = this.via
    if (first === null) return null
    const index = this.find(H_VIA)
    let comma = first.end
    const end = this.headers[index + BODY_END]!
    while (comma < end && this.raw.charCodeAt(comma) !== 0x2c) comma++
    if (comma < end) return parseVia(this.raw, comma + 1, end)
    const next = this.find(H_VIA, index + STRIDE)
    return next < 0
      ? null
      : parseVia(this.raw, this.headers[next + BODY]!, this.headers[next + BODY_END]!)
  }

  get from(): NameAddress | null {
    if (this.fromMemo === undefined) this.fromMemo = this.addressOf(H_FROM)
    return this.fromMemo
  }

  get to(): NameAddress | null {
    if (this.toMemo === undefined) this.toMemo = this.addressOf(H_TO)
    return this.toMemo
  }

  private addressOf(id: number): NameAddress | null {
    const index = this.find(id)
    return index < 0 ? null : parseNameAddress(this.bodyAt(index))
  }

  get cseq(): CSeq | null {
    if (this.cseqMemo === undefined) {
      const index = this.find(H_CSEQ)
      this.cseqMemo = index < 0 ? null : parseCSeq(this.bodyAt(index))
    }
    return this.cseqMemo
  }

  get callId(): string {
    return this.header(H_CALL_ID) ?? ''
  }

  /** Content-Length, -1 when absent, -2 when it is no number. */
  get contentLength(): number {
    return this.numberOf(H_CONTENT_LENGTH)
  }

  get maxForwards(): number {
    return this.numberOf(H_MAX_FORWARDS)
  }

  get expires(): number {
    return this.numberOf(H_EXPIRES)
  }

  private numberOf(id: number): number {
    const index = this.find(id)
    if (index < 0) return -1
    const end = this.headers[index + BODY_END]!
    let value = 0
    let i = this.headers[index + BODY]!
    if (i === end) return -2
    for (; i < end; i++) {
      const digit = this.raw.charCodeAt(i) - 0x30
      if (digit < 0 || digit > 9) return -2
      value = value * 10 + digit
    }
    return value
  }

  /** The message body: what Content-Length says, or all there is. */
  get body(): string {
    const length = this.contentLength
    return length < 0
      ? this.raw.slice(this.bodyStart)
      : this.raw.slice(this.bodyStart, this.bodyStart + length)
  }

  get hasContact(): boolean {
    return this.find(H_CONTACT) >= 0
  }

  /** Lets go of what can be parsed again: the message will hardly be asked for it any more. */
  releaseParsed(): void {
    this.viaMemo = undefined
    this.fromMemo = undefined
    this.toMemo = undefined
    this.cseqMemo = undefined
    this.uriMemo = undefined
  }

  /** Forgets what was parsed, after the text was replaced (rebuild.ts). */
  forgetParsed(): void {
    this.releaseParsed()
    this.authorization = null
    this.proxyAuthorization = null
  }

  addEdit(edit: Edit): void {
    if (this.edits === null) this.edits = [edit]
    else this.edits.push(edit)
  }
}

/** Bits of SipMessage.messageFlags. */
export const MSG_FORCE_RPORT = 1
export const MSG_ADD_LOCAL_RPORT = 2
export const MSG_NO_REPLY_CONNECT = 4
export const MSG_NO_FORWARD_CONNECT = 8
export const MSG_CLOSE_AFTER_REPLY = 16
export const MSG_CLOSE_AFTER_FORWARD = 32
/** uac put another From or To in: replies get the one of the request. */
export const MSG_FROM_REPLACED = 64
export const MSG_TO_REPLACED = 128
/** udp_mtu_try_proto: what to try for a request that is too large for UDP. */
export const MSG_TRY_TCP = 256
export const MSG_TRY_TLS = 512
export const MSG_TRY_SCTP = 1024
export const MSG_TRY = MSG_TRY_TCP | MSG_TRY_TLS | MSG_TRY_SCTP

/**
 * The headers of the message that is being read, `count` integers. One array for all: each message
 * gets a copy that is as long as it must be.
 */
const found: number[] = []
let count = 0

/**
 * Finds the header boundaries; returns the offset of the empty line, or -1 at a line that is no
 * header.
 */
function readHeaders(raw: string, from: number): number {
  count = 0
  let at = from
  const length = raw.length
  while (at < length) {
    const first = raw.charCodeAt(at)
    if (first === 0x0d && raw.charCodeAt(at + 1) === 0x0a) return at
    if (first === 0x0a) return at
    const colon = raw.indexOf(':', at)
    if (colon < 0) return -1
    let nameEnd = colon
    while (
      nameEnd > at &&
      (raw.charCodeAt(nameEnd - 1) === 0x20 || raw.charCodeAt(nameEnd - 1) === 0x09)
    )
      nameEnd--
    if (nameEnd === at) return -1
    let newline = raw.indexOf('\n', at)
    if (newline < 0) newline = length
    if (newline < colon) return -1
    // A line that starts with blank space continues the header (RFC 3261 section 7.3.1).
    for (
      let next = raw.charCodeAt(newline + 1);
      next === 0x20 || next === 0x09;
      next = raw.charCodeAt(newline + 1)
    ) {
      newline = raw.indexOf('\n', newline + 1)
      if (newline < 0) newline = length
    }
    const next = Math.min(newline + 1, length)
    let body = colon + 1
    let end = newline
    while (end > body && raw.charCodeAt(end - 1) <= 0x20) end--
    while (body < end && raw.charCodeAt(body) <= 0x20) body++
    found[count] = headerIdAt(raw, at, nameEnd)
    found[count + START] = at
    found[count + BODY] = body
    found[count + BODY_END] = end
    found[count + NEXT] = next
    count += STRIDE
    at = next
  }
  return length
}

function skipEmptyLine(raw: string, at: number): number {
  if (raw.charCodeAt(at) === 0x0d) return at + 2
  return raw.charCodeAt(at) === 0x0a ? at + 1 : at
}
