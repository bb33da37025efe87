/** Call data records: one for each dialog, when it has ended. */
import { cell, type DbCell } from '../../core/db/api.ts'
import { BadValue, type ConfigOf } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  ACKNOWLEDGED,
  CREATED,
  DESTROYED,
  type Dialog,
  type DialogApi,
  type DialogEvent,
  EXPIRED,
  FAILED,
  LOADED,
  TERMINATED,
  TERMINATION_CONFIRMED,
} from '../dialog/api.ts'
import type { Accounting } from './acc.ts'
import type { params } from './acc.module.ts'
import { type CallEngine, type CallTimes, checkFacility, type Extra } from './api.ts'
import { compileExtras, parseExtras } from './extra.ts'

const EVENTS = ACKNOWLEDGED | FAILED | TERMINATED | TERMINATION_CONFIRMED | EXPIRED | DESTROYED

/** As records have it: seconds since 1970 with three decimals. */
const printed = (milliseconds: number): string => (Math.floor(milliseconds) / 1000).toFixed(3)

/** What is known of one call. Milliseconds since 1970, 0: not yet. */
class Call {
  start: number
  end = 0
  /** Its record is written, or it is to have none. */
  done = false
  /** The request that ended it. */
  last: SipMessage | null = null

  constructor(start: number) {
    this.start = start
  }
}

export class CallRecords {
  private readonly self: Accounting
  private readonly dialogs: DialogApi
  private readonly extras: Extra[]
  /** More ways of writing records. */
  readonly engines: CallEngine[] = []

  constructor(self: Accounting, dialogs: DialogApi | null) {
    const { config } = self
    if (dialogs === null)
      throw new BadValue("acc: can't load dialog API", 'cdr_enable needs loadmodule "dialog.so"')
    checkNames(config)
    this.self = self
    this.dialogs = dialogs
    this.extras = parseExtras(config.cdr_extra, 'cdr_extra', config.cdr_extra_size)
    // Now: when dialog starts it tells of those that its database has.
    this.watch()
  }

  /** All variables are known by now. */
  start(): void {
    compileExtras(this.self.core, this.extras)
  }

  isOfDialog(msg: SipMessage): boolean {
    return this.dialogs.dialogOf(msg) !== null
  }

  private watch(): void {
    const { config, core } = this.self
    this.dialogs.on(CREATED, dialog => {
      const call = new Call(core.clock.now())
      this.note(dialog, config.cdr_start_id, call.start)
      this.follow(dialog, call)
    })
    this.dialogs.on(LOADED, dialog => {
      const noted = Number(this.dialogs.variable(dialog, config.cdr_start_id))
      this.follow(dialog, new Call((noted || dialog.startTime || dialog.initTime) * 1000))
    })
  }

  private follow(dialog: Dialog, call: Call): void {
    dialog.on(EVENTS, (_dialog, event) => this.take(dialog, call, event))
  }

  private take(dialog: Dialog, call: Call, { event, request, reply }: DialogEvent): void {
    const { config, core } = this.self
    switch (event) {
      case ACKNOWLEDGED:
        if (config.cdr_start_on_confirmed === 0) return
        call.start = core.clock.now()
        this.note(dialog, config.cdr_start_id, call.start)
        return
      case FAILED:
        call.end = call.start
        if (config.cdr_on_failed !== 0) this.write(dialog, call, reply ?? request)
        call.done = true
        return
      case TERMINATED:
        this.end(dialog, call)
        call.last = request
        return
      case EXPIRED:
        if (!this.wantsExpired) return
        this.end(dialog, call)
        this.write(dialog, call, null)
        return
      case TERMINATION_CONFIRMED:
        this.end(dialog, call)
        this.write(dialog, call, request)
        return
      default:
        // A BYE without any answer has ended the call as well.
        if (call.end !== 0) this.write(dialog, call, call.last)
    }
  }

  private get wantsExpired(): boolean {
    const { cdr_expired_dlg_enable: own } = this.self.config
    return own !== 0 || this.engines.some(engine => engine.wantsExpired)
  }

  private end(dialog: Dialog, call: Call): void {
    if (call.end !== 0) return
    const { config, core } = this.self
    call.end = core.clock.now()
    this.note(dialog, config.cdr_end_id, call.end)
    this.note(dialog, config.cdr_duration_id, call.end - call.start)
  }

  /** Scripts find the times in variables of the dialog, and so does the node after a restart. */
  private note(dialog: Dialog, name: string, milliseconds: number): void {
    this.dialogs.setVariable(dialog, name, printed(milliseconds))
  }

  private write(dialog: Dialog, call: Call, about: SipMessage | null): void {
    const { config, database } = this.self
    if (call.done) return
    call.done = true
    // Variables of the record need a message, also where nobody sent one.
    const msg = about ?? this.dialogs.callerBye(dialog)
    const { start, end } = call
    const duration = end === start ? '0' : printed(end - start)
    const times = { start: printed(start), end: printed(end), duration }
    const skips = config.cdr_skip !== '' && this.dialogs.variable(dialog, config.cdr_skip) !== null
    if (config.cdr_log_enable !== 0 && !skips) this.log(times, msg)
    if (database !== null && config.cdrs_table !== '' && !skips)
      database.keep(config.cdrs_table, this.cellsOf(call, msg))
    for (const engine of this.engines) engine.record(times, msg)
  }

  private log({ start, end, duration }: CallTimes, msg: SipMessage | null): void {
    const { config, core } = this.self
    if (!core.log.enabled(config.log_level)) return
    const { cdr_start_id, cdr_end_id, cdr_duration_id } = config
    let text = `${cdr_start_id}=${start}; ${cdr_end_id}=${end}; ${cdr_duration_id}=${duration}`
    for (const extra of this.extras) text += `; ${extra.name}=${valueOf(extra, msg) ?? ''}`
    core.log.write(config.log_level, 'acc', text, config.cdr_facility)
  }

  private cellsOf(call: Call, msg: SipMessage | null): DbCell[] {
    const { config } = this.self
    const none = config.cdr_extra_nullable === 0 ? '' : null
    const { start, end } = call
    return [
      cell(config.cdr_start_id, 'datetime', Math.floor(start / 1000)),
      cell(config.cdr_end_id, 'datetime', Math.floor(end / 1000)),
      cell(config.cdr_duration_id, 'double', Number(printed(end - start))),
      ...this.extras.map(extra => cell(extra.name, 'string', valueOf(extra, msg) ?? none)),
    ]
  }
}

function valueOf({ handle }: Extra, msg: SipMessage | null): string | null {
  const value = msg === null ? null : handle!.get(msg)
  return value === null ? null : String(value)
}

function checkNames(config: ConfigOf<typeof params>): void {
  checkFacility(config.cdr_facility, 'acc: cdr_facility')
  if ([config.cdr_start_id, config.cdr_end_id, config.cdr_duration_id].includes(''))
    throw new BadValue('acc: necessary cdr_parameters are empty')
}
