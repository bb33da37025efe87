/**
 * The one table of header names: numbers for the code, full and compact names for the wire (RFC
 * 3261 section 7.3.3).
 */
export const H_OTHER = 0
export const H_VIA = 1
export const H_FROM = 2
export const H_TO = 3
export const H_CALL_ID = 4
export const H_CSEQ = 5
export const H_CONTACT = 6
export const H_MAX_FORWARDS = 7
export const H_ROUTE = 8
export const H_RECORD_ROUTE = 9
export const H_CONTENT_TYPE = 10
export const H_CONTENT_LENGTH = 11
export const H_EXPIRES = 12
export const H_AUTHORIZATION = 13
export const H_PROXY_AUTHORIZATION = 14
export const H_SUPPORTED = 15
export const H_REQUIRE = 16
export const H_PROXY_REQUIRE = 17
export const H_UNSUPPORTED = 18
export const H_ALLOW = 19
export const H_EVENT = 20
export const H_ACCEPT = 21
export const H_ACCEPT_LANGUAGE = 22
export const H_ORGANIZATION = 23
export const H_PRIORITY = 24
export const H_SUBJECT = 25
export const H_USER_AGENT = 26
export const H_SERVER = 27
export const H_CONTENT_DISPOSITION = 28
export const H_DIVERSION = 29
export const H_RPID = 30
export const H_REFER_TO = 31
export const H_SESSION_EXPIRES = 32
export const H_MIN_SE = 33
export const H_SIP_IF_MATCH = 34
export const H_SUBSCRIPTION_STATE = 35
export const H_DATE = 36
export const H_IDENTITY = 37
export const H_IDENTITY_INFO = 38
export const H_RETRY_AFTER = 39
export const H_PPI = 40
export const H_PAI = 41
export const H_PATH = 42
export const H_PRIVACY = 43
export const H_REASON = 44
export const H_MIN_EXPIRES = 45
export const H_WWW_AUTHENTICATE = 46
export const H_PROXY_AUTHENTICATE = 47

/** Number, full name, compact form or ''. */
const TABLE: readonly (readonly [number, string, string])[] = [
  [H_VIA, 'Via', 'v'],
  [H_FROM, 'From', 'f'],
  [H_TO, 'To', 't'],
  [H_CALL_ID, 'Call-ID', 'i'],
  [H_CSEQ, 'CSeq', ''],
  [H_CONTACT, 'Contact', 'm'],
  [H_MAX_FORWARDS, 'Max-Forwards', ''],
  [H_ROUTE, 'Route', ''],
  [H_RECORD_ROUTE, 'Record-Route', ''],
  [H_CONTENT_TYPE, 'Content-Type', 'c'],
  [H_CONTENT_LENGTH, 'Content-Length', 'l'],
  [H_EXPIRES, 'Expires', ''],
  [H_AUTHORIZATION, 'Authorization', ''],
  [H_PROXY_AUTHORIZATION, 'Proxy-Authorization', ''],
  [H_SUPPORTED, 'Supported', 'k'],
  [H_REQUIRE, 'Require', ''],
  [H_PROXY_REQUIRE, 'Proxy-Require', ''],
  [H_UNSUPPORTED, 'Unsupported', ''],
  [H_ALLOW, 'Allow', ''],
  [H_EVENT, 'Event', 'o'],
  [H_ACCEPT, 'Accept', ''],
  [H_ACCEPT_LANGUAGE, 'Accept-Language', ''],
  [H_ORGANIZATION, 'Organization', ''],
  [H_PRIORITY, 'Priority', ''],
  [H_SUBJECT, 'Subject', 's'],
  [H_USER_AGENT, 'User-Agent', ''],
  [H_SERVER, 'Server', ''],
  [H_CONTENT_DISPOSITION, 'Content-Disposition', ''],
  [H_DIVERSION, 'Diversion', ''],
  [H_RPID, 'Remote-Party-ID', ''],
  [H_REFER_TO, 'Refer-To', 'r'],
  [H_SESSION_EXPIRES, 'Session-Expires', 'x'],
  [H_MIN_SE, 'Min-SE', ''],
  [H_SIP_IF_MATCH, 'SIP-If-Match', ''],
  [H_SUBSCRIPTION_STATE, 'Subscription-State', ''],
  [H_DATE, 'Date', ''],
  [H_IDENTITY, 'Identity', 'y'],
  [H_IDENTITY_INFO, 'Identity-Info', 'n'],
  [H_RETRY_AFTER, 'Retry-After', ''],
  [H_PPI, 'P-Preferred-Identity', ''],
  [H_PAI, 'P-Asserted-Identity', ''],
  [H_PATH, 'Path', ''],
  [H_PRIVACY, 'Privacy', ''],
  [H_REASON, 'Reason', ''],
  [H_MIN_EXPIRES, 'Min-Expires', ''],
  [H_WWW_AUTHENTICATE, 'WWW-Authenticate', ''],
  [H_PROXY_AUTHENTICATE, 'Proxy-Authenticate', ''],
]

// Names are found by a hash of their lower-case bytes computed while the colon is looked for: no
// string is made per header.
const BUCKETS = 1024
const byHash: (string | null)[] = Array(BUCKETS).fill(null)
const idByHash: number[] = Array(BUCKETS).fill(0)

const step = (hash: number, code: number): number =>
  (Math.imul(hash, 33) + (code | 0x20)) & 0x7fffffff
const slot = (hash: number): number => (hash ^ (hash >>> 10)) & (BUCKETS - 1)

function hashOf(name: string): number {
  let hash = 5381
  for (let i = 0; i < name.length; i++) hash = step(hash, name.charCodeAt(i))
  return hash
}

function enter(name: string, id: number): void {
  let index = slot(hashOf(name))
  while (byHash[index] !== null) index = (index + 1) & (BUCKETS - 1)
  byHash[index] = name.toLowerCase()
  idByHash[index] = id
}

for (const [id, full, compact] of TABLE) {
  enter(full, id)
  if (compact !== '') enter(compact, id)
}

/**
 * The number of the header whose name stands in `text` from `start` to `end`; H_OTHER when it has
 * none.
 */
export function headerIdAt(text: string, start: number, end: number): number {
  let hash = 5381
  for (let i = start; i < end; i++) hash = step(hash, text.charCodeAt(i))
  for (let index = slot(hash); ; index = (index + 1) & (BUCKETS - 1)) {
    const known = byHash[index]!
    if (known === null) return H_OTHER
    if (sameName(text, start, end, known)) return idByHash[index]!
  }
}

export const headerId = (name: string): number => headerIdAt(name, 0, name.length)

/**
 * Header names compare without regard to case (RFC 3261 section 7.3.1); `lower` is in lower case
 * already.
 */
export function sameName(text: string, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false
  for (let i = 0; i < lower.length; i++) {
    const code = text.charCodeAt(start + i)
    const folded = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
    if (folded !== lower.charCodeAt(i)) return false
  }
  return true
}

const FULL = new Map(TABLE.map(([id, full]) => [id, full]))

/** The full name of a header of this number; of others the name as it is written. */
export const fullName = (id: number, written: string): string => FULL.get(id) ?? written
