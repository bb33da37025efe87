/** cnt.*: statistics one by one, in alphabetical order as Kamailio keeps them. */
import { Fault } from '../../../rpc/faults.ts'
import type { Counter } from '../../core/counters.ts'
import type { ScriptCounters } from './counters.ts'

function find({ all }: ScriptCounters, group: string, name: string): Counter {
  const counter = all.find(group, name)
  // The line end is Kamailio's.
  if (counter === null) throw new Fault(400, `non-existent counter ${group}.${name}\n`)
  return counter
}

const inGroup = ({ all }: ScriptCounters, group: string): Counter[] =>
  all.inGroup(group).sort((a, b) => (a.name < b.name ? -1 : 1))

export function get(
  self: ScriptCounters,
  group: string,
  name: string | undefined,
): number | Record<string, number> {
  return name === undefined ? getAll(self, group) : Math.trunc(find(self, group, name).current())
}

export function getAll(self: ScriptCounters, group: string): Record<string, number> {
  return Object.fromEntries(inGroup(self, group).map(c => [c.name, Math.trunc(c.current())]))
}

/** Without what is computed: a gauge has no value of its own. */
export function getRaw(self: ScriptCounters, group: string, name: string): number {
  return Math.trunc(find(self, group, name).value)
}

/** A gauge cannot be set back: it tells what is. */
export function reset(self: ScriptCounters, group: string, name: string): void {
  find(self, group, name).value = 0
}

export const listGroups = ({ all }: ScriptCounters): string[] => all.groupNames().sort()

export const listNames = (self: ScriptCounters, group: string): string[] =>
  inGroup(self, group).map(counter => counter.name)

export function help(self: ScriptCounters, group: string, name: string): string {
  const { doc } = find(self, group, name)
  if (doc === '') throw new Fault(400, `no description for counter ${group}.${name}\n`)
  return doc
}
