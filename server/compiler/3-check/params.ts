/** Core parameters and modparam()s: known, of the right type, and for modules that are loaded. */
import type { Param } from '../../core/module.ts'
import {
  coreParamName,
  coreParams,
  coreParamSpellings,
  type CoreParamName,
} from '../../core/params.ts'
import type { ParamValue } from '../../core/host.ts'
import type { Registry } from '../../core/registry.ts'
import { placeText } from '../1-read/source.ts'
import type { ConfigTree, Literal } from '../2-parse/ast.ts'
import { type Report, suggestion } from '../messages.ts'

export interface CoreSetting {
  readonly name: CoreParamName
  readonly value: string | number
}

/** Parameters that Kamailio knows and whose value here is a word, not a string in quotes. */
export function checkCoreParams(tree: ConfigTree, report: Report): CoreSetting[] {
  const settings: CoreSetting[] = []
  for (const { name, value, place } of tree.params) {
    if (name === 'cfgengine') {
      const engine = String(value.value)
      if (engine !== 'native' && engine !== 'default') {
        report.add('CFG_NOT_SUPPORTED', place, `cfgengine "${engine}"`, 'the native language is')
      }
      continue
    }
    const known = coreParamName(name)
    if (known === null) {
      report.add('CFG_UNKNOWN_PARAM', place, name, suggestion(name, coreParamSpellings()))
      continue
    }
    const row = coreParams[known]
    if (row.kind === 'int' && typeof value.value !== 'number') {
      report.add('CFG_PARAM_TYPE', value.place, name, 'a number')
      continue
    }
    settings.push({ name: known, value: row.kind === 'string' ? String(value.value) : value.value })
  }
  return settings
}

/** modparam's module is a regular expression over the loaded ones: "nathelper|registrar". */
function modulesMatching(pattern: string, registry: Registry): string[] {
  if (registry.module(pattern) !== null) return [pattern]
  try {
    const regex = new RegExp(`^(?:${pattern})$`, 'i')
    return registry.moduleNames().filter(name => name !== 'core' && regex.test(name))
  } catch {
    return []
  }
}

export function checkModParams(tree: ConfigTree, registry: Registry, report: Report): ParamValue[] {
  const values: ParamValue[] = []
  for (const { module, name, value, place } of tree.modparams) {
    const owners = modulesMatching(module, registry)
    if (owners.length === 0) {
      const hint =
        suggestion(module, registry.moduleNames()) || `add loadmodule "${module}.so" above`
      report.add('CFG_MODPARAM_MODULE', place, module, hint)
    }
    for (const owner of owners) {
      const param = registry.param(owner, name)
      const names = Object.keys(registry.module(owner)!.params)
      if (param === null)
        report.add('CFG_MODPARAM_NAME', place, owner, name, suggestion(name, names))
      else if (!fits(param, value)) {
        const wanted = param.kind === 'int' ? 'a number' : 'a string'
        report.add('CFG_MODPARAM_TYPE', value.place, name, owner, wanted)
      } else values.push({ module: owner, name, value: value.value, at: placeText(place) })
    }
  }
  return values
}

function fits(param: Param<unknown>, value: Literal): boolean {
  if (param.kind === 'each') return true
  return (param.kind === 'int') === (typeof value.value === 'number')
}
