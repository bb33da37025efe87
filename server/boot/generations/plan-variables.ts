/** `group.name = value` in a plan. */
import type { CfgValue } from '../../core/cfg.ts'
import type { Core } from '../../core/core.ts'
import type { SaidVariable } from '../../script/index.ts'
import { declareVariable } from '../variables.ts'
import { planLive } from './live-values.ts'
import { namesOf, type Plan, type Surroundings } from './plan.ts'

export function planVariables(plan: Plan, around: Surroundings): void {
  const { core, from, to } = around
  for (const what of namesOf(to.variables, from.variables)) {
    const said = to.variables.get(what)
    const before = from.variables.get(what)
    if (said === undefined) removed(plan, core, what, before!)
    else if (said.instance !== null) instance(plan, around, what, said, before)
    else variable(plan, around, what, said, before)
  }
}

function variable(
  plan: Plan,
  around: Surroundings,
  what: string,
  said: SaidVariable,
  before: SaidVariable | undefined,
): void {
  const { core } = around
  const { group, name, value, at } = said
  const known = core.cfg.variable(group, name)
  // One that an earlier config left behind has the value of that one.
  const old = before?.value ?? known?.default
  const now = core.cfg.get(group, name)
  if (known === null || now === undefined || typeof old !== typeof value) {
    plan.take({ what, old: old ?? null, new: value, at }, () => declareVariable(core, said, value))
    return
  }
  planLive(plan, around, { what, group, name, instance: null, old: old!, new: value, at })
  // What cfg.reset goes back to, and the description, are those of the new config.
  plan.also(() => declareVariable(core, said, core.cfg.get(group, name)!))
}

function instance(
  plan: Plan,
  around: Surroundings,
  what: string,
  said: SaidVariable,
  before: SaidVariable | undefined,
): void {
  const { core } = around
  const { group, name, value, at } = said
  const set = (): void => void core.cfg.set(group, name, value, said.instance)
  if (before === undefined) plan.take({ what, old: null, new: value, at }, set)
  else
    planLive(plan, around, {
      what,
      group,
      name,
      instance: said.instance,
      old: before.value,
      new: value,
      at,
    })
}

/** A transaction that is under way may still ask for it: only an instance's own value goes. */
function removed(plan: Plan, core: Core, what: string, before: SaidVariable): void {
  const { group, name, instance: number, value, at } = before
  if (number === null) {
    plan.needRestart(what, before, undefined)
    return
  }
  const now: CfgValue = core.cfg.get(group, name, number) ?? value
  if (now !== value) plan.kept.push({ what, value: now, config: null, at })
  else
    plan.take({ what, old: value, new: null, at }, () => void core.cfg.reset(group, name, number))
}
