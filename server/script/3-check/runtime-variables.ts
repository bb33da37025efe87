/**
 * Runtime parameters: `group.name = value` declares one, `group[1].name = value` is its value in an
 * instance of the group, and selects read them.
 */
import type { Param } from '../../core/module/index.ts'
import { coreParams } from '../../core/params.ts'
import { runtimeVariables } from '../../core/params/runtime.ts'
import type { Registry } from '../../core/registry.ts'
import type { Place } from '../1-read/source.ts'
import type { Script, VariableNode } from '../2-parse/ast.ts'
import type { Report } from '../diagnostic.ts'
import type { Context } from './context.ts'
import { suggest } from './suggest.ts'

type Kind = 'int' | 'string'
type Groups = Map<string, Map<string, Kind>>
/** The kinds of the variables of each group. */
export type RuntimeGroups = ReadonlyMap<string, ReadonlyMap<string, Kind>>

/** Variables of the node itself: a config sets them, where it may declare no others. */
const OWN_GROUP = 'ohana'
const SELECT = /^cfg_get(?:\.(\w+)|\["(\w+)"\])(?:\.(\w+)|\["(\w+)"\])$/

/** All of them: of the core, of the modules, and of the config itself. */
export function checkVariables(script: Script, registry: Registry, report: Report): RuntimeGroups {
  const groups = builtIn(registry)
  const owned = new Set(groups.keys())
  const nodes = script.items.filter(node => node.kind === 'variable')
  const seen = new Set<string>()
  for (const node of nodes) {
    const name = shown(node)
    if (seen.has(name)) report.error(node.at, 'CFG_VARIABLE_TWICE', name)
    seen.add(name)
    if (node.instance !== null) continue
    if (owned.has(node.group) && node.group !== OWN_GROUP)
      report.error(node.at, 'CFG_VARIABLE_OWNED', name, node.group, instead(groups, node))
    else declare(groups, node.group, node.name, kindOf(node))
  }
  // A value of an instance may stand above the declaration.
  for (const node of nodes) if (node.instance !== null) checkInstance(groups, node, report)
  return groups
}

function builtIn(registry: Registry): Groups {
  const groups: Groups = new Map()
  for (const { live, kind } of Object.values({ ...coreParams, ...runtimeVariables })) {
    const [group = '', name = ''] = live.split('.')
    if (group !== '') declare(groups, group, name, kind)
  }
  for (const module of registry.moduleNames()) {
    const params = Object.entries(registry.module(module)!.params) as [string, Param<unknown>][]
    for (const [key, { live, kind }] of params) {
      const name = typeof live === 'string' ? live : key
      if (live !== false) declare(groups, module, name, kind === 'int' ? 'int' : 'string')
    }
  }
  return groups
}

/** How a parameter of a module or the core is set at the start. */
function instead(groups: RuntimeGroups, { group, name, value }: VariableNode): string {
  if (groups.get(group)?.has(name) !== true) return ''
  const given = typeof value.value === 'number' ? value.value : `"${value.value}"`
  return group === 'core' ? `${name} = ${given}` : `modparam("${group}", "${name}", ${given})`
}

function declare(groups: Groups, group: string, name: string, kind: Kind): void {
  let variables = groups.get(group)
  if (variables === undefined) {
    variables = new Map()
    groups.set(group, variables)
  }
  variables.set(name, kind)
}

function checkInstance(groups: RuntimeGroups, node: VariableNode, report: Report): void {
  const kind = groups.get(node.group)?.get(node.name)
  if (kind === undefined) {
    const alike = suggest(node.name, groups.get(node.group)?.keys() ?? [])
    report.error(node.at, 'CFG_VARIABLE_UNKNOWN', `${node.group}.${node.name}`, alike)
  } else if (kind === 'int' && kindOf(node) === 'string' && !/^[+-]?\d+$/.test(text(node)))
    report.error(node.at, 'CFG_VARIABLE_NUMBER', shown(node), text(node))
}

/** What it is set to, in the kind that the variable has. */
export function runtimeValue(groups: RuntimeGroups, node: VariableNode): string | number {
  const kind = groups.get(node.group)?.get(node.name)
  return kind === 'int' ? Number(text(node)) : text(node)
}

/** `cfg_get.group.name`: false when there is no such parameter. */
export function checkRuntimeSelect(ctx: Context, path: string, at: Place): boolean {
  const found = SELECT.exec(path)
  // In a text outside of the config nobody knows what it declares.
  if (found === null || ctx.groups.size === 0) return true
  const group = (found[1] ?? found[2])!
  const name = (found[3] ?? found[4])!
  const variables = ctx.groups.get(group)
  if (variables?.has(name) === true) return true
  const alike = suggest(name, variables?.keys() ?? [])
  if (ctx.surroundings.allowMissing && variables === undefined)
    ctx.report.warn(at, 'CFG_VARIABLE_UNKNOWN', `${group}.${name}`, alike)
  else ctx.report.error(at, 'CFG_VARIABLE_UNKNOWN', `${group}.${name}`, alike)
  return false
}

const text = ({ value }: VariableNode): string => String(value.value)
const kindOf = ({ value }: VariableNode): Kind =>
  typeof value.value === 'number' ? 'int' : 'string'
const shown = ({ group, instance, name }: VariableNode): string =>
  instance === null ? `${group}.${name}` : `${group}[${instance}].${name}`
