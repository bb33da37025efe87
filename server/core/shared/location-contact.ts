/**
 * One registered contact, as a snapshot: changing a field changes nothing until the table is told
 * to update it.
 */
import type { SocketInfo } from '../../sip/transport.ts'

/** `expires` of a contact that never runs out. */
export const PERMANENT = 0
/** The latest time that a contact can run out, seconds since 1970: 2106-02-07. */
export const LAST_SECOND = 0xffffffff
/** `q` when the phone named none. */
export const Q_UNSET = -1
/** `methods` when the phone named none: every method. */
export const ALL_METHODS = 0xffffffff

export class Contact {
  /** Address of record: `bob`, or `bob@example.org` with use_domain. */
  aor = ''
  /** Name of the table it is kept in. */
  table = ''
  /** The registered URI, without angle brackets and header parameters. */
  uri = ''
  /** Where requests for it really go, when that is not what the URI says; ''. */
  received = ''
  /** Route set towards it (RFC 3327), as the value of a Route header; ''. */
  path = ''
  /** Seconds since 1970; PERMANENT. */
  expires = 0
  /** 0..1000, or Q_UNSET. */
  q = Q_UNSET
  callId = ''
  cseq = 0
  flags = 0
  /** Branch flags. */
  branchFlags = 0
  userAgent = ''
  /** The socket that its REGISTER came in on. */
  socket: SocketInfo | null = null
  /** Seconds since 1970. */
  modified = 0
  /** Bits of sip/method.ts; ALL_METHODS. */
  methods = ALL_METHODS
  /** `+sip.instance` without quotes; ''. */
  instance = ''
  regId = 0
  serverId = 0
  /** Number of the stream connection that it registered over; -1. */
  connection = -1
  /** Set when keepalives are sent to it. */
  keepalive = 0
  lastKeepalive = 0
  /** Microseconds that the last keepalive took. */
  roundTrip = 0
  /** Unique name of the record: `uloc-<hex>-<hex>-<hex>`. */
  ruid = ''
  /** Attributes that the script gave it (usrloc's xavp_contact), null when none. */
  extra: object | null = null
  /** Position in the store; only the store uses it. */
  record = -1

  /** Does a request for it have to wait for a new registration? */
  isExpired(now: number): boolean {
    return this.expires !== PERMANENT && this.expires <= now
  }
}
