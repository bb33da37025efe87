/** Accounting: its configuration, and the ways by which it learns of transactions. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type Format, type ModuleEnv } from '../../core/module/index.ts'
import type { Counter } from '../../core/counters.ts'
import type { RecordRouting } from '../rr/api.ts'
import type { TmApi } from '../tm/api.ts'
import type { needs, params, stats } from './acc.module.ts'
import { type AccountingEngine, checkFacility, type Extra, flagBit } from './api.ts'
import { DatabaseEngine } from './database.ts'
import { compileExtras, type LegValue, parseExtras, parseLegs } from './extra.ts'
import { LogEngine } from './line.ts'
import { CallRecords } from './call-records.ts'
import { watch } from './transaction.ts'

const FIRST_FAILURE = 300
const LAST_FAILURE = 999

export class Accounting {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly tm: TmApi
  /** null when rr is not loaded. */
  readonly rr: RecordRouting | null
  /** The ways of accounting, in the order in which they get a record. */
  readonly engines: AccountingEngine[] = []
  readonly log: LogEngine
  /** null without db_url. */
  database: DatabaseEngine | null = null
  /** null without cdr_enable. */
  readonly calls: CallRecords | null
  /** Calls that were refused because their records could not be kept. */
  readonly refused: Counter
  // ---- flags of messages, as bits
  readonly failedFlag: number
  readonly prepareFlag: number
  readonly filtered: ReadonlySet<number>
  readonly extras: Extra[]
  private readonly dbExtras: Extra[]
  readonly legs: LegValue[]
  /** time_mode 3 and 4. */
  timeFormat: Format | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { config, core, apis } = env
    this.config = config
    this.core = core
    this.tm = apis.tm
    this.rr = apis.rr
    checkFacility(config.log_facility, 'acc: log_facility')
    if (config.detect_direction !== 0 && this.rr?.appendFromtag !== true) {
      throw new BadValue(
        'acc: detect_direction needs the module rr with append_fromtag 1',
        'loadmodule "rr.so" and modparam("rr", "append_fromtag", 1)',
      )
    }
    this.refused = env.stats.refused
    this.log = new LogEngine(this, flagBit(config.log_flag), flagBit(config.log_missed_flag))
    this.engines.push(this.log)
    this.failedFlag = flagBit(config.failed_transaction_flag)
    this.prepareFlag = flagBit(config.acc_prepare_flag)
    this.filtered = parseFilter(config.failed_filter)
    this.extras = parseExtras(config.log_extra, 'log_extra', config.acc_extra_size)
    this.dbExtras = parseExtras(config.db_extra, 'db_extra', config.acc_extra_size)
    this.legs = parseLegs(config.multi_leg_info, config.acc_extra_size)
    this.calls = config.cdr_enable === 0 ? null : new CallRecords(this, apis.dialog)
  }

  /** All modules are there: their variables can be named. */
  async start(): Promise<void> {
    const { config, core } = this
    compileExtras(core, this.extras)
    compileExtras(core, this.dbExtras)
    if (config.time_mode >= 3) {
      const variable = config.time_mode === 3 ? 'timef' : 'utimef'
      this.timeFormat = core.formats.compile(`$${variable}(${config.time_format})`)
    }
    if (config.db_url !== '') {
      const flags = [flagBit(config.db_flag), flagBit(config.db_missed_flag)] as const
      this.database = new DatabaseEngine(this, ...flags, this.dbExtras)
      this.engines.push(this.database)
      await this.database.start()
    }
    this.calls?.start()
    watch(this)
  }

  async stop(): Promise<void> {
    await this.database?.stop()
  }
}

/** `486,487`. */
function parseFilter(text: string): Set<number> {
  const codes = new Set<number>()
  for (const word of text === '' ? [] : text.split(',')) {
    const code = Number(word.trim())
    if (!Number.isInteger(code) || code < FIRST_FAILURE || code > LAST_FAILURE) {
      throw new BadValue(
        `acc: failed_filter has "${word}", which is no code of a failure`,
        `codes from ${FIRST_FAILURE} to ${LAST_FAILURE}, for example 404,487`,
      )
    }
    codes.add(code)
  }
  return codes
}
