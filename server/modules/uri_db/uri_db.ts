/** The instance of uri_db: its database. */
import type { Core } from '../../core/core.ts'
import { type Database, DbError, type DbTerm } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { subscriber } from '../../core/db/tables/auth_db.ts'
import { uri } from '../../core/db/tables/uri_db.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import type { params } from './uri_db.module.ts'

export class UriDb {
  readonly config: ConfigOf<typeof params>
  private readonly core: Core
  /** null without db_url. */
  private db: Database | null = null

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
  }

  async start(): Promise<void> {
    const { config, core } = this
    if (config.db_url === '') {
      if (config.use_uri_table !== 0)
        throw new BadValue('uri_db: configuration error - use_uri_table is set but no database URL')
      return
    }
    const table = config.use_uri_table === 0 ? subscriber : uri
    this.db = await connected(core, config.db_url, 'uri_db', [config.db_table, table])
  }

  get hasDatabase(): boolean {
    return this.db !== null
  }

  /** 1 when there is such a row, `none` when there is not, `failed` when nobody knows. */
  async look(where: readonly DbTerm[], none: Verdict, failed: Verdict): Promise<Verdict> {
    const columns = where.slice(0, 1).map(({ column }) => column)
    try {
      const { rows } = await this.db!.query({ table: this.config.db_table, columns, where })
      return rows.length === 0 ? none : 1
    } catch (error) {
      if (!(error instanceof DbError)) throw error
      this.core.log.error('uri_db', `Error while querying database: ${error.message}`)
      return failed
    }
  }

  fail(text: string, verdict: Verdict): Verdict {
    this.core.log.error('uri_db', text)
    return verdict
  }
}
