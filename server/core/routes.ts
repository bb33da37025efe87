/** The compiled routing script, as the core and the modules run it. */
import type { SipMessage } from '../sip/message.ts'
import type { RouteBlock, RouteKind } from './module.ts'

/** Values of SipMessage.scriptState, and of Routes.ended. */
export const SCRIPT_RUNNING = 0
export const SCRIPT_EXIT = 1
export const SCRIPT_DROP = 2

export class Routes {
  /** The main request route; null in a config without one. */
  request: RouteBlock | null = null
  /** reply_route / onreply_route without a name. */
  reply: RouteBlock | null = null
  onsend: RouteBlock | null = null
  private readonly blocks = new Map<string, RouteBlock>()

  add(block: RouteBlock): void {
    this.blocks.set(`${block.kind} ${block.name}`, block)
  }

  find(kind: RouteKind, name: string): RouteBlock | null {
    return this.blocks.get(`${kind} ${name}`) ?? null
  }

  all(): RouteBlock[] {
    return [...this.blocks.values()]
  }

  /** The message whose route is running, for log_prefix; null between messages. */
  current: SipMessage | null = null

  /**
   * How the last run ended: SCRIPT_RUNNING (it fell off its end or returned), SCRIPT_EXIT or
   * SCRIPT_DROP.
   */
  ended = SCRIPT_RUNNING

  /**
   * Runs a block for a message as a route of this type and returns the script's return code;
   * `ended` tells how it ended. Nested runs (a branch route inside t_relay) restore what they
   * found.
   */
  run(block: RouteBlock, msg: SipMessage, routeType: number): number {
    const previousMessage = this.current
    const previousType = msg.routeType
    const previousState = msg.scriptState
    this.current = msg
    msg.routeType = routeType
    msg.scriptState = SCRIPT_RUNNING
    const code = block.run(msg)
    this.ended = msg.scriptState
    msg.scriptState = previousState
    msg.routeType = previousType
    this.current = previousMessage
    return code
  }
}
