/** Where a script file is that a config names. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Core } from '../core.ts'

/** A relative path is looked for beside the config, then where the node runs (Kamailio's way). */
export function scriptPath({ options }: Core, path: string): string {
  if (path === '' || isAbsolute(path)) return path
  const beside = resolve(dirname(options.configFile), path)
  return existsSync(beside) ? beside : resolve(path)
}
