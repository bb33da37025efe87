/**
 * What a config names that is not here: modules that are not built yet and what it uses of them,
 * and for what is unknown altogether the module that would have it, or what became of it.
 */
import { absentModule } from '../../core/catalogue/absent.ts'
import {
  KnownModule,
  knownModule,
  knownModuleNames,
  knownNames,
  modulesWith,
  modulesWithTransformation,
} from '../../core/catalogue/catalogue.ts'
import { formerFunction, formerModule } from '../../core/catalogue/history.ts'
import { insteadOf } from '../../core/db/advice.ts'
import type { AnyModule } from '../../core/module/index.ts'
import type { Place } from '../1-read/source.ts'
import type { CallNode, Expression } from '../2-parse/ast.ts'
import type { Code, Report } from '../diagnostic.ts'
import type { MESSAGES } from '../messages.ts'
import type { Context } from './context.ts'
import { aritiesText } from './arity.ts'
import { suggest } from './suggest.ts'

/** What a build has around a config. */
export interface Surroundings {
  /** The modules that could be loaded. */
  readonly available: readonly string[]
  /** What belongs to a module that is not here is a warning, and fails when it is used. */
  readonly allowMissing: boolean
}

/** Errors, or warnings with --allow-missing. */
export function reportMissing<C extends Code>(
  { report, surroundings }: { report: Report; surroundings: Surroundings },
  place: Place,
  code: C,
  ...args: Parameters<(typeof MESSAGES)[C]>
): void {
  if (surroundings.allowMissing) report.warn(place, code, ...args)
  else report.error(place, code, ...args)
}

/**
 * Reports a module that this build does not have, and gives what stands in for it. `called` are the
 * functions that nobody has, for a module of which nothing is known.
 */
export function missingModule(
  ctx: { report: Report; surroundings: Surroundings },
  name: string,
  at: Place,
  called: () => Iterable<string>,
): AnyModule {
  const known = knownModule(name)
  if (known !== null) {
    const { allowMissing } = ctx.surroundings
    const instead = insteadOf(name.replace(/^db_/, '')) ?? ''
    reportMissing(ctx, at, 'CFG_MISSING_MODULE', name, known.version, allowMissing, instead)
    return absentModule(known, known.listed ? [] : called())
  }
  const { available } = ctx.surroundings
  const alike = suggest(name, new Set([...available, ...knownModuleNames()]))
  reportMissing(ctx, at, 'CFG_UNKNOWN_MODULE', name, alike, formerModule(name))
  return absentModule(new KnownModule(name, { known: 'by name' }, {}), called())
}

/** The module behind a name when it is not here; null when it is. */
export const absentOwner = (ctx: Context, module: string): KnownModule | null =>
  ctx.registry.module(module)?.absent ?? null

/** A call of a function of a module that is not here: its arguments cannot be looked into. */
export function checkAbsentCall(
  ctx: Context,
  call: CallNode,
  module: KnownModule,
  checkValue: (node: Expression) => void,
): void {
  reportMissing(ctx, call.at, 'CFG_MISSING_FUNCTION', call.name, module.name)
  const arities = module.functions.get(call.name)?.arities ?? []
  const given = call.args.length
  if (arities.length > 0 && !arities.includes(given)) {
    const wanted = aritiesText(arities)
    ctx.report.error(call.at, 'CFG_ARITY', `${call.name}()`, given, wanted, '')
  }
  for (const arg of call.args) if (!['text', 'number', 'word'].includes(arg.kind)) checkValue(arg)
}

/**
 * No module has or had a function of this name, and none of these modules has one like it: it is no
 * slip of the pen.
 */
export function isUnheardOf(name: string, loaded: readonly string[]): boolean {
  if (modulesWith('functions', name).length > 0 || formerFunction(name) !== '') return false
  const near = loaded.flatMap(module => [...(knownModule(module)?.functions.keys() ?? [])])
  return suggest(name, near).length === 0
}

const loadAdvice = (module: string): string => `put loadmodule "${module}.so" above`

/** Of several modules with a name, the one to load; what to say when it is not here. */
function ownerAdvice(ctx: Context, all: readonly string[]): string {
  // A module that is loaded would have been asked.
  const owners = all.filter(module => ctx.registry.module(module) === null)
  const ours = owners.find(module => ctx.surroundings.available.includes(module))
  if (ours !== undefined) return loadAdvice(ours)
  const [owner] = owners
  if (owner === undefined) return ''
  return `it belongs to module ${owner} of Kamailio ${knownModule(owner)!.version}, not here yet`
}

/** What to do about a function that no loaded module has; '' when nothing is known of it. */
export function functionAdvice(ctx: Context, name: string, alike: readonly string[]): string {
  const advice = ownerAdvice(ctx, modulesWith('functions', name)) || formerFunction(name)
  if (advice !== '' || alike.length > 0) return advice
  const loaded = modulesWith('functions', name)[0]
  if (loaded !== undefined) return `module ${loaded} of a later Kamailio has it, ours does not yet`
  const [near] = suggest(name, knownNames('functions'))
  return near === undefined
    ? ''
    : `did you mean ${near}() of module ${modulesWith('functions', near)[0]}?`
}

export const pvarAdvice = (ctx: Context, name: string): string =>
  ownerAdvice(ctx, modulesWith('pvars', name))

export const transformationAdvice = (ctx: Context, name: string): string =>
  ownerAdvice(ctx, modulesWithTransformation(name))

/** What to do about a modparam whose modules nobody loads. */
export function moduleAdvice(ctx: Context, pattern: string): string {
  const { available } = ctx.surroundings
  if (available.includes(pattern) || knownModule(pattern) !== null) return loadAdvice(pattern)
  if (formerModule(pattern) !== '') return formerModule(pattern)
  const alike = suggest(pattern, new Set([...available, ...knownModuleNames()]))
  return alike.length === 0
    ? 'load it above, or drop the line'
    : `did you mean '${alike.join("' or '")}'?`
}
