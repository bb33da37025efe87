/** stats.*: statistics as kamctl asks for them: `all`, a group with a colon, or a name. */
import type { Counter } from '../../core/counters.ts'
import type { Kex } from './kex.ts'

const byName = (a: Counter, b: Counter): number => (a.name < b.name ? -1 : 1)

function inGroup(self: Kex, group: string): Counter[] {
  return self.core.counters.inGroup(group).sort(byName)
}

/** `group.name` and `group:name` are understood where `exact` allows them (stats.fetch). */
function named(self: Kex, text: string, exact: boolean): Counter | null {
  const { counters } = self.core
  const found = exact ? /^([^.:]+)[.:](.+)$/.exec(text) : null
  return found === null ? counters.named(text) : counters.find(found[1]!, found[2]!)
}

/** The statistics that the words ask for, in their order; an unknown word asks for none. */
function asked(self: Kex, words: readonly string[], exact: boolean): Counter[] {
  return words.flatMap(word => {
    if (word === 'all') {
      return self.core.counters
        .groupNames()
        .sort()
        .flatMap(group => inGroup(self, group))
    }
    if (word.endsWith(':')) return inGroup(self, word.slice(0, -1))
    const counter = named(self, word, exact)
    return counter === null ? [] : [counter]
  })
}

const shown = (counter: Counter): number => Math.trunc(counter.current())

export const getStatistics = (self: Kex, first: string, more: string[]): string[] =>
  asked(self, [first, ...more], false).map(c => `${c.group}:${c.name} = ${shown(c)}`)

const fetched = (self: Kex, first: string, more: string[]): [string, number][] =>
  asked(self, [first, ...more], true).map(c => [`${c.group}.${c.name}`, shown(c)])

export const fetch = (self: Kex, first: string, more: string[]): Record<string, string> =>
  Object.fromEntries(fetched(self, first, more).map(([name, value]) => [name, String(value)]))

export const fetchNumbers = (self: Kex, first: string, more: string[]): Record<string, number> =>
  Object.fromEntries(fetched(self, first, more))

/** What is computed cannot be set back: it tells what is. */
function resetOne(counter: Counter): void {
  if (counter.read === null) counter.value = 0
}

export function resetStatistics(self: Kex, first: string, more: string[]): void {
  for (const counter of asked(self, [first, ...more], true)) resetOne(counter)
}

/** `group:name = new (old)` for each that changed; the old value is left out where nothing did. */
export function clearStatistics(self: Kex, first: string, more: string[]): string[] {
  return asked(self, [first, ...more], true).map(counter => {
    const old = shown(counter)
    resetOne(counter)
    const now = shown(counter)
    const change = old === now ? '' : ` (${old})`
    return `${counter.group}:${counter.name} = ${now}${change}`
  })
}
