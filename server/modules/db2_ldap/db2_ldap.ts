/** The instance of db2_ldap: a driver of the database port, which only reads. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { DbCapability } from '../../core/db/api.ts'
import type { DbDriver, DbLimits, DbSession } from '../../core/db/driver.ts'
import { PooledSession } from '../../core/db/pool.ts'
import type { DbUrl } from '../../core/db/url.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { serverOf } from './address.ts'
import { LdapConnection } from './connection.ts'
import type { params } from './db2_ldap.module.ts'
import { type LdapMap, readMap } from './map.ts'
import { Tables } from './tables.ts'

type Env = ModuleEnv<typeof params, {}>

const CAN: ReadonlySet<DbCapability> = new Set(['query', 'fetch'])

export class Db2Ldap {
  private readonly core: Env['core']
  private readonly config: Env['config']
  private readonly map: LdapMap

  constructor({ core, config }: Env) {
    this.core = core
    this.config = config
    this.map = fileOf(resolve(dirname(core.options.configFile), config.config))
    for (const warning of this.map.warnings) core.log.warn('db2_ldap', warning)
    for (const scheme of ['ldap', 'ldaps']) core.databases.add(this.driver(scheme))
  }

  private driver(scheme: string): DbDriver {
    return { scheme, can: CAN, open: (url, limits) => this.open(url, limits) }
  }

  private open(url: DbUrl, limits: DbLimits): DbSession {
    const { core, config, map } = this
    const server = serverOf(url, map)
    const tables = new Tables(map, () => core.params.version_table)
    return new PooledSession({
      connect: () => LdapConnection.open(server, tables, limits.deadline),
      limits,
      retries: config.reconnect_attempt,
      pingInterval: 0,
    })
  }
}

/** Throws BadValue. */
function fileOf(path: string): LdapMap {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch (error) {
    throw new BadValue(
      `Error while loading configuration file: ${(error as Error).message}`,
      'the parameter config names it, relative to the config of the node',
    )
  }
  return readMap(text, path)
}
