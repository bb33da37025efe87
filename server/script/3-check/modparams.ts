/** modparam(): do the modules and the parameter exist, and is the value what it takes? */
import { knownModule } from '../../core/catalogue/catalogue.ts'
import { formerParam } from '../../core/catalogue/history.ts'
import type { ParamValue } from '../../core/host.ts'
import { BadValue, type Param, type Params } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE } from '../../core/regex.ts'
import { positionText } from '../1-read/source.ts'
import type { ModParamNode } from '../2-parse/ast.ts'
import type { Context } from './context.ts'
import { absentOwner, moduleAdvice, reportMissing } from './missing.ts'
import { suggest } from './suggest.ts'

type Expand = (text: string) => string

/** Every modparam() as values for the modules that it names; `expand` is for modparamx(). */
export function checkModParams(ctx: Context, expand: Expand): ParamValue[] {
  const values: ParamValue[] = []
  const loaded: string[] = []
  for (const node of ctx.script.items) {
    if (node.kind === 'loadmodule') loaded.push(node.module)
    if (node.kind !== 'modparam') continue
    for (const module of modulesMatching(ctx, node, loaded)) {
      // A module that is not there has its own diagnostic.
      if (ctx.registry.module(module) === null) continue
      const value = modParamValue(ctx, node, module, expand)
      if (value !== null) values.push(value)
    }
  }
  ctx.registry.settle(
    (module, name) =>
      values.findLast(value => value.module === module && value.name === name)?.value,
  )
  return values
}

/** The loaded modules that a modparam names: an expression, without regard to case. */
function modulesMatching(ctx: Context, node: ModParamNode, loaded: readonly string[]): string[] {
  const pattern = node.modules.value
  if (loaded.includes(pattern)) return [pattern]
  try {
    const regex = compileRegex(`^(${pattern})$`, IGNORE_CASE)
    const found = loaded.filter(name => regex.test(name))
    if (found.length === 0) {
      const advice = moduleAdvice(ctx, pattern)
      ctx.report.error(node.modules.at, 'CFG_NO_MODULE_MATCHES', pattern, advice)
    }
    return [...new Set(found)]
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    ctx.report.error(node.modules.at, 'CFG_REGEX', error.message)
    return []
  }
}

function modParamValue(
  ctx: Context,
  node: ModParamNode,
  module: string,
  expand: Expand,
): ParamValue | null {
  const { report, registry } = ctx
  const name = node.name.value
  const absent = absentOwner(ctx, module)
  const param = registry.param(module, name)
  if (param === null && absent?.listed !== false) {
    const names = Object.keys(registry.module(module)!.params as Params)
    const former = formerParam(module, name)
    report.error(node.name.at, 'CFG_UNKNOWN_MODPARAM', module, name, suggest(name, names), former)
    return null
  }
  if (param?.since6 === true && ctx.strict56)
    report.error(node.name.at, 'CFG_ONLY_6', `the parameter ${name} of ${module}`)
  const kind = absent === null ? kindOf(param!) : (absent.params.get(name) ?? 'any')
  const given = node.evaluated ? evaluated(node.value.value, kind, expand) : node.value.value
  // Users and groups may be numbers in Kamailio, too.
  const either = kind === 'string' && knownModule(module)?.params.get(name) === 'any'
  const value = either ? String(given) : asSwitch(ctx, node, module, param, given)
  if (!fits(ctx, node, module, kind, value)) return null
  if (absent !== null) {
    // Without --allow-missing the module's own diagnostic says enough.
    if (ctx.surroundings.allowMissing)
      reportMissing(ctx, node.name.at, 'CFG_MISSING_PARAM', module, name)
    return null
  }
  const at = positionText(node.value.at)
  return readable(ctx, node, param!, value) ? { module, name, value, at } : null
}

/** Kamailio asks of a switch only whether it is 0. */
function asSwitch(
  ctx: Context,
  node: ModParamNode,
  module: string,
  param: Param<unknown> | null,
  value: string | number,
): string | number {
  if (param?.min !== 0 || param.max !== 1) return value
  if (typeof value !== 'number' || value === 0 || value === 1) return value
  ctx.report.warn(node.value.at, 'CFG_MODPARAM_SWITCH', module, node.name.value, value)
  return 1
}

type Kind = 'int' | 'string' | 'any'

function kindOf({ kind }: Param<unknown>): Kind {
  if (kind === 'each') return 'any'
  return kind === 'int' ? 'int' : 'string'
}

/** A number for a number, a text for a text, within its bounds. */
function fits(
  ctx: Context,
  node: ModParamNode,
  module: string,
  kind: Kind,
  value: string | number,
): boolean {
  const { at } = node.value
  const name = node.name.value
  if (kind !== 'any' && (kind === 'int') !== (typeof value === 'number')) {
    const code = kind === 'int' ? 'CFG_MODPARAM_NUMBER' : 'CFG_MODPARAM_TEXT'
    ctx.report.error(at, code, module, name)
    return false
  }
  const { min, max } = ctx.registry.param(module, name) ?? {}
  if (typeof value !== 'number') return true
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return true
  ctx.report.error(
    at,
    'CFG_MODPARAM_RANGE',
    module,
    name,
    String(min ?? 'any'),
    String(max ?? 'any'),
  )
  return false
}

/** What the module itself will make of the value. */
function readable(
  ctx: Context,
  node: ModParamNode,
  param: Param<unknown>,
  value: string | number,
): boolean {
  try {
    if (param.kind === 'each') param.parse!(value)
    else if (param.kind === 'format') ctx.formats.compile(String(value))
    else if (param.kind === 'pvar' && value !== '') ctx.formats.pvar(String(value))
    return true
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    const text = `parameter ${node.name.value} of ${node.modules.value}: ${error.message}`
    ctx.report.error(node.value.at, 'CFG_BAD_VALUE', text, error.hint)
    return false
  }
}

/** modparamx: the variables of the text have their values now; for a number it may be digits. */
function evaluated(value: string | number, kind: Kind, expand: Expand): string | number {
  if (typeof value === 'number') return value
  const text = expand(value)
  return kind === 'int' && /^-?\d+$/.test(text) ? Number(text) | 0 : text
}
