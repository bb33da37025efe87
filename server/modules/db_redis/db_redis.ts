/** The instance of db_redis: a driver of the database port. */
import type { DbCapability } from '../../core/db/api.ts'
import {
  CAN_WITHOUT_TRANSACTIONS,
  type DbDriver,
  type DbLimits,
  type DbSession,
} from '../../core/db/driver.ts'
import { type DbUrl, shownUrl } from '../../core/db/url.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { RedisClient } from './client.ts'
import type { params } from './db_redis.module.ts'
import type { TableKeys } from './keys.ts'
import { Schemas } from './schemas.ts'
import { RedisSession } from './session.ts'

type Env = ModuleEnv<typeof params, {}>

const PORT = 6379

export class DbRedis implements DbDriver {
  readonly scheme = 'redis'
  readonly can: ReadonlySet<DbCapability> = new Set(
    CAN_WITHOUT_TRANSACTIONS.filter(one => one !== 'raw'),
  )
  private readonly core: Env['core']
  private readonly schemas: Schemas
  private readonly keys: ReadonlyMap<string, TableKeys>

  constructor({ core, config }: Env) {
    this.core = core
    this.schemas = new Schemas(config.schema_path)
    this.keys = new Map(config.keys.flatMap(tables => [...tables]))
    core.databases.add(this)
  }

  open(url: DbUrl, limits: DbLimits): DbSession {
    const { host, port, user, password, database } = url
    if (url.text.includes(',') || host === '')
      throw new BadValue(
        `${shownUrl(url)} names no single server`,
        'redis://host:port/number; clusters of Redis are for ndb_redis',
      )
    if (!/^\d{0,4}$/.test(database))
      throw new BadValue(`"${database}" is no number of a Redis database`, 'redis://host:port/0')
    const address = { host, port: port || PORT, db: Number(database), user, password }
    const client = new RedisClient(address, limits)
    return new RedisSession(client, this.schemas, this.keys, this.core.log)
  }
}
