/** The route blocks of the script, and their actions. */
import type { SipMessage } from '../../sip/message.ts'
import type { RouteTable } from '../routes.ts'
import type { Steps } from '../waiting-run.ts'

/** A route block that is called by name: t_on_failure("X"), event routes. */
export interface RouteBlock {
  readonly kind: RouteKind
  readonly name: string
  /**
   * The compiled block: sets msg.scriptState and returns the script's return code, or the steps to
   * it when it has to wait. Routes.run goes through them.
   */
  readonly run: (msg: SipMessage) => number | Steps
  /** It may have to wait. */
  readonly waits?: boolean
  /** The blocks that were compiled with it; a block of a KEMI script has none. */
  readonly home?: RouteTable
}

export type RouteKind = 'request' | 'route' | 'failure' | 'branch' | 'onreply' | 'onsend' | 'event'

/** An action of the script, named and numbered as Kamailio's debugger does. */
export interface ScriptAction {
  /** Name of its route block; DEFAULT_ROUTE. */
  readonly route: string
  readonly file: string
  readonly line: number
  readonly number: number
  readonly name: string
}
