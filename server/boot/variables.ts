/** Runtime parameters that the config itself declares. */
import type { Core } from '../core/core.ts'
import type { Compiled } from '../script/index.ts'

/** `group.name = value desc "..."` of the config. */
export function declareVariables(compiled: Compiled, core: Core): void {
  for (const { group, instance, name, value, doc } of compiled.variables) {
    if (instance !== null) {
      core.cfg.set(group, name, value, instance)
      continue
    }
    const kind = typeof value === 'number' ? 'int' : 'string'
    const variable = { group, name, kind, doc, default: value, live: true } as const
    core.cfg.declare(variable, { [name]: value })
  }
}
