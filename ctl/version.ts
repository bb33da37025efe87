/** The version of the package. */
import { readFileSync } from 'node:fs'

export function ownVersion(): string {
  // dist/ctl/version.js and ctl/version.ts are both within the package.
  for (const path of ['../package.json', '../../package.json'])
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      continue
    }
  return 'unknown'
}
