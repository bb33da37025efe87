/** The instance of group: its database, and the patterns of groups. */
import type { Core } from '../../core/core.ts'
import { type Database, DbError, type DbTerm, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import type { LoadedTable } from '../../core/db/loaded-table.ts'
import { grp, reGrp } from '../../core/db/tables/group.ts'
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import type { params } from './group.module.ts'
import { type Pattern, patternTable } from './patterns.ts'
import type { GroupUser } from './source.ts'

export class Group {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  /** null without re_table. */
  patterns: LoadedTable<readonly Pattern[]> | null = null
  private db!: Database

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
  }

  async start(): Promise<void> {
    const { config, core } = this
    this.db = await connected(core, config.db_url, 'group', [config.table, grp])
    if (config.re_table === '') return
    await core.databases.checkVersion(this.db, config.re_table, reGrp.version)
    this.patterns = patternTable(this, this.db)
    await this.patterns.load('start')
  }

  /** 1: a member, `none`: not one, `failed`: nobody knows. */
  async look(
    { user, domain }: GroupUser,
    group: string,
    none: Verdict,
    failed: Verdict,
  ): Promise<Verdict> {
    const { config } = this
    const where: DbTerm[] = [
      is(config.user_column, 'string', user),
      is(config.group_column, 'string', group),
    ]
    if (config.use_domain !== 0) where.push(is(config.domain_column, 'string', domain))
    try {
      const columns = [config.group_column]
      const { rows } = await this.db.query({ table: config.table, columns, where })
      return rows.length === 0 ? none : 1
    } catch (error) {
      if (!(error instanceof DbError)) throw error
      this.core.log.error('group', `failed to query database: ${error.message}`)
      return failed
    }
  }

  refuse(text: string): -1 {
    this.core.log.error('group', text)
    return -1
  }
}
