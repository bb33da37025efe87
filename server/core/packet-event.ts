/** An event route about a packet on its way in or out; `drop` in it leaves the packet alone. */
import type { SipMessage } from '../sip/message.ts'
import type { Core } from './core.ts'
import { type RouteBlock } from './module/index.ts'
import { EVENT_ROUTE } from './route-bits.ts'
import type { Sending } from './outgoing.ts'
import { SCRIPT_DROP } from './script-state.ts'

export class PacketEvent {
  private readonly core: Core
  /** null where nobody wrote one. */
  private block: RouteBlock | null = null

  /** `callback`: the function of a KEMI script that stands for it; `wanted`: it is to run. */
  constructor(core: Core, name: string, callback: string, wanted: boolean) {
    this.core = core
    if (!wanted) return
    core.routes.follow(() => {
      this.block = core.kemi.event(name, callback)
    })
  }

  get present(): boolean {
    return this.block !== null
  }

  /** Runs it; `sending` says where the packet goes, null for one that came in. */
  drops(msg: SipMessage, sending: Sending | null): boolean {
    if (this.block === null) return false
    const { routes } = this.core
    const { sending: before, ended } = routes
    routes.sending = sending
    routes.runNow(this.block, msg, EVENT_ROUTE)
    routes.sending = before
    const dropped = routes.ended === SCRIPT_DROP
    // What sends may be a route itself, and asks how it ended.
    routes.ended = ended
    return dropped
  }
}
