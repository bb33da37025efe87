/** The instance of sst: which dialogs have a session timer (RFC 4028). */
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { CREATED, type Dialog, type DialogApi, LOADED } from '../dialog/api.ts'
import type { SlApi } from '../sl/api.ts'
import type { TmApi } from '../tm/api.ts'
import { beginTimer, SESSION_EVENTS, SessionTimer } from './session-timer.ts'
import type { needs, params, stats } from './sst.module.ts'

const MOST_FLAG = 31

export class SessionTimers {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly sl: SlApi
  readonly tm: TmApi
  readonly dialogs: DialogApi
  readonly expired: Counter
  private readonly flag: number

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { config, apis } = env
    this.core = env.core
    this.config = config
    this.sl = apis.sl
    this.tm = apis.tm
    this.dialogs = apis.dialog
    this.expired = env.stats.expired_sst
    const { sst_flag: flag } = config
    if (flag < 0) throw new BadValue('no sst flag set!!', 'modparam("sst", "sst_flag", 6)')
    if (flag > MOST_FLAG) throw new BadValue(`invalid sst flag ${flag}!!`, 'flags are 0 to 31')
    this.flag = 1 << flag
    // Now: when dialog starts it tells of those that its database has.
    this.watch()
  }

  private watch(): void {
    this.dialogs.on(CREATED, (dialog, { request }) => {
      if (request !== null && (request.flags & this.flag) !== 0) beginTimer(this, dialog, request)
    })
    // What was agreed is in the lifetime that comes from the database: the next refresh counts.
    this.dialogs.on(LOADED, dialog => this.follow(dialog, new SessionTimer(dialog, false, 0)))
  }

  follow(dialog: Dialog, timer: SessionTimer): void {
    dialog.on(SESSION_EVENTS, (_dialog, event) => timer.take(this, event))
  }

  /** Leaves the interval of a request where the script finds it. */
  tell(request: SipMessage, seconds: number): void {
    this.config.timeout_avp?.set?.(request, seconds)
  }
}
