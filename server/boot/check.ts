/**
 * From a command line to a checked config: read, import what it loads, check. Starts nothing, so
 * `-c` and a reload use it alike.
 */
import coreSurface from '../core/core.module.ts'
import type { AnyModule } from '../core/module.ts'
import { Registry } from '../core/registry.ts'
import { modules } from '../modules/index.ts'
import {
  type Compiled,
  compile,
  type Diagnostic,
  type Loaded,
  load,
  reportMissing,
} from '../script/index.ts'
import type { CommandLine } from './options.ts'

/** A config that is not to be run: all that is wrong with it. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(one => one.severity === 'error')
    super(`bad config file (${errors.length} errors)`)
    this.diagnostics = diagnostics
  }
}

/** A config that has been checked, with the surfaces of its modules. */
export interface Checked {
  readonly compiled: Compiled
  readonly surfaces: readonly AnyModule[]
  readonly registry: Registry
  /** Preprocessor names with their texts, in order; null where a name has none. */
  readonly defines: ReadonlyMap<string, string | null>
}

/** Reads and checks; starts nothing. Throws ConfigError. */
export async function check(line: CommandLine): Promise<Checked> {
  const loaded = loadConfig(line)
  const registry = new Registry()
  registry.add(coreSurface)
  const surfaces = await importModules(loaded, registry)
  const compiled = compile(loaded, registry)
  if (compiled.failed) throw new ConfigError(await explained(line, registry))
  return { compiled, surfaces, registry, defines: definesOf(loaded) }
}

function loadConfig(line: CommandLine): Loaded {
  const { defines, substitutions } = line
  const loaded = load(line.configFile, { defines, substitutions, env: process.env })
  for (const name of line.loadModules) addModule(loaded, name)
  return loaded
}

/** What is wrong, with all modules at hand: a hint can then name the one that is not loaded. */
async function explained(line: CommandLine, registry: Registry): Promise<readonly Diagnostic[]> {
  const catalogue = new Registry()
  for (const loader of Object.values(modules)) catalogue.add((await loader()).default)
  const loaded = loadConfig(line)
  for (const wanted of loaded.modules)
    if (!(wanted.name in modules)) reportMissing(loaded, wanted, Object.keys(modules))
  return compile(loaded, registry, catalogue).diagnostics
}

/** --loadmodule: as if it stood at the end of the config. */
function addModule(loaded: Loaded, text: string): void {
  const name = text.replace(/\.so$/, '')
  const at = loaded.modules.at(-1)?.at ?? loaded.nowhere
  if (!loaded.modules.some(module => module.name === name)) loaded.modules.push({ name, at })
}

const definesOf = ({ defines }: Loaded): Map<string, string | null> =>
  new Map(defines.all().map(({ name, text }) => [name, text === '' ? null : text]))

async function importModules(loaded: Loaded, registry: Registry): Promise<AnyModule[]> {
  const surfaces: AnyModule[] = [coreSurface]
  for (const wanted of loaded.modules) {
    const { name } = wanted
    const loader = modules[name]
    if (loader === undefined) reportMissing(loaded, wanted, Object.keys(modules))
    else if (!surfaces.some(surface => surface.name === name)) {
      const surface = (await loader()).default
      surfaces.push(surface)
      registry.add(surface)
    }
  }
  return surfaces
}
