/** Accounting: its configuration, and the ways by which it learns of transactions. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type Format, type ModuleEnv } from '../../core/module.ts'
import type { RecordRouting } from '../rr/api.ts'
import type { TmApi } from '../tm/api.ts'
import type { needs, params } from './acc.module.ts'
import { compileExtras, type Extra, type LegValue, parseExtras, parseLegs } from './extra.ts'
import { watch } from './transaction.ts'

/** Bit of a flag parameter; 0 when it is not set, so that no message has it. */
const bit = (flag: number): number => (flag < 0 ? 0 : 1 << flag)

const FIRST_FAILURE = 300
const LAST_FAILURE = 999

export class Accounting {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly tm: TmApi
  /** null when rr is not loaded. */
  readonly rr: RecordRouting | null
  // ---- flags of messages, as bits
  readonly logFlag: number
  readonly missedFlag: number
  readonly failedFlag: number
  readonly prepareFlag: number
  readonly filtered: ReadonlySet<number>
  readonly extras: Extra[]
  readonly legs: LegValue[]
  /** time_mode 3 and 4. */
  timeFormat: Format | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, core, apis } = env
    this.config = config
    this.core = core
    this.tm = apis.tm
    this.rr = apis.rr
    refuseUnsupported(config)
    if (config.detect_direction !== 0 && this.rr?.appendFromtag !== true) {
      throw new BadValue(
        'acc: detect_direction needs the module rr with append_fromtag 1',
        'loadmodule "rr.so" and modparam("rr", "append_fromtag", 1)',
      )
    }
    this.logFlag = bit(config.log_flag)
    this.missedFlag = bit(config.log_missed_flag)
    this.failedFlag = bit(config.failed_transaction_flag)
    this.prepareFlag = bit(config.acc_prepare_flag)
    this.filtered = parseFilter(config.failed_filter)
    this.extras = parseExtras(config.log_extra, 'log_extra', config.acc_extra_size)
    this.legs = parseLegs(config.multi_leg_info, config.acc_extra_size)
  }

  /** All modules are there: their variables can be named. */
  start(): void {
    const { config, core } = this
    compileExtras(core, this.extras)
    if (config.time_mode >= 3) {
      const variable = config.time_mode === 3 ? 'timef' : 'utimef'
      this.timeFormat = core.formats.compile(`$${variable}(${config.time_format})`)
    }
    if (config.log_facility !== '' && config.log_facility !== core.params.log_facility) {
      const used = core.params.log_facility
      core.log.warn(
        'acc',
        `log_facility ${config.log_facility} is not used: all lines go to ${used}`,
      )
    }
    watch(this)
  }
}

/**
 * What belongs to parts of the server that do not exist yet is said at the start, not found out
 * later.
 */
function refuseUnsupported(config: ConfigOf<typeof params>): void {
  if (config.db_url !== '') {
    throw new BadValue(
      'acc: db_url asks for accounting in a database, and there is no database support yet',
      'leave db_url out: the lines in the log say the same',
    )
  }
  if (config.cdr_enable !== 0) {
    throw new BadValue(
      'acc: cdr_enable needs the module dialog, which is not there yet',
      'use log_flag: one line per transaction',
    )
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
