/** The instance of db_postgres: a driver of the database port. */
import type { DbCapability } from '../../core/db/api.ts'
import { type DbDriver, type DbLimits, type DbSession, SQL_CAN } from '../../core/db/driver.ts'
import { PooledSession } from '../../core/db/pool.ts'
import type { DbUrl } from '../../core/db/url.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import { addressOf } from './address.ts'
import { PostgresConnection } from './connection.ts'
import type { params } from './db_postgres.module.ts'

type Env = ModuleEnv<typeof params, {}>

export class DbPostgres implements DbDriver {
  readonly scheme = 'postgres'
  readonly can: ReadonlySet<DbCapability> = new Set(SQL_CAN)
  private readonly config: Env['config']

  constructor({ core, config }: Env) {
    this.config = config
    core.databases.add(this)
  }

  open(url: DbUrl, limits: DbLimits): DbSession {
    const { config } = this
    const address = addressOf(url, config.con_param)
    const seconds = config.timeout
    const keepAlive =
      config.tcp_keepalive === 0
        ? {}
        : { keepAlive: true, keepAliveInitialDelayMillis: config.tcp_keepalive * 1000 }
    return new PooledSession({
      connect: () =>
        PostgresConnection.open({
          ...address,
          ...keepAlive,
          // Nobody waits for longer than that.
          connectionTimeoutMillis:
            seconds * 1000 || address.connectionTimeoutMillis || limits.deadline,
        }),
      limits,
      retries: config.retries,
      pingInterval: 0,
    })
  }
}
