/** The instance of sl: tags, counters, and the ACKs that belong to its replies. */
import { createHash } from 'node:crypto'
import { sl as contract } from '../../../rpc/contract/sl.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import {
  type ApisOf,
  type ConfigOf,
  type CountersOf,
  type ModuleEnv,
  type RouteBlock,
  type Verdict,
} from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { ACK } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { replyTagSuffix } from '../../sip/reply-tag.ts'
import type { SlApi } from './api.ts'
import { errorReply, sendReply, statelessReply } from './reply.ts'
import type { needs, params, stats } from './sl.module.ts'

/** Milliseconds after the last reply during which an ACK may still belong to one. */
const ACK_WINDOW = 2000

/** Statuses that are counted by themselves. */
const SINGLE = [200, 202, 300, 301, 302, 400, 401, 403, 404, 407, 408, 483, 500] as const

export class Sl implements SlApi {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly apis: ApisOf<typeof needs>
  readonly stats: CountersOf<typeof stats>
  localResponseRoute: RouteBlock | null = null
  private filteredAckRoute: RouteBlock | null = null
  private readonly tagPrefix: string
  private readonly byStatus: (Counter | undefined)[] = []
  private readonly byClass: (Counter | undefined)[]
  /** Monotonic time until which ACKs are looked at. */
  private filterUntil = 0

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    this.core = env.core
    this.config = env.config
    this.apis = env.apis
    this.stats = env.stats
    const seed = `sl ${env.core.options.nodeName} ${env.core.startedAt}`
    this.tagPrefix = createHash('md5').update(seed).digest('hex')
    for (const status of SINGLE) this.byStatus[status] = env.stats[`${status}_replies`]
    const s = env.stats
    this.byClass = [
      undefined,
      s['1xx_replies'],
      s['2xx_replies'],
      s['3xx_replies'],
      s['4xx_replies'],
      s['5xx_replies'],
      s['6xx_replies'],
    ]
  }

  start(): void {
    const { core, config } = this
    core.routes.follow(() => {
      const { kemi } = core
      const sent = config.event_callback_lres_sent
      this.localResponseRoute = kemi.event('sl:local-response', sent)
      this.filteredAckRoute = kemi.event('sl:filtered-ack', config.event_callback_fl_ack)
    })
    core.hooks.addPreRequest(msg => msg.methodBit !== ACK || !this.absorbs(msg))
  }

  /**
   * Is this the ACK to a reply of ours? Then it ends here (RFC 3261 section 17.1.1.3: it goes no
   * further than one hop).
   */
  private absorbs(ack: SipMessage): boolean {
    if (this.core.clock.monotonic() > this.filterUntil) return false
    const tag = ack.to?.tag ?? ''
    if (!tag.startsWith(this.tagPrefix) || tag !== this.localTag(ack)) return false
    this.stats.received_ACKs.value++
    if (this.filteredAckRoute !== null)
      void this.core.routes.run(this.filteredAckRoute, ack, EVENT_ROUTE)
    return true
  }

  /** Notes a reply that was sent. */
  count(status: number): void {
    this.filterUntil = this.core.clock.monotonic() + ACK_WINDOW
    this.stats.sent_replies.value++
    const counter = this.byStatus[status] ?? this.byClass[(status / 100) | 0]
    if (counter === undefined) this.stats.xxx_replies.value++
    else counter.value++
  }

  localTag(msg: SipMessage): string {
    return `${this.tagPrefix}.${replyTagSuffix(msg)}`
  }

  /** $ltt(x), $ltt(s), $ltt(t). */
  tagFor(msg: SipMessage, key: string): string | null {
    const to = msg.to?.tag ?? ''
    if (to !== '') return to
    const { tm } = this.apis
    const stateful = tm !== null && (key === 't' || tm.transactionOf(msg) !== null)
    if (key === 't' && tm === null) return null
    return key !== 's' && stateful ? tm.localTag(msg) : this.localTag(msg)
  }

  sendReply(msg: SipMessage, code: number, reason: string): Verdict {
    return sendReply(this, msg, code, reason)
  }

  reply(msg: SipMessage, code: number, reason: string): Verdict {
    return statelessReply(this, msg, code, reason)
  }

  errorReply(msg: SipMessage): Verdict {
    return errorReply(this, msg)
  }
}

/** sl.stats. */
export function statistics(self: Sl): ResultOf<(typeof contract)['sl.stats']> {
  const { stats } = self
  return {
    '200': stats['200_replies'].value,
    '202': stats['202_replies'].value,
    '2xx': stats['2xx_replies'].value,
    '300': stats['300_replies'].value,
    '301': stats['301_replies'].value,
    '302': stats['302_replies'].value,
    '3xx': stats['3xx_replies'].value,
    '400': stats['400_replies'].value,
    '401': stats['401_replies'].value,
    '403': stats['403_replies'].value,
    '404': stats['404_replies'].value,
    '407': stats['407_replies'].value,
    '408': stats['408_replies'].value,
    '483': stats['483_replies'].value,
    '4xx': stats['4xx_replies'].value,
    '500': stats['500_replies'].value,
    '5xx': stats['5xx_replies'].value,
    '6xx': stats['6xx_replies'].value,
    xxx: stats.xxx_replies.value,
  }
}
