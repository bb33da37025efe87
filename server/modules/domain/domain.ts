/** The instance: the tables of domains, and what scripts and the core ask of them. */
import { avpsOf } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import type { Database } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import {
  domain as domainTable,
  domainAttrs as attributeTable,
} from '../../core/db/tables/domain.ts'
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { params } from './domain.module.ts'
import { Domains } from './domains.ts'

/** The AVP with the identifier of the domain that was looked up. */
const DID = 'did'

export class Domain {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  table!: LoadedTable<Domains>

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
  }

  async start(): Promise<void> {
    const { config, core } = this
    const db = await connected(
      core,
      config.db_url,
      'domain',
      [config.domain_table, domainTable],
      [config.domain_attrs_table, attributeTable],
    )
    this.table = new LoadedTable(core, {
      module: 'domain',
      name: config.domain_table,
      source: db.shownUrl,
      empty: new Domains(),
      build: load => this.build(db, load),
    })
    await this.table.load('start')
    if (config.register_myself === 0) return
    const isOurs = (host: string): boolean => this.table.current.has(host)
    core.hooks.isMyself = [...(core.hooks.isMyself ?? []), isOurs]
  }

  private async build(db: Database, load: Loading): Promise<Domains> {
    const { config } = this
    const domains = new Domains()
    const names = { table: config.domain_table, columns: [config.domain_col, config.did_col] }
    for await (const [name, did] of load.rows(db, { ...names, where: [] }))
      domains.addName(String(name ?? ''), did === null || did === undefined ? null : String(did))
    const columns = [config.did_col, config.name_col, config.type_col, config.value_col]
    const attributes = { table: config.domain_attrs_table, columns, where: [] }
    for await (const [did, name, type, value] of load.rows(db, attributes))
      domains.addAttribute(String(did), String(name ?? ''), Number(type), String(value ?? ''))
    return domains
  }

  isLocal(host: string): Verdict {
    return host !== '' && this.table.current.has(host) ? 1 : -1
  }

  isUriLocal(text: string): Verdict {
    const uri = parseUri(text)
    if (uri !== null) return this.isLocal(uri.host)
    this.core.log.error('domain', `error while parsing URI ${text}`)
    return -1
  }

  /** Of the request, or in a failure route of the first branch that it got there. */
  isRequestLocal(msg: SipMessage): Verdict {
    if (msg.routeType !== FAILURE_ROUTE) return this.isUriLocal(msg.uri)
    const [branch] = msg.branches ?? []
    if (branch !== undefined) return this.isUriLocal(branch.uri)
    this.core.log.error('domain', 'branch is missing, error in script')
    return -1
  }

  /** Leaves the attributes of a domain in AVPs. */
  lookup(msg: SipMessage, host: string, prefix = ''): Verdict {
    const domains = this.table.current
    const did = host === '' ? null : domains.didOf(host)
    if (did === null) return -1
    const avps = avpsOf(msg)
    avps.push(`${prefix}${DID}`, did)
    for (const { name, value } of domains.attributesOf(did)) avps.push(`${prefix}${name}`, value)
    return 1
  }
}
