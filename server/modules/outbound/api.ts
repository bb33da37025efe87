/** Flows of phones (RFC 5626), as rr and path use them. */
import { api } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Received } from '../../sip/transport.ts'

/** A way between one of our sockets and a peer: what a flow token says. */
export interface Flow {
  readonly proto: number
  readonly ownIp: string
  readonly ownPort: number
  readonly peerIp: string
  readonly peerPort: number
}

/** It has the form of a flow token, but none of us made it. */
export const FORGED: unique symbol = Symbol('forged flow token')

// ---- does a request want flow tokens
export const NO_FLOW = 0
/** The one of the flow by which it came. */
export const OWN_FLOW = 1
/** The one in its topmost Route: it is on its way to the phone. */
export const ROUTE_FLOW = 2

export interface OutboundApi {
  /** One of the FLOW constants. */
  wants(msg: SipMessage): number
  /** The flow token for the Record-Route of this request; '' when it wants none. */
  tokenFor(msg: SipMessage): string
  token(received: Received): string
  /** The flow that a token names; null when it is no flow token. */
  read(token: string): Flow | null | typeof FORGED
}

export const outbound = api<OutboundApi>('outbound')
