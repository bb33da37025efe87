/** The instance of alias_db: its database, and how an alias is found there. */
import type { Core } from '../../core/core.ts'
import {
  type Database,
  DbError,
  type DbRow,
  type DbSelect,
  type DbTerm,
  is,
} from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import type { SipUri } from '../../sip/uri.ts'
import type { params } from './alias_db.module.ts'
import type { AliasFlags } from './flags.ts'

export class AliasDb {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  private db!: Database

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
  }

  async start(): Promise<void> {
    const { config, core } = this
    this.db = await connected(core, config.db_url, 'alias_db')
  }

  /**
   * Addresses `sip:user@domain`, in the order of the rows; the first one, or all of them. None when
   * the database does not answer, and the log says why.
   */
  async addresses(table: string, uri: SipUri, flags: AliasFlags | undefined): Promise<string[]> {
    const { config } = this
    const reverse = flags?.reverse === true
    const alias = [config.alias_user_column, config.alias_domain_column] as const
    const owner = [config.user_column, config.domain_column] as const
    const [known, wanted] = reverse ? [owner, alias] : [alias, owner]
    const where: DbTerm[] = [is(known[0], 'string', uri.user)]
    if (flags?.useDomain ?? config.use_domain !== 0)
      where.push(is(known[1], 'string', this.domainOf(uri)))
    const rows = await this.rows({ table, columns: wanted, where })
    const found = rows.filter(isUsable).map(([user, domain]) => `sip:${user}@${domain}`)
    return config.append_branches === 0 ? found.slice(0, 1) : found
  }

  private domainOf({ host }: SipUri): string {
    const prefix = this.config.domain_prefix
    const isPrefixed =
      prefix !== '' && host.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()
    return isPrefixed ? host.slice(prefix.length) : host
  }

  private async rows(select: DbSelect): Promise<readonly DbRow[]> {
    try {
      return (await this.db.query(select)).rows
    } catch (error) {
      if (!(error instanceof DbError)) throw error
      this.core.log.error('alias_db', `failed to query database: ${error.message}`)
      return []
    }
  }

  refuse(text: string): -1 {
    this.core.log.error('alias_db', text)
    return -1
  }
}

/** An address needs a user and a domain. */
const isUsable = ([user, domain]: DbRow): boolean =>
  user !== null && user !== '' && domain !== null && domain !== ''
