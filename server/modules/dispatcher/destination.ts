/** One destination of a set: what its row says, and what was found out about it since. */
import type { SocketInfo } from '../../sip/transport.ts'
import type { SipUri } from '../../sip/uri.ts'
import { LatencyStats } from './latency.ts'

/** A line of the list or a row of the table. */
export interface Row {
  readonly set: number
  readonly uri: string
  readonly flags: number
  readonly priority: number
  /** `duid=a;weight=50`, '' without any. */
  readonly attributes: string
}

export interface Attributes {
  /** As they were written. */
  readonly body: string
  readonly duid: string | null
  readonly maxload: number
  readonly weight: number
  readonly rweight: number
  readonly socket: string | null
  readonly sockname: string | null
  readonly pingFrom: string
  readonly obproxy: string | null
  /** Its weight goes down as its latency goes up. */
  readonly congestionControl: boolean
  /** What is known of its latency beforehand, -1 for nothing. */
  readonly latency: number
}

export class Destination {
  readonly row: Row
  readonly uri: string
  readonly parsed: SipUri
  /** Of its URI, or as SRV records say. */
  port: number
  proto: number
  readonly priority: number
  readonly attributes: Attributes
  readonly socket: SocketInfo | null
  flags: number
  /** The address of its host, null when it is not known. */
  address: string | null = null
  /** Milliseconds since 1970 of the last answer of DNS, 0 before the first. */
  resolvedAt = 0
  /** Relative weight in force. */
  rweight: number
  /** Pings in a row that failed, or of one that is down that were answered. */
  count = 0
  /** Calls that it has (algorithm 10). */
  load = 0
  latency = new LatencyStats()

  constructor(
    row: Row,
    uri: string,
    parsed: SipUri,
    attributes: Attributes,
    socket: SocketInfo | null,
  ) {
    this.row = row
    this.uri = uri
    this.parsed = parsed
    this.port = parsed.portNumber
    this.proto = parsed.transport
    this.priority = row.priority
    this.attributes = attributes
    this.socket = socket
    this.flags = row.flags
    this.rweight = attributes.rweight
    if (attributes.latency >= 0) this.latency.init(attributes.latency, 10_000)
  }

  /** Goes on where the destination left off that was here before; its row comes first. */
  inherit(before: Destination): void {
    if (before.row.flags === this.row.flags) {
      this.flags = before.flags
      this.count = before.count
    }
    this.load = before.load
    this.latency = before.latency
    if (this.address === null && before.parsed.host === this.parsed.host)
      this.address = before.address
  }
}
