/** The instance of drouting: its database, what was loaded of it, and the AVPs that it fills. */
import { type AvpName, parseAvpName } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import { type Database, DbError, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable } from '../../core/db/loaded-table.ts'
import {
  BadValue,
  type ConfigOf,
  type ModuleEnv,
  type PvHandle,
  type RouteBlock,
} from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './drouting.module.ts'
import { buildRouting } from './load.ts'
import { RoutingData } from './routing-data.ts'

export class Drouting {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly routing: LoadedTable<RoutingData>
  readonly uriAvp: AvpName
  readonly attrsAvp: AvpName
  private database: Database | null = null
  private fromUser: PvHandle | null = null
  private fromDomain: PvHandle | null = null

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
    this.uriAvp = readAvp(config.ruri_avp, 'RURI')
    this.attrsAvp = readAvp(config.attrs_avp, 'ATTRS')
    for (const name of ['db_url', 'drd_table', 'drr_table', 'drg_table', 'drl_table'] as const)
      if (config[name] === '')
        throw new BadValue(`drouting: mandatory parameter "${name.toUpperCase()}" found empty`)
    if (config.enable_keepalive !== 0)
      throw new BadValue('drouting: gateways are not kept alive yet', 'leave enable_keepalive out')
    this.routing = new LoadedTable(core, {
      module: 'drouting',
      name: config.drr_table,
      source: '',
      empty: new RoutingData(),
      build: load => buildRouting(this, this.database!, load),
    })
  }

  async start(): Promise<void> {
    this.fromUser = this.core.formats.pvar('$fU')
    this.fromDomain = this.core.formats.pvar('$fd')
    this.database = await connected(this.core, this.config.db_url, 'drouting')
    this.routing.source = this.database.shownUrl
    await this.routing.load('start')
  }

  error(text: string): void {
    this.core.log.error('drouting', text)
  }

  warn(text: string): void {
    this.core.log.warn('drouting', text)
  }

  /** '' when the name does not resolve. */
  ipOf(host: string): Promise<string> {
    const { network } = this.core
    return new Promise(done => network.resolve(host, 0, 0, false, to => done(to?.ip ?? '')))
  }

  /** The name of a route block of the config; '' and `0` are none. */
  routeOf(name: string): string {
    if (name === '' || name === '0') return ''
    if (this.block(name) !== null) return name
    this.warn(`route <${name}> does not exist`)
    return ''
  }

  block(name: string): RouteBlock | null {
    return this.core.routes.find('route', name)
  }

  /** The group of the caller; null, and the log says why, when there is none. */
  async groupOf(msg: SipMessage): Promise<number | null> {
    const { config } = this
    const user = String(this.fromUser!.get(msg) ?? '')
    const domain = String(this.fromDomain!.get(msg) ?? '')
    const where = [is(config.drg_user_col, 'string', user)]
    if (config.use_domain !== 0) where.push(is(config.drg_domain_col, 'string', domain))
    const select = { table: config.drg_table, columns: [config.drg_grpid_col], where }
    try {
      const [row] = (await this.database!.query(select)).rows
      if (row !== undefined) return Number(row[0])
      this.error(`no group for user "${user}"@"${domain}"`)
    } catch (error) {
      if (!(error instanceof DbError)) throw error
      this.error(`failed to get group id: ${error.message}`)
    }
    return null
  }
}

function readAvp(text: string, what: string): AvpName {
  const name = parseAvpName(/^\$avp\((.+)\)$/.exec(text)?.[1] ?? '')
  if (name === null)
    throw new BadValue(`drouting: malformed or non AVP [${text}] for ${what} AVP definition`)
  return name
}
