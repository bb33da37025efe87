/** The instance of speeddial: its database, and how a short number is found there. */
import type { Core } from '../../core/core.ts'
import { type Database, DbError, type DbTerm, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import type { SipUri } from '../../sip/uri.ts'
import type { params } from './speeddial.module.ts'

export class SpeedDial {
  private readonly config: ConfigOf<typeof params>
  private readonly core: Core
  private db!: Database

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
  }

  async start(): Promise<void> {
    const { config, core } = this
    this.db = await connected(core, config.db_url, 'speeddial')
  }

  /** What a short number of this owner stands for; null: it is none. */
  async target(table: string, owner: SipUri, short: SipUri): Promise<string | null> {
    const { config } = this
    const where: DbTerm[] = [
      is(config.user_column, 'string', owner.user),
      is(config.sd_user_column, 'string', short.user),
    ]
    if (config.use_domain >= 1) where.push(is(config.domain_column, 'string', this.domainOf(owner)))
    if (config.use_domain >= 2)
      where.push(is(config.sd_domain_column, 'string', this.domainOf(short)))
    const { rows } = await this.db.query({ table, columns: [config.new_uri_column], where })
    const found = rows[0]?.[0] ?? null
    return found === null || found === '' ? null : String(found)
  }

  private domainOf({ host }: SipUri): string {
    const { domain_prefix } = this.config
    return domain_prefix !== '' && host.toLowerCase().startsWith(domain_prefix.toLowerCase())
      ? host.slice(domain_prefix.length)
      : host
  }

  complain(error: unknown): void {
    if (!(error instanceof DbError)) throw error
    this.core.log.error('speeddial', `failed to query database: ${error.message}`)
  }

  refuse(text: string): -1 {
    this.core.log.error('speeddial', text)
    return -1
  }
}
