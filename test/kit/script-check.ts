// A config that was read, checked against the modules that it loads; those that are missing stand
// in for themselves.
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import { modules } from '../../server/modules/index.ts'
import {
  absentSurface,
  type Compiled,
  compile,
  type Loaded,
  type Surroundings,
} from '../../server/script/index.ts'

/** `available`: all modules of this build when it is not said. */
export async function compileLoaded(
  loaded: Loaded,
  { available = Object.keys(modules), allowMissing = true }: Partial<Surroundings> = {},
): Promise<Compiled> {
  const registry = new Registry()
  registry.add(coreSurface)
  const surroundings = { available, allowMissing }
  for (const { name } of loaded.modules)
    if (available.includes(name)) registry.add((await modules[name]!()).default)
  for (const wanted of loaded.modules)
    if (registry.module(wanted.name) === null)
      registry.add(absentSurface(loaded, wanted, registry, surroundings))
  return compile(loaded, registry, surroundings)
}
