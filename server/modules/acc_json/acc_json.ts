/** The instance: records as JSON texts, into a queue, the log, or both. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type Format, type ModuleEnv } from '../../core/module/index.ts'
import {
  type AccountingApi,
  type AccountingEngine,
  type AccountingRecord,
  checkFacility,
  type Extra,
  flagBit,
} from '../acc/api.ts'
import type { MqueueApi } from '../mqueue/api.ts'
import type { needs, params } from './acc_json.module.ts'
import { JsonCallRecords } from './call-records.ts'
import { dumpExtra, dumpMembers, dumpReal, dumpText } from './dump.ts'

/** Under which key a record is in the queue. */
const KEY = 'acc'

export class JsonAccounting implements AccountingEngine {
  readonly flag: number
  readonly missedFlag: number
  readonly accepts = true
  private readonly config: ConfigOf<typeof params>
  private readonly core: Core
  private readonly acc: AccountingApi
  /** null: no queue, or no module mqueue. */
  private readonly queue: MqueueApi | null
  private readonly extras: Extra[]
  /** acc_time_mode 3 and 4. */
  private time: Format | null = null
  /** null without cdr_enable. */
  private readonly calls: JsonCallRecords | null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, core, apis } = env
    this.config = config
    this.core = core
    this.acc = apis.acc
    checkFacility(config.acc_log_facility, 'acc_json: acc_log_facility')
    this.flag = flagBit(config.acc_flag)
    this.missedFlag = flagBit(config.acc_missed_flag)
    this.extras = apis.acc.readExtras(config.acc_extra, 'acc_extra')
    this.queue = config.acc_output_mqueue === '' ? null : apis.mqueue
    apis.acc.addEngine(this)
    this.calls = config.cdr_enable === 0 ? null : new JsonCallRecords(env)
    if (this.calls !== null && !apis.acc.addCallEngine(this.calls))
      throw new BadValue(
        'acc_json: cannot register ACC CDR JSON engine',
        'modparam("acc", "cdr_enable", 1)',
      )
  }

  start(): void {
    const { config, core } = this
    this.acc.compileExtras(this.extras)
    this.calls?.start()
    if (config.acc_time_mode >= 3) {
      const variable = config.acc_time_mode === 3 ? 'timef' : 'utimef'
      this.time = core.formats.compile(`$${variable}(${config.acc_time_format})`)
    }
    if (config.acc_output_mqueue !== '' && this.queue === null)
      core.log.error('acc_json', "can't load mqueue module API, disabling json acc to mqueue")
  }

  account(record: AccountingRecord): void {
    const { config, core, queue } = this
    const text = this.textOf(record)
    if (queue !== null && !queue.add(config.acc_output_mqueue, KEY, text))
      core.log.error('acc_json', `ACC mqueue add error [0][${text}]`)
    if (config.acc_output_syslog > 0)
      core.log.write(config.acc_log_level, 'acc_json', text, config.acc_log_facility)
  }

  private textOf(record: AccountingRecord): string {
    const { request, fromTag, toTag, code, reason } = record
    // A name that comes again takes the place of the first.
    const members = new Map<string, string>([
      ['time', this.timeOf(record)],
      ['method', dumpText(request.method)],
      ['from_tag', dumpText(fromTag)],
      ['to_tag', dumpText(toTag)],
      ['callid', dumpText(request.callId)],
      ['sip_code', dumpText(code)],
      ['sip_reason', dumpText(reason)],
    ])
    const prefix = this.config.acc_pre_encoded_prefix
    for (const { name, handle } of this.extras)
      members.set(name, dumpExtra(name, String(handle!.get(request) ?? ''), prefix))
    // Only of the newest leg, as Kamailio does.
    const [leg] = this.acc.legsOf(request)
    leg?.forEach((value, i) => members.set(this.acc.legNames[i]!, dumpText(String(value ?? ''))))
    return dumpMembers(members)
  }

  private timeOf({ request, time }: AccountingRecord): string {
    const seconds = Math.floor(time / 1000)
    switch (this.config.acc_time_mode) {
      case 2:
        return dumpReal(Math.floor(time) / 1000)
      case 3:
      case 4:
        return dumpText(this.time?.(request) ?? '')
      default:
        return String(seconds)
    }
  }
}
