/**
 * Core parameters: defaults, then the config's, then the command line's; live ones go into the cfg
 * framework.
 */
import type { CfgFramework } from '../core/cfg.ts'
import type { Log } from '../core/log.ts'
import {
  type CoreParamName,
  coreParams,
  type CoreParams,
  defaultCoreParams,
} from '../core/params.ts'
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

/** Declares the live ones; `debug` also moves the log's threshold. */
export function declareCoreParams(params: CoreParams, cfg: CfgFramework, log: Log): void {
  log.threshold = params.debug
  const holder = params as unknown as Record<string, unknown>
  const fallback = defaultCoreParams()
  for (const [key, row] of Object.entries(coreParams)) {
    if (row.live === '') continue
    const [group, name] = row.live.split('.') as [string, string]
    cfg.declare(
      {
        group,
        name,
        kind: row.kind,
        live: true,
        default: fallback[key as CoreParamName],
        doc: `core parameter ${key}`,
      },
      holder,
      key,
      key === 'debug'
        ? value => {
            log.threshold = Number(value)
          }
        : null,
    )
  }
}
