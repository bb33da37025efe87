/** The instance of uac_redirect. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AccountingApi } from '../acc/api.ts'
import type { TmApi } from '../tm/api.ts'
import { FilterList } from './filters.ts'
import type { needs, params } from './uac_redirect.module.ts'

// ---- flags_hdr_mode
export const FLAGS_OF_CONTACT = 1
export const FLAGS_ADDED = 2

const ACCOUNTING: ReadonlySet<string> = new Set([
  'acc_log_request',
  'acc_db_request',
  'acc_request',
])

export class UacRedirect {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly tm: TmApi
  readonly acc: AccountingApi | null
  readonly acceptList: FilterList
  readonly denyList: FilterList
  private readonly acceptsOthers: boolean
  /** The message that filters were set for. */
  private filtered: SipMessage | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, core, apis } = env
    this.core = core
    this.config = config
    this.tm = apis.tm
    this.acc = apis.acc
    const { default_filter: rule, acc_function: accounting } = config
    if (rule !== 'accept' && rule !== 'deny')
      throw new BadValue(`uac_redirect: unknown default filter <${rule}>`, 'accept or deny')
    if (accounting !== '' && !ACCOUNTING.has(accounting)) {
      const known = [...ACCOUNTING].join(', ')
      throw new BadValue(`uac_redirect: unknown accounting function <${accounting}>`, known)
    }
    this.acceptsOthers = rule === 'accept'
    this.acceptList = new FilterList(config.accept_filter)
    this.denyList = new FilterList(config.deny_filter)
  }

  /** Filters that were set for another message do not count. */
  filtersFor(msg: SipMessage): void {
    if (this.filtered !== msg) this.clearFilters()
    this.filtered = msg
  }

  clearFilters(): void {
    this.acceptList.clear()
    this.denyList.clear()
    this.filtered = null
  }

  accepts(uri: string): boolean {
    if (this.acceptList.matches(uri)) return true
    return this.acceptsOthers && !this.denyList.matches(uri)
  }

  account(msg: SipMessage, reason: string): Verdict {
    const { acc, config } = this
    if (acc === null || config.acc_function === '') {
      this.core.log.error('uac_redirect', 'acc support enabled, but no acc function defined')
      return -1
    }
    const { acc_db_table: table } = config
    if (config.acc_function === 'acc_log_request') return acc.inLog(msg, reason)
    return config.acc_function === 'acc_db_request'
      ? acc.inDatabase(msg, reason, table)
      : acc.everywhere(msg, reason, table)
  }
}
