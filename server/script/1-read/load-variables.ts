/**
 * The variables that have a value before any message is there: in modparamx(), loadmodulex and
 * #!substdef.
 */
import type { Defines } from './defines.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const KNOWN = /\$(?:(env|envn|def|defn)\(([^()]*)\)|\((env|envn|def|defn)\(([^()]*)\)\))/g

/**
 * The text with `$env(X)`, `$envn(X)`, `$def(X)` and `$defn(X)` replaced; what is not set is
 * nothing.
 */
export function withLoadVariables(text: string, env: Environment, defines: Defines): string {
  return text.replace(KNOWN, (_, short?: string, name?: string, long?: string, other?: string) => {
    const kind = short ?? long!
    const key = (name ?? other!).trim()
    const value = kind.startsWith('env') ? env[key] : defines.get(key)?.text
    if (!kind.endsWith('n')) return value ?? ''
    return String(Number.parseInt(value ?? '', 10) | 0)
  })
}
