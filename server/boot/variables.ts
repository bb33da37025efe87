/** Runtime parameters that the config itself declares: `group.name = value desc "..."`. */
import type { CfgValue } from '../core/cfg.ts'
import type { Core } from '../core/core.ts'
import type { Compiled } from '../script/index.ts'

/** Variables of the node itself: a config sets them and declares none of the name. */
const OWN_GROUP = 'ohana'

interface Declaration {
  readonly group: string
  readonly name: string
  /** What the config says, and cfg.reset goes back to. */
  readonly value: CfgValue
  readonly doc: string
}

/** Declares it, or again with another default and description; `now` is in force. */
export function declareVariable(core: Core, declaration: Declaration, now: CfgValue): void {
  const { group, name, value, doc } = declaration
  if (group === OWN_GROUP && core.cfg.variable(group, name) !== null) {
    core.cfg.set(group, name, now)
    return
  }
  const kind = typeof value === 'number' ? 'int' : 'string'
  const variable = { group, name, kind, doc, default: value, live: true } as const
  core.cfg.declare(variable, { [name]: now })
}

export function declareVariables({ variables }: Compiled, core: Core): void {
  for (const said of variables) if (said.instance === null) declareVariable(core, said, said.value)
}

/** `group[1].name = value`, also for the parameters of a module. */
export function declareInstances({ variables }: Compiled, core: Core): void {
  for (const { group, name, value, instance } of variables)
    if (instance !== null) core.cfg.set(group, name, value, instance)
}
