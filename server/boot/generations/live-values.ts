/**
 * The rule for values that change while a node runs. The config in force says one thing, the
 * config to come another, and somebody may have set a third by hand: a value that is what the
 * config in force says belongs to the config and is changed, any other one belongs to whoever set
 * it and stays.
 */
import type { CfgValue } from '../../core/cfg.ts'
import type { Plan, Surroundings } from './plan.ts'

/** A runtime variable as two configs see it. */
export interface LiveValue {
  readonly what: string
  readonly group: string
  readonly name: string
  readonly instance: number | null
  /** What the config in force says, or the default. */
  readonly old: CfgValue
  readonly new: CfgValue
  readonly at: string
}

export function planLive(plan: Plan, { core }: Surroundings, value: LiveValue): void {
  const { what, group, name, instance, old, at } = value
  if (value.new === old) return
  const now = core.cfg.get(group, name, instance) ?? old
  if (now === value.new) return
  if (now !== old) {
    plan.kept.push({ what, value: now, config: value.new, at })
    return
  }
  const change = { what, old, new: value.new, at }
  if (core.cfg.check(group, name, value.new) !== null) plan.restartNeeded.push(change)
  else plan.take(change, () => core.cfg.set(group, name, value.new, instance))
}
