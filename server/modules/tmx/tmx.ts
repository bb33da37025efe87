/** The instance of tmx: it stands on tm and keeps only the requests that are under way. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import { SipMessage } from '../../sip/message.ts'
import type { TmApi, TmCounters } from '../tm/api.ts'
import type { needs, params, stats } from './tmx.module.ts'

export class Tmx {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly tm: TmApi
  readonly counters: TmCounters
  /**
   * Requests whose script asked t_precheck_trans and has not ended: more than one only while a
   * script waits.
   */
  readonly underWay: SipMessage[] = []
  private readonly untouched = new WeakMap<SipMessage, SipMessage>()

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    this.core = env.core
    this.config = env.config
    this.tm = env.apis.tm
    this.counters = env.apis.tm.counters
  }

  start(): void {
    if (this.config.precheck_trans === 0) return
    this.core.hooks.addPostRequest(msg => {
      const { underWay } = this
      const at = underWay.length === 0 ? -1 : underWay.indexOf(msg)
      if (at >= 0) {
        underWay[at] = underWay[underWay.length - 1]!
        underWay.pop()
      }
      return true
    })
  }

  /** The request as it came, whatever the script made of it. */
  received(request: SipMessage): SipMessage {
    let copy = this.untouched.get(request)
    if (copy === undefined) {
      copy = new SipMessage(request.raw, request.received, request.id)
      this.untouched.set(request, copy)
    }
    return copy
  }

  completed(group: number): number {
    return this.counters.completed[group] ?? 0
  }

  relayed(): number {
    return Math.max(0, this.counters.replySent - this.counters.replyGenerated)
  }

  absorbed(): number {
    return Math.max(0, this.counters.replyReceived - this.relayed())
  }
}
