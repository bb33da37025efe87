/** The instance of db_mysql: a driver of the database port. */
import type { ConnectionOptions } from 'mysql2'
import type { DbCapability } from '../../core/db/api.ts'
import { type DbDriver, type DbLimits, type DbSession, SQL_CAN } from '../../core/db/driver.ts'
import { PooledSession } from '../../core/db/pool.ts'
import type { DbUrl } from '../../core/db/url.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import { addressOf } from './address.ts'
import { MysqlConnection, type StatementOptions } from './connection.ts'
import type { params, stats } from './db_mysql.module.ts'

type Env = ModuleEnv<typeof params, {}, typeof stats>

/** Statements that a connection keeps prepared. */
const MOST_PREPARED = 200

/** Of opt_ssl_mode: encrypted where the server can. */
const PREFERRED = 2

export class DbMysql implements DbDriver {
  readonly scheme = 'mysql'
  readonly can: ReadonlySet<DbCapability> = new Set([...SQL_CAN, 'last_id'])
  private readonly config: Env['config']
  private readonly stats: Env['stats']

  constructor({ core, config, stats }: Env) {
    this.config = config
    this.stats = stats
    if (config.insert_delayed !== 0)
      core.log.warn('db_mysql', 'insert_delayed: servers of today insert at once')
    core.databases.add(this)
  }

  open(url: DbUrl, limits: DbLimits): DbSession {
    const { config } = this
    const security = { mode: config.opt_ssl_mode, authorities: config.opt_ssl_ca }
    const how: ConnectionOptions = {
      ...addressOf(url, security),
      charset: 'UTF8MB4_GENERAL_CI',
      connectTimeout: config.timeout_interval * 1000,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      maxPreparedStatements: MOST_PREPARED,
      // An update that changes nothing touches no row, unless the parameter wants them found.
      ...(config.update_affected_found === 0 ? { flags: ['-FOUND_ROWS'] } : {}),
    }
    const statements = { unsigned: config.unsigned_type !== 0, errors: this.stats.driver_errors }
    return new PooledSession({
      connect: () => connect(how, statements, security.mode === PREFERRED),
      limits,
      retries: config.auto_reconnect === 0 ? 0 : Math.max(1, config.retries),
      pingInterval: config.ping_interval * 1000,
    })
  }
}

async function connect(
  how: ConnectionOptions,
  statements: StatementOptions,
  orPlain: boolean,
): Promise<MysqlConnection> {
  try {
    return await MysqlConnection.open(how, statements)
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    if (!orPlain || code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error
    const { ssl: _ssl, ...plain } = how
    return MysqlConnection.open(plain, statements)
  }
}
