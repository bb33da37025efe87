/**
 * The variables that need no module: the last return code, nothing, the environment and the
 * defines of the config.
 */
import type { CoreInstance } from './core.module.ts'
import { BadValue, keyed, since6, variable, type Pvar, type PvValue } from './module/index.ts'

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

/** Without the quotes that a define may be written in. */
const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2')

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
  defv: since6(
    keyed({
      doc: 'The value of a #!define without quotes; its name when it has no value.',
      parse: nameOf,
      get: (self: CoreInstance, _msg, name) => {
        const value = self.defines.get(name)
        return value === undefined ? null : unquoted(value) || name
      },
    }),
  ),
  defs: since6(
    keyed({
      doc: 'The value of a #!define between double quotes.',
      parse: nameOf,
      get: (self: CoreInstance, _msg, name) => {
        const value = self.defines.get(name)
        return value === undefined ? null : `"${unquoted(value)}"`
      },
    }),
  ),
  iuid: since6(
    variable({
      doc: 'Name of this instance among others: coreparam[iuid]; null when it has none.',
      get: () => null,
    }),
  ),
}
