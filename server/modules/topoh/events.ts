/** The event routes of topoh, before a message is masked. */
import { eventMessage } from '../../core/event-message.ts'
import { EVENT_ROUTE, type RouteBlock } from '../../core/module.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Destination, SocketInfo } from '../../sip/transport.ts'
import type { Topoh } from './topoh.ts'

// ---- bits of event_mode
export const MSG_OUTGOING = 1
export const MSG_SENDING = 2

export const EVENTS = ['topoh:msg-outgoing', 'topoh:msg-sending'] as const

/** The blocks in force, null where nobody wrote one. */
export class EventRoutes {
  outgoing: RouteBlock | null = null
  sending: RouteBlock | null = null
  private readonly topoh: Topoh

  constructor(topoh: Topoh) {
    this.topoh = topoh
    topoh.core.routes.follow(() => this.look())
  }

  private look(): void {
    const { core, config } = this.topoh
    const find = (bit: number, name: string): RouteBlock | null =>
      (config.event_mode & bit) === 0 ? null : core.kemi.event(name, config.event_callback)
    this.outgoing = find(MSG_OUTGOING, EVENTS[0])
    this.sending = find(MSG_SENDING, EVENTS[1])
  }

  /** Did the route for any packet say to leave this one alone? */
  dropsPacket(text: string, to: Destination, socket: SocketInfo): boolean {
    return this.outgoing !== null && this.drops(this.outgoing, eventMessage(socket), text, to)
  }

  dropsMessage(msg: SipMessage, to: Destination): boolean {
    return this.sending !== null && this.drops(this.sending, msg, msg.raw, to)
  }

  private drops(block: RouteBlock, msg: SipMessage, text: string, to: Destination): boolean {
    const { routes } = this.topoh.core
    const before = routes.sending
    const { ended } = routes
    routes.sending = { text, to }
    routes.runNow(block, msg, EVENT_ROUTE)
    routes.sending = before
    const dropped = routes.ended === SCRIPT_DROP
    // What sends may be a route itself, and asks how it ended.
    routes.ended = ended
    return dropped
  }
}
