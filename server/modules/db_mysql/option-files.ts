/** Option files of MySQL (my.cnf): `mysql://[group]/database` takes the user from there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The files that MySQL's client library reads, in this order. */
export const optionFiles = (): string[] => [
  '/etc/my.cnf',
  '/etc/mysql/my.cnf',
  join(homedir(), '.my.cnf'),
]

/** The options of one group; those that come later win. */
export function readGroup(group: string, files = optionFiles()): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of files) if (existsSync(file)) readFile(file, group, found)
  return found
}

function readFile(path: string, group: string, found: Map<string, string>): void {
  let inside = false
  for (const line of readFileSync(path, 'utf8')
    .split('\n')
    .map(one => one.trim())) {
    const [, directive, target = ''] = /^!(includedir|include)\s+(.+)$/.exec(line) ?? []
    if (directive === 'include' && existsSync(target)) readFile(target, group, found)
    if (directive === 'includedir' && existsSync(target))
      for (const name of readdirSync(target).toSorted())
        if (name.endsWith('.cnf')) readFile(join(target, name), group, found)
    const [, heading] = /^\[(.+)\]/.exec(line) ?? []
    if (heading !== undefined) inside = heading === group
    const [, name, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (inside && name !== undefined && value !== undefined)
      found.set(name.replaceAll('_', '-'), value.replace(/^(["'])(.*)\1$/, '$2'))
  }
}
