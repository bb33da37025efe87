/** Call data records as JSON texts, into a queue, the log, or both. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  type AccountingApi,
  type CallEngine,
  type CallTimes,
  checkFacility,
  type Extra,
} from '../acc/api.ts'
import type { MqueueApi } from '../mqueue/api.ts'
import type { needs, params } from './acc_json.module.ts'
import { dumpExtra, dumpMembers, dumpText } from './dump.ts'

/** Under which key a record is in the queue. */
const KEY = 'cdr'

export class JsonCallRecords implements CallEngine {
  readonly wantsExpired: boolean
  private readonly config: ConfigOf<typeof params>
  private readonly core: Core
  private readonly acc: AccountingApi
  /** null: no queue, or no module mqueue. */
  private readonly queue: MqueueApi | null
  private readonly extras: Extra[]

  constructor({ config, core, apis }: ModuleEnv<typeof params, typeof needs>) {
    checkFacility(config.cdr_log_facility, 'acc_json: cdr_log_facility')
    this.wantsExpired = config.cdr_expired_dlg_enable !== 0
    this.config = config
    this.core = core
    this.acc = apis.acc
    this.extras = apis.acc.readExtras(config.cdr_extra, 'cdr_extra')
    this.queue = config.cdr_output_mqueue === '' ? null : apis.mqueue
  }

  start(): void {
    this.acc.compileExtras(this.extras)
    if (this.config.cdr_output_mqueue !== '' && this.queue === null)
      this.core.log.error('acc_json', "can't load mqueue module API, disabling json cdr to mqueue")
  }

  record(times: CallTimes, msg: SipMessage | null): void {
    const { config, core, queue } = this
    const text = this.textOf(times, msg)
    if (queue !== null && !queue.add(config.cdr_output_mqueue, KEY, text))
      core.log.error('acc_json', `CDR mqueue add error [0][${text}]`)
    if (config.cdr_output_syslog > 0)
      core.log.write(config.cdr_log_level, 'acc_json', text, config.cdr_log_facility)
  }

  /** The names of the times are always these, whatever acc calls them. */
  private textOf({ start, end, duration }: CallTimes, msg: SipMessage | null): string {
    const members = new Map<string, string>([
      ['start_time', dumpText(start)],
      ['end_time', dumpText(end)],
      ['duration', dumpText(duration)],
    ])
    for (const { name, handle } of this.extras) {
      const value = msg === null ? '' : String(handle!.get(msg) ?? '')
      members.set(name, dumpExtra(name, value, this.config.cdr_pre_encoded_prefix))
    }
    return dumpMembers(members)
  }
}
