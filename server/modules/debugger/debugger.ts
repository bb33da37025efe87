/** The instance of debugger: the trace of the script, and what modules log. */
import { BadValue, type ModuleEnv, type ScriptAction } from '../../core/module/index.ts'
import {
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  CORE_ONREPLY_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import { facilityNumber } from '../../lib/syslog.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './debugger.module.ts'

type Env = ModuleEnv<typeof params, {}>

/** What Kamailio calls the kinds of routes. */
const KINDS = new Map<number, string>([
  [REQUEST_ROUTE, 'request_route'],
  [FAILURE_ROUTE, 'failure_route'],
  [TM_ONREPLY_ROUTE, 'tm_onreply_route'],
  [BRANCH_ROUTE, 'branch_route'],
  [ONSEND_ROUTE, 'onsend_route'],
  [LOCAL_ROUTE, 'local_route'],
  [CORE_ONREPLY_ROUTE, 'core_onreply_route'],
  [BRANCH_FAILURE_ROUTE, 'branch_failure_route'],
])

export class Debugger {
  readonly core: Env['core']
  readonly config: Env['config']
  tracing: boolean
  readonly levels = new Map<string, number>()
  readonly facilities = new Map<string, string>()

  constructor(env: Env) {
    const { core, config } = env
    this.core = core
    this.config = config
    if (config.log_facility !== '' && facilityNumber(config.log_facility) < 0)
      throw new BadValue(`debugger: invalid syslog facility ${config.log_facility}`)
    this.tracing = config.cfgtrace !== 0
    for (const { source, level } of config.mod_level) this.levels.set(source, level)
    for (const { source, facility } of config.mod_facility) this.facilities.set(source, facility)
  }

  start(): void {
    if (this.config.breakpoint !== 0)
      this.core.log.warn('debugger', 'there are no breakpoints: cfgtrace shows each action')
    // Both are live parameters: the log asks whether they count.
    this.core.log.modules = {
      level: source => (this.config.mod_level_mode === 0 ? undefined : this.levels.get(source)),
      facility: source =>
        this.config.mod_facility_mode === 0 ? undefined : this.facilities.get(source),
    }
  }

  /** Called before each action of the script. */
  readonly trace = (msg: SipMessage, action: ScriptAction): void => {
    if (!this.tracing) return
    const { log_level, log_level_name, log_facility, log_prefix, cfgtrace_format } = this.config
    const { route, file, line, number, name } = action
    const kind = KINDS.get(msg.routeType) ?? 'event_route'
    const where = cfgtrace_format === 0 ? ` c=[${file}]` : ''
    const what = `${kind}=[${route}]${where} l=${line} a=${number} n=${name}`
    const text = `${log_prefix}dbg_cfg_trace(): ${what}`
    this.core.log.write(log_level, '<script>', text, log_facility, 0, log_level_name)
  }
}
