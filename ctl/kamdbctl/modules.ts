/** The groups of tables that are made together, and their scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Engine } from '../database/engine.ts'
import type { Settings } from '../database/rc.ts'
import { Refused } from './refused.ts'

/** Kamailio's groups, and `ohana`; kamctlrc may name others. */
const GROUPS = {
  STANDARD_MODULES:
    'standard acc lcr domain group permissions registrar usrloc msilo alias_db uri_db speeddial ' +
    'avpops auth_db pdt dialog dispatcher dialplan topos ohana',
  PRESENCE_MODULES: 'presence rls',
  EXTRA_MODULES:
    'imc cpl siptrace domainpolicy carrierroute drouting userblocklist htable purple uac ' +
    'pipelimit mtree sca mohqueue rtpproxy rtpengine secfilter',
  DBUID_MODULES: 'uid_auth_db uid_avp_db uid_domain uid_gflags uid_uri_db',
} as const
export type Group = keyof typeof GROUPS

export const modulesOf = (get: Settings, group: Group): string[] =>
  (get(group) || GROUPS[group]).split(/\s+/).filter(name => name !== '')

/** Of the package, beside its dist/ or beside its sources. */
function templates(): string {
  for (const up of ['../../templates/db', '../../../templates/db']) {
    const path = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(path)) return path
  }
  throw new Refused('templates/db is missing from this installation')
}

/** The script that makes the tables of one module. */
export function scriptOf(engine: Engine, module: string): string {
  const path = `${templates()}/${engine}/${module}-create.sql`
  if (existsSync(path)) return readFileSync(path, 'latin1')
  throw new Refused(`Script for creating group of tables [${module}] not found`)
}

export const allModules = (engine: Engine): string[] =>
  readdirSync(`${templates()}/${engine}`).map(name => name.replace(/-create\.sql$/, ''))

export const textFolder = (): string => `${templates()}/dbtext`

const CREATE = /^CREATE TABLE [`]?(\w+)[`]? \(\n([^]*?)\n\);$/gm

export interface TableScript {
  readonly name: string
  readonly version: number
  /** Name -> its definition, as it follows the name. */
  readonly columns: ReadonlyMap<string, string>
  /** Statements that make its indexes. */
  readonly indexes: readonly string[]
  readonly create: string
}

/** What a script makes, table by table. */
export function tablesIn(script: string): TableScript[] {
  return [...script.matchAll(CREATE)].map(([create, name = '', body = '']) => {
    const lines = body.split('\n').map(line => line.trim().replace(/,$/, ''))
    const own = lines.filter(line => !line.startsWith('CONSTRAINT '))
    const columns = new Map(
      own.map(line => {
        const [column = '', ...definition] = line.split(' ')
        return [column.replaceAll('`', ''), definition.join(' ')]
      }),
    )
    const indexes = script.match(new RegExp(`^CREATE INDEX \\w+ ON ${name} .*;$`, 'gm')) ?? []
    const version = new RegExp(`VALUES \\('${name}', (\\d+)\\)`).exec(script)?.[1] ?? '0'
    return { name, version: Number(version), columns, indexes, create }
  })
}
