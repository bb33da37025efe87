/**
 * The instance: takes HTTP requests from the SIP connections and runs event_route[xhttp:request]
 * for them.
 */
import type { Core } from '../../core/core.ts'
import { type ModuleEnv, type RouteBlock } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { compileRegex } from '../../core/regex.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './xhttp.module.ts'

export const EVENT = 'xhttp:request'

export class Xhttp {
  readonly core: Core
  private readonly match: RegExp | null
  private readonly skip: RegExp | null
  private readonly callback: string
  private block: RouteBlock | null = null

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.match = pattern(env.config.url_match)
    this.skip = pattern(env.config.url_skip)
    this.callback = env.config.event_callback
  }

  start(): void {
    this.core.routes.follow(() => {
      this.block = this.core.kemi.event(EVENT, this.callback)
      if (this.block === null)
        this.core.log.warn('xhttp', `no event_route[${EVENT}]: HTTP requests are not answered`)
    })
    this.core.hooks.onHttp = msg => this.take(msg)
  }

  /** False: not for us, the request is dropped. */
  private take(msg: SipMessage): boolean {
    if (this.block === null) return false
    const url = msg.originalUri
    if (this.skip?.test(url) === true) return false
    if (this.match !== null && !this.match.test(url)) return false
    void this.core.routes.run(this.block, msg, EVENT_ROUTE)
    return true
  }
}

const pattern = (text: string): RegExp | null => (text === '' ? null : compileRegex(text, 0))
