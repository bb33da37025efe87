/** The accounting line, to the letter as Kamailio writes it. */
import type { Accounting } from './acc.ts'
import type { AccountingEngine, AccountingRecord, RecordKind } from './api.ts'
import { printExtras, printLegs } from './extra.ts'

const EVENTS: Record<RecordKind, string> = {
  transaction: 'transaction answered',
  missed: 'call missed',
  ack: 'request acknowledged',
  request: 'request accounted',
}

/** The way of accounting that is always there. */
export class LogEngine implements AccountingEngine {
  readonly flag: number
  readonly missedFlag: number
  readonly accepts = true
  private readonly self: Accounting

  constructor(self: Accounting, flag: number, missedFlag: number) {
    this.self = self
    this.flag = flag
    this.missedFlag = missedFlag
  }

  /** Writes a line; it is not even put together when nobody reads that level. */
  account(record: AccountingRecord): void {
    const { config, core, extras, legs } = this.self
    if (!core.log.enabled(config.log_level)) return
    const { request, fromTag, toTag, code, reason } = record
    const text =
      `ACC: ${EVENTS[record.kind]}: timestamp=${printTime(this.self, record)}` +
      `;method=${request.method}` +
      `;from_tag=${fromTag};to_tag=${toTag};call_id=${request.callId}` +
      `;code=${code};reason=${reason}` +
      printExtras(extras, request) +
      printLegs(legs, request)
    core.log.write(config.log_level, 'acc', text, config.log_facility)
  }
}

/** Seconds since 1970, and what time_mode adds. */
function printTime(self: Accounting, { request, time }: AccountingRecord): string {
  const { config } = self
  const seconds = Math.floor(time / 1000)
  switch (config.time_mode) {
    case 1:
      return `${seconds};${config.time_exten}=${microsecondsOf(time)}`
    case 2:
      return `${seconds};${config.time_attr}=${(Math.floor(time) / 1000).toFixed(3)}`
    case 3:
    case 4:
      return `${seconds};${config.time_attr}=${self.timeFormat?.(request) ?? ''}`
    default:
      return String(seconds)
  }
}

/** Those that are more than whole seconds. */
export const microsecondsOf = (time: number): number =>
  Math.floor((time - Math.floor(time / 1000) * 1000) * 1000)
