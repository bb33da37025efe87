/**
 * Core parameters: defaults, then the config's, then the command line's; live ones go into the cfg
 * framework.
 */
import type { CfgFramework, CfgValue } from '../core/cfg.ts'
import type { Log } from '../core/log.ts'
import {
  type CoreParamName,
  coreParams,
  type CoreParams,
  defaultCoreParams,
} from '../core/params.ts'
import type { CoreParam } from '../core/params/row.ts'
import { runtimeVariables } from '../core/params/runtime.ts'
import { platformText, version } from './version.ts'

export interface ParameterSetting {
  readonly name: CoreParamName
  readonly value: string | number
}

/** Written in kilobytes in a config, and kept in bytes. */
const inKilobytes = new Set<string>(['dns_cache_mem', 'dst_blocklist_mem'])

export function makeParams(settings: readonly ParameterSetting[]): CoreParams {
  const params = defaultCoreParams()
  params.server_header = `Server: ohana (${version} (${platformText}))`
  params.user_agent_header = `User-Agent: ohana (${version} (${platformText}))`
  const fields = params as Record<string, unknown>
  for (const { name, value } of settings)
    fields[name] = inKilobytes.has(name) ? Number(value) * 1024 : value
  return params
}

/** Settings that do nothing here, each with the reason, as one line; '' when there are none. */
export function idleText(settings: readonly ParameterSetting[]): string {
  const idle = settings.filter(({ name, value }) => {
    const { effect, default: usual } = coreParams[name]
    return effect === 'idle' && value !== usual
  })
  if (idle.length === 0) return ''
  const why = idle.map(({ name, value }) => {
    const reason = coreParams[name].doc.replace(/^No effect: /, '').replace(/\.$/, '')
    return `${name}=${value} (${reason})`
  })
  return `without effect here: ${why.join(', ')}`
}

/**
 * Declares the live ones; `debug` also moves the log's threshold, and setting `dns_reinit` calls
 * `readNames`.
 */
export function declareCoreParams(
  params: CoreParams,
  cfg: CfgFramework,
  log: Log,
  readNames: () => void = () => undefined,
): void {
  log.threshold = params.debug
  const holder = params as unknown as Record<string, unknown>
  const changed = (value: CfgValue): void => {
    log.threshold = Number(value)
  }
  for (const [key, row] of Object.entries(coreParams)) {
    if (row.live === '') continue
    declare(cfg, row, row.default, holder, key, key === 'debug' ? changed : null)
  }
  const others: Record<string, unknown> = {}
  for (const [key, row] of Object.entries(runtimeVariables)) {
    others[key] = row.default
    declare(cfg, row, row.default, others, key, key === 'dns_reinit' ? readNames : null)
  }
}

/** A row of the table as a runtime variable that is `holder[key]`. */
function declare(
  cfg: CfgFramework,
  row: CoreParam<CfgValue>,
  value: CfgValue,
  holder: Record<string, unknown>,
  key: string,
  changed: ((value: CfgValue) => void) | null,
): void {
  const { kind, doc, min, max, accepts } = row
  const [group = '', name = ''] = row.live.split('.')
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  const variable = { group, name, kind, doc, default: value, live: !row.fixed, ...bounds }
  cfg.declare(accepts === undefined ? variable : { ...variable, accepts }, holder, key, changed)
}
