/**
 * Step 3: the tree against what the loaded modules offer. Everything that is wrong ends in the
 * report.
 */
import type { ParamValue } from '../../core/host.ts'
import { BadValue, type Format, type PvHandle } from '../../core/module/index.ts'
import type { Formats } from '../../core/core.ts'
import type { Registry } from '../../core/registry.ts'
import { SourceFile, type Place } from '../1-read/source.ts'
import { readFormat } from '../2-parse/formats.ts'
import { BadPvar, readPvar } from '../2-parse/pvars.ts'
import { Report } from '../diagnostic.ts'
import type { ParsedConfig } from '../parse-config.ts'
import { type Context, contextWithout } from './context.ts'
import { checkDirectives } from './directives.ts'
import { checkEngine } from './engine.ts'
import { checkAvpFlags, checkCoreParams, checkFlags, type CoreSetting } from './globals.ts'
import type { Surroundings } from './missing.ts'
import { checkModParams } from './modparams.ts'
import { checkEventRoute, checkNeeds } from './modules.ts'
import { checkFormat, checkPvar, checkTarget } from './pvars.ts'
import { checkRests } from './rests.ts'
import { checkWaits, collectRoutes } from './routes.ts'
import { checkVariables } from './runtime-variables.ts'
import { checkRoute } from './statements.ts'

export interface CheckedConfig {
  readonly ctx: Context
  readonly coreSettings: readonly CoreSetting[]
  readonly paramValues: readonly ParamValue[]
}

export function checkConfig(
  config: ParsedConfig,
  registry: Registry,
  surroundings: Surroundings,
): CheckedConfig {
  const { script, report, options } = config
  const coreSettings = checkCoreParams(script, report, options.strict56)
  const groups = checkVariables(script, registry, report)
  const flags = checkFlags(script, report)
  const avpFlags = checkAvpFlags(script, report)
  checkDirectives(config.tokens.files, report)
  const routes = collectRoutes(script, report)
  const formats = checkingFormats(registry)
  const { strict56 } = options
  const names = { flags, avpFlags, groups }
  const around = { surroundings, strict56 }
  const ctx: Context = { script, registry, report, routes, ...names, formats, ...around }
  checkNeeds(ctx)
  checkEngine(ctx)
  const paramValues = checkModParams(ctx, config.expand)
  for (const node of script.items) {
    if (node.kind !== 'route') continue
    if (node.route === 'event') checkEventRoute(ctx, node)
    checkRoute(ctx, node)
  }
  if (runsForReplies(coreSettings)) checkWaits(ctx)
  checkRests(ctx)
  return { ctx, coreSettings, paramValues }
}

/** Does the onsend_route run for replies, too? */
const runsForReplies = (settings: readonly CoreSetting[]): boolean =>
  (settings.findLast(({ name }) => name === 'onsend_route_reply')?.value ?? 0) !== 0

/** A place for texts that stand in no file. */
export const NOWHERE: Place = { file: new SourceFile('', ''), start: 0, end: 0 }

/** Formats that are only looked at: what they make is never evaluated. */
function checkingFormats(registry: Registry): Formats {
  const guarded = (check: (ctx: Context) => boolean): void => {
    const ctx: Context = { ...contextWithout(registry), report: new Report() }
    const good = toBadValue(() => check(ctx))
    const [first] = ctx.report.diagnostics
    if (!good) throw new BadValue(first?.text ?? 'malformed', first?.hint)
  }
  const checkHandle = (check: typeof checkPvar, text: string): PvHandle => {
    guarded(ctx => check(ctx, readPvar(text, NOWHERE)))
    return { text, get: () => null, set: null }
  }
  return {
    compile: (text: string): Format => {
      guarded(ctx => checkFormat(ctx, readFormat(text, NOWHERE)))
      return () => ''
    },
    pvar: text => checkHandle(checkPvar, text),
    target: text => checkHandle(checkTarget, text),
  }
}

/** A malformed variable is a bad value to whoever asked for it. */
export function toBadValue<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof BadPvar) throw new BadValue(error.message, error.hint)
    throw error
  }
}
