/** The tables that a config names in its calls: their versions are checked at the start. */
import type { Formats } from '../../core/core.ts'
import { BadValue, parsed } from '../../core/module/index.ts'

/** By the node whose config it is; null when it has started and no more are noted. */
const named = new WeakMap<Formats, Set<string> | null>()

function note(name: string, formats: Formats): string {
  if (name === '') throw new BadValue('empty parameter table not allowed')
  const known = named.get(formats)
  if (known === undefined) named.set(formats, new Set([name]))
  else known?.add(name)
  return name
}

export const tableArgument = parsed('table', note)

/** Those that were named so far. */
export function namedTables(formats: Formats): readonly string[] {
  const known = named.get(formats)
  named.set(formats, null)
  return [...(known ?? [])]
}
