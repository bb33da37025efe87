/** The instance of auth_db: its database, and how a subscriber is found there. */
import type { Core } from '../../core/core.ts'
import { type Database, type DbRow, type DbTerm, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { subscriber } from '../../core/db/tables/auth_db.ts'
import type { ApisOf, ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import type { needs, params } from './auth_db.module.ts'
import { type LoadedColumn, readCredentials } from './load-credentials.ts'
import { namedTables } from './named-tables.ts'

export class AuthDb {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly apis: ApisOf<typeof needs>
  /** What a subscriber brings beside the password. */
  loaded: readonly LoadedColumn[] = []
  /** Columns of a query: for credentials without and with a domain in their user, and for none. */
  private withoutDomain: readonly string[] = []
  private withDomain: readonly string[] = []
  private plain: readonly string[] = []
  private db!: Database

  constructor({ core, config, apis }: ModuleEnv<typeof params, typeof needs>) {
    this.core = core
    this.config = config
    this.apis = apis
  }

  async start(): Promise<void> {
    const { config, core } = this
    this.loaded = readCredentials(config.load_credentials, core.formats)
    const more = this.loaded.map(({ column }) => column)
    const second = config.calculate_ha1 === 0 ? config.password_column_2 : config.password_column
    this.withoutDomain = [config.password_column, ...more]
    this.withDomain = [second, ...more]
    this.plain = [config.user_column, ...more]
    this.db = await connected(core, config.db_url, 'auth_db')
    const tables = namedTables(core.formats)
    if (config.version_table === 0) return
    for (const table of tables)
      await core.databases.checkVersion(this.db, table, subscriber.version)
  }

  /** The row of the user that credentials name: password, then what is loaded. null: none. */
  login(table: string, user: string, own: string, realm: string): Promise<DbRow | null> {
    const { config } = this
    const columns = own === '' ? this.withoutDomain : this.withDomain
    return this.find(table, columns, user, config.use_domain === 0 ? null : own || realm)
  }

  /** The row of a subscriber: its name, then what is loaded. null: none. */
  subscriber(table: string, user: string, domain: string | null): Promise<DbRow | null> {
    return this.find(table, this.plain, user, domain)
  }

  private async find(
    table: string,
    columns: readonly string[],
    user: string,
    domain: string | null,
  ): Promise<DbRow | null> {
    const { config } = this
    const where: DbTerm[] = [is(config.user_column, 'string', user)]
    if (domain !== null) where.push(is(config.domain_column, 'string', domain))
    const { rows } = await this.db.query({ table, columns, where })
    return rows[0] ?? null
  }

  /** The database did not answer, or did not understand. */
  complain(error: unknown): void {
    this.core.log.error('auth_db', `failed to query database: ${(error as Error).message}`)
  }
}
