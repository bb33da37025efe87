/** Core parameters and modparams in a plan. */
import type { ParamValue } from '../../core/host.ts'
import { liveName } from '../../core/host.ts'
import type { Param } from '../../core/module/index.ts'
import { type CoreParamName, coreParams, defaultCoreParams } from '../../core/params.ts'
import { planLive } from './live-values.ts'
import { namesOf, type Plan, type Surroundings } from './plan.ts'

/** It is no runtime variable, but a format that can be compiled anew. */
const LOG_PREFIX: CoreParamName = 'log_prefix'

export function planCoreParams(plan: Plan, around: Surroundings): void {
  const { core, from, to, first } = around
  const fallback = defaultCoreParams()
  for (const key of namesOf(to.core, from.core, first.core)) {
    const said = to.core.get(key)
    const wanted = said?.value ?? fallback[key]
    const { live } = coreParams[key]
    const at = said?.at ?? from.core.get(key)?.at ?? ''
    if (live !== '') {
      const [group = '', name = ''] = live.split('.')
      const old = from.core.get(key)?.value ?? fallback[key]
      planLive(plan, around, { what: key, group, name, instance: null, old, new: wanted, at })
    } else if (key === LOG_PREFIX) {
      const old = from.core.get(key)?.value ?? ''
      const set = (): void => void (core.params.log_prefix = String(wanted))
      if (old !== wanted) plan.take({ what: key, old, new: wanted, at }, set)
    } else if (wanted !== (first.core.get(key)?.value ?? fallback[key]))
      plan.needRestart(key, first.core.get(key), said)
  }
}

/** Modules that are only now added get theirs when they are made. */
export function planModuleParams(plan: Plan, around: Surroundings): void {
  const { core, from, to, madeWith, modules } = around
  for (const [module, made] of madeWith) {
    if (!modules.includes(module)) continue
    const params = core.registry.module(module)?.params ?? {}
    for (const [name, param] of Object.entries(params) as [string, Param<unknown>][]) {
      const key = `${module}.${name}`
      const said = to.params.get(key)
      const before = from.params.get(key)
      const at = said?.at ?? before?.at ?? ''
      if (param.live !== false)
        planLive(plan, around, {
          what: key,
          group: module,
          name: liveName(name, param),
          instance: null,
          old: before?.value ?? (param.default as string | number),
          new: said?.value ?? (param.default as string | number),
          at,
        })
      else if (!sameValues(made.params.get(key)?.all, said?.all))
        plan.needRestart(key, allOf(made.params.get(key)), allOf(said))
    }
  }
}

type Values = readonly ParamValue['value'][] | undefined
const sameValues = (a: Values, b: Values): boolean =>
  JSON.stringify(a ?? []) === JSON.stringify(b ?? [])

type SaidParam = Surroundings['to']['params'] extends ReadonlyMap<string, infer T> ? T : never

/** A parameter that is given several times is shown with all its values. */
const allOf = (said: SaidParam | undefined): SaidParam | undefined =>
  said === undefined || said.all.length < 2 ? said : { ...said, value: said.all.join('; ') }
