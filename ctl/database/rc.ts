/**
 * kamctlrc: the file in which Kamailio's tools look for their settings. It is shell, of which
 * assignments are understood; the tools' settings in the environment count where no file has them.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../exit.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A value, '' when nobody set it. */
export type Settings = (name: string) => string

/** Later files win, as for Kamailio's tools. */
export function rcPaths(env: Environment): string[] {
  if (env.KAMCTLRC) return [env.KAMCTLRC]
  const own = join(env.HOME || homedir(), '.kamctlrc')
  return ['/etc/kamailio/kamctlrc', own, ...(env.KAMCTL_TEST ? ['kamctlrc'] : [])]
}

export function readSettings(env: Environment): Settings {
  const values = new Map<string, string>()
  const get = (name: string): string => values.get(name) ?? env[name] ?? ''
  for (const path of rcPaths(env)) assign(textOf(path, path === env.KAMCTLRC), get, values)
  return get
}

/** Files that nobody has named may be missing; throws UsageError. */
function textOf(path: string, named: boolean): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (named) throw new UsageError(`KAMCTLRC: ${(error as Error).message}`)
    return ''
  }
}

const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=((?:"(?:[^"\\]|\\[^])*"|'[^']*'|\\.|[^\s"'\\;#&|])*)/gm

/** Takes the assignments of a text in their order. Exported for tests. */
export function assign(text: string, get: Settings, values: Map<string, string>): void {
  for (const [, name = '', value = ''] of text.matchAll(ASSIGNMENT))
    values.set(name, unquoted(value, get))
}

function unquoted(value: string, get: Settings): string {
  return value.replace(
    /'([^']*)'|"((?:[^"\\]|\\[^])*)"|([^'"]+)/g,
    (_, single?: string, double?: string, bare?: string) => {
      if (single !== undefined) return single
      if (double !== undefined) return expanded(double.replace(/\\(["\\`])/g, '$1'), get)
      return expanded((bare ?? '').replace(/\\(.)/g, '$1'), get)
    },
  )
}

/** `$NAME`, `${NAME}`, `${NAME:-value}`. */
function expanded(text: string, get: Settings): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (_, plain?: string, braced?: string, fallback?: string) =>
      get(plain ?? braced ?? '') || (fallback ?? ''),
  )
}
