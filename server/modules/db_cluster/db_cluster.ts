/** The instance of db_cluster: a driver of the database port over other databases. */
import type { DbCapability } from '../../core/db/api.ts'
import { CAN_WITHOUT_TRANSACTIONS, type DbDriver, type DbSession } from '../../core/db/driver.ts'
import type { DbUrl } from '../../core/db/url.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { ClusterConnection } from './connection.ts'
import type { params } from './db_cluster.module.ts'
import { ClusterSession, type Member } from './session.ts'

type Env = ModuleEnv<typeof params, {}>

export class DbCluster implements DbDriver {
  readonly scheme = 'cluster'
  readonly can: ReadonlySet<DbCapability> = new Set([...CAN_WITHOUT_TRANSACTIONS, 'last_id'])
  readonly clusters = new Map<string, readonly Member[]>()
  private readonly config: Env['config']
  private readonly core: Env['core']
  private readonly started: number

  constructor({ core, config }: Env) {
    this.core = core
    this.config = config
    this.started = core.clock.monotonic()
    const connections = new Map(
      config.connection.map(({ id, url }) => {
        const open = () => core.databases.open(url, 'db_cluster')
        return [id, new ClusterConnection(id, url, core.clock, open)]
      }),
    )
    for (const { id, members } of config.cluster) {
      const found = members.map(({ id: name, read, write }) => {
        const connection = connections.get(name)
        if (connection === undefined) throw new BadValue(`invalid connection id [${name}]`)
        return { connection, read, write }
      })
      this.clusters.set(id, found)
    }
    core.databases.add(this)
  }

  open(url: DbUrl): DbSession {
    const { core, config } = this
    const name = url.host
    const members = this.clusters.get(name)
    if (members === undefined)
      throw new BadValue(
        `cluster id not found [${name}]`,
        `modparam("db_cluster", "cluster", "${name}=>c1=9s9s")`,
      )
    // Each is opened here, so that a driver that is missing is told at the start.
    for (const { connection } of members) if (connection.database !== null) connection.references++
    const { log, clock } = core
    const { inactive_interval: inactiveInterval, max_query_length: longQuery } = config
    return new ClusterSession({ name, log, clock, inactiveInterval, longQuery }, members)
  }

  /** Seconds since the start, as Kamailio's ticks. */
  ticksAt(monotonic: number): number {
    return Math.max(0, Math.round((monotonic - this.started) / 1000))
  }
}
