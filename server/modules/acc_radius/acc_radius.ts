/** The instance: records as Accounting-Requests, through a spool. */
import type { Core } from '../../core/core.ts'
import type { CountersOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { Radius } from '../../core/radius.ts'
import type { Delivery } from '../../core/spool/spools.ts'
import type { RadiusClient } from '../../lib/radius/client.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  type AccountingApi,
  type AccountingEngine,
  type AccountingRecord,
  type Extra,
  flagBit,
} from '../acc/api.ts'
import type { needs, params, stats } from './acc_radius.module.ts'
import { AccountingAttributes } from './attributes.ts'
import { encodeRequest, RadiusDelivery } from './deliver.ts'

export class RadiusAccounting implements AccountingEngine {
  readonly flag: number
  readonly missedFlag: number
  readonly stats: CountersOf<typeof stats>
  client: RadiusClient | null = null
  private readonly core: Core
  private readonly acc: AccountingApi
  private readonly radius: Radius | null
  private readonly extras: Extra[]
  /** null without radius_config. */
  private readonly attributes: AccountingAttributes | null
  private delivery: Delivery | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { config, core, apis } = env
    this.core = core
    this.acc = apis.acc
    this.stats = env.stats
    this.flag = flagBit(config.radius_flag)
    this.missedFlag = flagBit(config.radius_missed_flag)
    this.extras = apis.acc.readExtras(config.radius_extra, 'radius_extra')
    this.radius =
      config.radius_config === '' ? null : new Radius(config.radius_config, 'acc_radius')
    const { radius, extras } = this
    this.attributes =
      radius === null ? null : new AccountingAttributes(core, config, radius, extras, apis.acc)
    if (radius !== null) apis.acc.addEngine(this)
  }

  async start(): Promise<void> {
    const { core, radius } = this
    this.acc.compileExtras(this.extras)
    if (radius === null) return
    const client = await radius.connect(core, radius.config.accounting)
    this.client = client
    const sending = new RadiusDelivery(client, core.clock, this.stats)
    this.delivery = core.spools.open('acc_radius', spool => batch => sending.deliver(batch, spool))
    this.delivery.pump.start()
  }

  async stop(): Promise<void> {
    this.client?.close()
    await this.delivery?.close()
  }

  get accepts(): boolean {
    return this.delivery?.accepts ?? true
  }

  account(record: AccountingRecord): void {
    this.delivery!.append(encodeRequest(record, this.attributes!.of(record)))
  }

  /** acc_rad_request(). */
  accountRequest(msg: SipMessage, comment: string): Verdict {
    if (this.delivery === null) {
      this.core.log.error(
        'acc_radius',
        'acc_rad_request: there is no RADIUS server (radius_config)',
      )
      return -1
    }
    this.account(this.acc.recordOf(msg, comment))
    return 1
  }
}
