/**
 * From a command line to a checked config: read, import what it loads, check. Starts nothing, so
 * `-c` and a reload use it alike.
 */
import { resolve } from 'node:path'
import coreSurface from '../core/core.module.ts'
import type { AnyModule } from '../core/module/index.ts'
import { Registry } from '../core/registry.ts'
import type { Vars } from '../core/vars.ts'
import { modules } from '../modules/index.ts'
import {
  type Compiled,
  compile,
  type Diagnostic,
  type Loaded,
  absentSurface,
  load,
  type ReadFile,
  readFromDisk,
  type Surroundings,
} from '../script/index.ts'
import type { CommandLine } from './options.ts'

/** A config that is not to be run: all that is wrong with it. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[], omitted = 0) {
    const errors = diagnostics.filter(one => one.severity === 'error').length
    const warnings = diagnostics.length - errors
    const counts = [`${errors} errors`]
    if (warnings > 0) counts.push(`${warnings} warning${warnings === 1 ? '' : 's'}`)
    if (omitted > 0) counts.push(`${omitted} more are not shown`)
    super(`bad config file (${counts.join(', ')})`)
    this.diagnostics = diagnostics
  }
}

/** A config that has been checked, with the surfaces of its modules. */
export interface Checked {
  readonly compiled: Compiled
  readonly surfaces: readonly AnyModule[]
  readonly registry: Registry
  /** Where it was read: files that it includes are looked for here. */
  readonly directory: string
}

/** For a config that is to follow another one in a running node. */
interface Succession {
  /** Those of the node; without them it can only be looked at. */
  readonly vars?: Vars
  /** Where the first one was read: a node may have gone elsewhere since (-w). */
  readonly directory: string
}

/** Modules with the transformations that configs use in #!substdef. */
const EARLY = ['pv', 'textops']

/** Reads and checks; starts nothing. Throws ConfigError. */
export async function check(line: CommandLine): Promise<Checked> {
  const checked = await examine(line)
  const { failed, diagnostics, omitted } = checked.compiled
  if (failed) throw new ConfigError(diagnostics, omitted)
  return checked
}

/** The same, whether the config is good or not. */
export async function examine(
  line: CommandLine,
  { vars, directory }: Succession = { directory: process.cwd() },
): Promise<Checked> {
  const early = new Registry()
  for (const name of EARLY) early.add((await modules[name]!()).default)
  const loaded = loadConfig(line, early, path => readFromDisk(resolve(directory, path)))
  const registry = new Registry()
  registry.add(coreSurface)
  const surroundings = { available: Object.keys(modules), allowMissing: line.allowMissing }
  const surfaces = await importModules(loaded, registry, surroundings)
  const compiled = compile(loaded, registry, surroundings, vars)
  return { compiled, surfaces, registry, directory }
}

function loadConfig(line: CommandLine, early: Registry, read: ReadFile): Loaded {
  const { defines, substitutions, strict56, loadModules, modParams } = line
  return load(line.configFile, {
    read,
    defines,
    substitutions,
    env: process.env,
    strict56,
    early,
    modules: loadModules,
    modParams,
  })
}

/** The surfaces of what the config loads; what is not here stands in for itself. */
async function importModules(
  loaded: Loaded,
  registry: Registry,
  surroundings: Surroundings,
): Promise<AnyModule[]> {
  const surfaces: AnyModule[] = [coreSurface]
  const add = (surface: AnyModule): void => {
    surfaces.push(surface)
    registry.add(surface)
  }
  const missing = loaded.modules.filter(({ name }) => !Object.hasOwn(modules, name))
  for (const { name } of loaded.modules)
    if (Object.hasOwn(modules, name)) add((await modules[name]!()).default)
  for (const wanted of missing) add(absentSurface(loaded, wanted, registry, surroundings))
  return surfaces
}
