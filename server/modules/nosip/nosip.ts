/** The instance: takes what came in over the sockets and cannot be read as SIP. */
import type { Core } from '../../core/core.ts'
import { type ModuleEnv, type PvValue, type RouteBlock } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { compileRegex } from '../../core/regex.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './nosip.module.ts'

export const EVENT = 'nosip:msg'

/** What is shorter keeps a NAT open and says nothing. */
const SHORTEST = 32

export class NoSip {
  /** The packet that the event route is about. */
  current: SipMessage | null = null
  private readonly core: Core
  private readonly match: RegExp | null
  private readonly skip: RegExp | null
  private block: RouteBlock | null = null

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.match = pattern(env.config.msg_match)
    this.skip = pattern(env.config.msg_skip)
  }

  start(): void {
    const { kemi, routes, hooks, log } = this.core
    routes.follow(() => {
      this.block = kemi.event(EVENT, '')
      if (this.block === null) log.error('nosip', `failed to find event_route[${EVENT}]`)
    })
    hooks.onNoSip = msg => this.take(msg)
  }

  /** False: it is not for us. */
  private take(msg: SipMessage): boolean {
    const { block } = this
    const { raw } = msg
    if (block === null || raw.length < SHORTEST) return false
    if (this.skip?.test(raw) === true) return false
    if (this.match !== null && !this.match.test(raw)) return false
    this.current = msg
    this.core.routes.runNow(block, msg, EVENT_ROUTE)
    this.current = null
    return true
  }
}

/** $nosip: null outside of the event route. */
export const packet = (self: NoSip, msg: SipMessage): PvValue =>
  self.current === msg ? msg.raw : null

const pattern = (text: string): RegExp | null => (text === '' ? null : compileRegex(text, 0))
