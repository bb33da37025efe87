/**
 * The variables that need no module: the last return code, nothing, the environment and the
 * defines of the config.
 */
import type { CoreInstance } from './core.module.ts'
import { BadValue, keyed, variable, type Pvar, type PvValue } from './module.ts'

type Row = Pvar<CoreInstance>

const returnCode: Row = variable({
  doc: 'What the last function or route returned.',
  get: (_self, msg) => msg.rc,
})

/** A name between parentheses, without blanks around it. */
function nameOf(inner: string): string {
  const name = inner.trim()
  if (name === '') throw new BadValue('a name is expected')
  return name
}

/** The number that a text begins with, as C's atoi reads it. */
function numberOf(text: string): number {
  const found = /^\s*[+-]?\d+/.exec(text)
  return found === null ? 0 : Number(found[0]) | 0
}

const environment = (name: string): string | null => process.env[name] ?? null

const number = (text: string | null | undefined): PvValue =>
  text === null || text === undefined ? null : numberOf(text)

export const corePvars: Record<string, Row> = {
  '?': returnCode,
  rc: returnCode,
  retcode: returnCode,
  null: variable({ doc: 'Nothing: absent values equal it.', get: () => null }),
  env: keyed({
    doc: 'An environment variable; null when it is not set.',
    parse: nameOf,
    get: (_self: CoreInstance, _msg, name) => environment(name),
  }),
  envn: keyed({
    doc: 'An environment variable as a number.',
    parse: nameOf,
    get: (_self: CoreInstance, _msg, name) => number(environment(name)),
  }),
  def: keyed({
    doc: 'The value of a #!define as it is written; null when it is not defined.',
    parse: nameOf,
    get: (self: CoreInstance, _msg, name) => self.defines.get(name) ?? null,
  }),
  defn: keyed({
    doc: 'The value of a #!define as a number.',
    parse: nameOf,
    get: (self: CoreInstance, _msg, name) => number(self.defines.get(name)),
  }),
}
