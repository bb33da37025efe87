/**
 * Outside of the routes: core parameters, runtime variables, flags, modules and their parameters.
 */
import { BadValue, type Param } from '../../core/module.ts'
import type { ParamValue } from '../../core/host.ts'
import {
  type CoreParamName,
  coreParamName,
  coreParams,
  coreParamSpellings,
} from '../../core/params.ts'
import { compileRegex, IGNORE_CASE } from '../../core/regex.ts'
import type { Registry } from '../../core/registry.ts'
import { positionText } from '../1-read/source.ts'
import type { ModParamNode, ParamNode, Script } from '../2-parse/ast.ts'
import type { Report } from '../diagnostic.ts'
import { suggest } from './suggest.ts'

export interface CoreSetting {
  readonly name: CoreParamName
  readonly value: string | number
}

/**
 * String parameters whose value Kamailio takes as a word without quotes; the others want quotes.
 */
const WORDS = new Set([
  ...['log_facility', 'user', 'group', 'chroot', 'workdir', 'rundir', 'tcp_poll_method', 'mcast'],
  ...['tos', 'tls_method', 'udp_mtu_try_proto', 'advertised_address', 'tcp_source_ipv4'],
  ...['tcp_source_ipv6', 'tcp_accept_protocols'],
])
const MAX_FLAG = 31

export function checkCoreParams(script: Script, report: Report, strict56: boolean): CoreSetting[] {
  const settings: CoreSetting[] = []
  for (const node of script.items) {
    if (node.kind !== 'param') continue
    const name = coreParamName(node.name)
    if (name === null) {
      report.error(
        node.at,
        'CFG_UNKNOWN_PARAM',
        node.name,
        suggest(node.name, coreParamSpellings()),
      )
      continue
    }
    if (strict56 && coreParams[name].since6) report.error(node.at, 'CFG_ONLY_6', node.name)
    const value = coreValue(node, name, report)
    if (value !== null) settings.push({ name, value })
  }
  return settings
}

function coreValue(node: ParamNode, name: CoreParamName, report: Report): number | string | null {
  const { value } = node
  if (coreParams[name].kind === 'int') {
    if (value.kind === 'number') return value.value
    report.error(value.at, 'CFG_PARAM_NUMBER', node.name)
    return null
  }
  if (value.kind === 'text' || WORDS.has(name)) return String(value.value)
  const given = value.kind === 'word' ? value.value : ''
  report.error(value.at, 'CFG_PARAM_TEXT', node.name, given)
  return null
}

/**
 * `group.name = value` twice is an error; `group[1].name` is another value of the same variable.
 */
export function checkVariables(script: Script, report: Report): void {
  const seen = new Set<string>()
  for (const node of script.items) {
    if (node.kind !== 'variable') continue
    const { group, name, instance } = node
    const key = instance === null ? `${group}.${name}` : `${group}[${instance}].${name}`
    if (group === 'core') report.error(node.at, 'CFG_VARIABLE_CORE', key)
    else if (seen.has(key)) report.error(node.at, 'CFG_VARIABLE_TWICE', key)
    seen.add(key)
  }
}

/** The numbers of declared flags; those without one get the lowest that is free. */
export function checkFlags(script: Script, report: Report): Map<string, number> {
  const flags = new Map<string, number>()
  const nodes = script.items.flatMap(node => (node.kind === 'flags' && !node.avp ? node.flags : []))
  const taken = new Set(nodes.map(node => node.bit))
  let next = 0
  for (const { name, bit, at } of nodes) {
    if (flags.has(name)) report.error(at, 'CFG_FLAG_TWICE', name)
    let number = bit
    if (number === null) {
      while (taken.has(next)) next++
      number = next
      taken.add(number)
    }
    if (number < 0 || number > MAX_FLAG) report.error(at, 'CFG_FLAG_RANGE', name, MAX_FLAG)
    flags.set(name, number)
  }
  return flags
}

/** Every modparam() as values for the modules that it names; `expand` is for modparamx(). */
export function checkModParams(
  script: Script,
  registry: Registry,
  report: Report,
  expand: (text: string) => string,
): ParamValue[] {
  const values: ParamValue[] = []
  const loaded: string[] = []
  for (const node of script.items) {
    if (node.kind === 'loadmodule') loaded.push(node.module)
    if (node.kind !== 'modparam') continue
    const modules = modulesMatching(node, loaded, report)
    for (const module of modules) {
      // A module that is not there has its own diagnostic.
      if (registry.module(module) === null) continue
      const value = modParamValue(node, module, registry, report, expand)
      if (value !== null) values.push(value)
    }
  }
  return values
}

/** The loaded modules that a modparam names: an expression, without regard to case. */
function modulesMatching(node: ModParamNode, loaded: readonly string[], report: Report): string[] {
  const pattern = node.modules.value
  if (loaded.includes(pattern)) return [pattern]
  try {
    const regex = compileRegex(`^(${pattern})$`, IGNORE_CASE)
    const found = loaded.filter(name => regex.test(name))
    if (found.length === 0)
      report.error(node.modules.at, 'CFG_NO_MODULE_MATCHES', pattern, suggest(pattern, loaded))
    return [...new Set(found)]
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    report.error(node.modules.at, 'CFG_REGEX', error.message)
    return []
  }
}

function modParamValue(
  node: ModParamNode,
  module: string,
  registry: Registry,
  report: Report,
  expand: (text: string) => string,
): ParamValue | null {
  const name = node.name.value
  const param = registry.param(module, name)
  if (param === null) {
    const names = Object.keys(registry.module(module)!.params as Record<string, unknown>)
    report.error(node.name.at, 'CFG_UNKNOWN_MODPARAM', module, name, suggest(name, names))
    return null
  }
  const { at } = node.value
  const value = node.evaluated ? evaluated(node.value.value, param, expand) : node.value.value
  if (param.kind !== 'each' && (param.kind === 'int') !== (typeof value === 'number')) {
    const code = param.kind === 'int' ? 'CFG_MODPARAM_NUMBER' : 'CFG_MODPARAM_TEXT'
    report.error(at, code, module, name)
    return null
  }
  if (typeof value === 'number' && !inRange(param, value)) {
    const least = String(param.min ?? 'any')
    report.error(at, 'CFG_MODPARAM_RANGE', module, name, least, String(param.max ?? 'any'))
    return null
  }
  return { module, name, value, at: positionText(at) }
}

/** modparamx: the variables of the text have their values now; for a number it may be digits. */
function evaluated(
  value: string | number,
  param: Param<unknown>,
  expand: (text: string) => string,
): string | number {
  if (typeof value === 'number') return value
  const text = expand(value)
  return param.kind === 'int' && /^-?\d+$/.test(text) ? Number(text) | 0 : text
}

/** What is set but does nothing here must be said. */
export function checkSettings(script: Script, report: Report): void {
  for (const node of script.items) {
    if (node.kind !== 'setting' || node.name !== 'cfgengine') continue
    if (!['native', 'default'].includes(node.value)) report.error(node.at, 'CFG_ENGINE', node.value)
  }
}

const inRange = (param: Param<unknown>, value: number): boolean =>
  (param.min === undefined || value >= param.min) && (param.max === undefined || value <= param.max)
