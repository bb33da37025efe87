/**
 * Step 3: the tree against what the loaded modules offer. Everything that is wrong ends in the
 * report.
 */
import type { ParamValue } from '../../core/host.ts'
import { BadValue, type Format, type PvHandle } from '../../core/module.ts'
import type { Formats } from '../../core/core.ts'
import type { Registry } from '../../core/registry.ts'
import { withLoadVariables } from '../1-read/load-variables.ts'
import { SourceFile, type Place } from '../1-read/source.ts'
import { readFormat } from '../2-parse/formats.ts'
import { BadPvar, readPvar } from '../2-parse/pvars.ts'
import { Report } from '../diagnostic.ts'
import type { ParsedConfig } from '../parse-config.ts'
import { type Context, contextWithout } from './context.ts'
import {
  checkCoreParams,
  checkFlags,
  checkModParams,
  checkSettings,
  checkVariables,
  type CoreSetting,
} from './globals.ts'
import { checkFormat, checkPvar } from './pvars.ts'
import { collectRoutes } from './routes.ts'
import { checkRoute } from './statements.ts'

export interface CheckedConfig {
  readonly ctx: Context
  readonly coreSettings: readonly CoreSetting[]
  readonly paramValues: readonly ParamValue[]
}

export function checkConfig(
  config: ParsedConfig,
  registry: Registry,
  catalogue: Registry | null,
): CheckedConfig {
  const { script, report, options } = config
  const coreSettings = checkCoreParams(script, report, options.strict56)
  checkVariables(script, report)
  const flags = checkFlags(script, report)
  checkSettings(script, report)
  const { defines } = config.tokens
  const expand = (text: string): string => withLoadVariables(text, options.env, defines)
  const paramValues = checkModParams(script, registry, report, expand)
  const routes = collectRoutes(script, report)
  const formats = checkingFormats(registry)
  const { strict56 } = options
  const ctx: Context = { script, registry, report, routes, flags, formats, catalogue, strict56 }
  for (const node of script.items) if (node.kind === 'route') checkRoute(ctx, node)
  return { ctx, coreSettings, paramValues }
}

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
  return {
    compile: (text: string): Format => {
      guarded(ctx => checkFormat(ctx, readFormat(text, NOWHERE)))
      return () => ''
    },
    pvar: (text: string): PvHandle => {
      guarded(ctx => checkPvar(ctx, readPvar(text, NOWHERE)))
      return { text, get: () => null, set: null }
    },
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
