// kamctl and kamdbctl as programs, ours and Debian's, each with a kamctlrc of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { run } from './child.ts'
import type { MariadbServer } from './mariadb.ts'
import type { PostgresServer } from './postgres.ts'

export type Settings = Readonly<Record<string, string>>
export type ToolResult = { code: number; output: string }
export type ToolOptions = { input?: string; original?: boolean; env?: Record<string, string> }

const ALL_TABLES = {
  INSTALL_EXTRA_TABLES: 'yes',
  INSTALL_PRESENCE_TABLES: 'yes',
  INSTALL_DBUID_TABLES: 'yes',
}
/** The user of the nodes; `kamailio` is the owner in the servers of the kit. */
const USERS = { DBRWUSER: 'ksr', DBRWPW: 'ksr-secret', DBROUSER: 'ksro', DBROPW: 'ksro-secret' }

export const sqliteSettings = (path: string): Settings => ({
  ...ALL_TABLES,
  DBENGINE: 'SQLITE',
  DB_PATH: path,
})

export const mariadbSettings = ({ port }: MariadbServer, name: string): Settings => ({
  ...ALL_TABLES,
  ...USERS,
  DBENGINE: 'MYSQL',
  DBHOST: '127.0.0.1',
  DBPORT: String(port),
  DBROOTUSER: 'root',
  DBROOTPWSKIP: 'yes',
  DBNAME: name,
  CHARSET: 'latin1',
})

export const postgresSettings = ({ port }: PostgresServer, name: string): Settings => ({
  ...ALL_TABLES,
  ...USERS,
  DBENGINE: 'PGSQL',
  DBHOST: '127.0.0.1',
  DBPORT: String(port),
  DBROOTUSER: 'kamailio',
  DBROOTPWSKIP: 'yes',
  DBNAME: name,
})

/** A folder that is gone after the test. */
export function folderForTest(): string {
  const path = mkdtempSync(join(tmpdir(), 'ohana-database-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function tool(
  [ours, theirs]: [string, string],
  settings: Settings,
  words: readonly string[],
  { input = '', original = false, env = {} }: ToolOptions,
): Promise<ToolResult> {
  const home = mkdtempSync(join(tmpdir(), 'ohana-home-'))
  const rc = join(home, '.kamctlrc')
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(rc, lines.join(''))
  const errors = join(home, 'errors')
  // Nobody's node: the tools look for its socket.
  const own = { HOME: home, KAMCTLRC: rc, XDG_RUNTIME_DIR: home, OHANA_NODE: `${home}/none` }
  const program = original ? theirs : resolve(ours)
  try {
    const { code, output } = await run(
      'sh',
      ['-c', `exec "$0" "$@" 2>${errors}`, program, ...words],
      { input, env: { ...own, ...env } },
    )
    const said = Buffer.from(output, 'latin1').toString('utf8')
    return { code, output: code === 0 ? said : said + readFileSync(errors, 'utf8') }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

export const kamdbctl = (
  settings: Settings,
  words: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> => tool(['ctl/bin/kamdbctl', '/usr/sbin/kamdbctl'], settings, words, options)

/** What it prints on standard output; what it says beside that only when it fails. */
export const kamctl = (
  settings: Settings,
  words: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> => tool(['ctl/bin/kamctl', '/usr/sbin/kamctl'], settings, words, options)
