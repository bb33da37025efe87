/** Record-Route and loose routing, as other modules use them. */
import { api } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

// ---- direction of a request within its dialog (Kamailio's RR_FLOW_*)
/** From the caller to the callee. */
export const DOWNSTREAM = 1
/** From the callee to the caller. */
export const UPSTREAM = 2

/**
 * Told when loose_route() took a route of ours off; `params` are the parameters of that route's
 * URI, with their leading `;`.
 */
export type RouteListener = (msg: SipMessage, params: string) => void

export interface RecordRouting {
  /** append_fromtag is on: is_direction works. */
  readonly appendFromtag: boolean
  /**
   * Adds Record-Route for this request; `params` (with leading `;`) go into its URI. > 0 when done.
   */
  recordRoute(msg: SipMessage, params: string): number
  looseRoute(msg: SipMessage): number
  /** Adds `;name=value` to the Record-Route of this request, made before or after. */
  addParam(msg: SipMessage, params: string): boolean
  /**
   * The value of a parameter of the route that loose_route() took off; '' without value, null when
   * absent.
   */
  routeParam(msg: SipMessage, name: string): string | null
  /** Parameters of the route that loose_route() took off, with their leading `;`; ''. */
  routeParams(msg: SipMessage): string
  isDirection(msg: SipMessage, direction: number): boolean
  /** Lower priorities are told first. */
  onRoute(listener: RouteListener, priority: number): void
}

export const rr = api<RecordRouting>('rr')
