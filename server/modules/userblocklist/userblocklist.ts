/** The instance: global lists in memory, users' lists in the database. */
import type { Core } from '../../core/core.ts'
import { type Database, type DbTerm, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import {
  globalblocklist as globalTable,
  userblocklist as userTable,
} from '../../core/db/tables/userblocklist.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import { Prefixes } from './prefixes.ts'
import type { params } from './userblocklist.module.ts'

/** match_mode. */
const DIGITS = 10

export class UserBlocklist {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  private db!: Database
  /** Global lists by their tables. */
  private readonly lists = new Map<string, LoadedTable<Prefixes>>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
  }

  async start(): Promise<void> {
    const { config, core } = this
    if (config.match_mode !== DIGITS && config.match_mode !== 128)
      throw new Error(`userblocklist: match_mode must be 10 or 128, not ${config.match_mode}`)
    this.db = await connected(
      core,
      config.db_url,
      'userblocklist',
      [config.userblocklist_table, userTable],
      [config.globalblocklist_table, globalTable],
    )
    await this.listOf(config.globalblocklist_table)
  }

  error(text: string): void {
    this.core.log.error('userblocklist', text)
  }

  /** The global list of a table, loaded when it is first asked for. */
  list(table: string): LoadedTable<Prefixes> | Promise<LoadedTable<Prefixes>> {
    const known = this.lists.get(table)
    return known !== undefined && known.generation > 0 ? known : this.listOf(table)
  }

  /** One that is loaded, else the usual one. */
  knownList(table: string): Prefixes {
    return (this.lists.get(table) ?? this.lists.get(this.config.globalblocklist_table)!).current
  }

  private async listOf(table: string): Promise<LoadedTable<Prefixes>> {
    let list = this.lists.get(table)
    if (list === undefined) {
      list = new LoadedTable(this.core, {
        module: 'userblocklist',
        name: table,
        source: this.db.shownUrl,
        empty: this.empty(),
        build: load => this.build(table, load),
      })
      this.lists.set(table, list)
    }
    if (list.generation === 0) await list.load('start')
    return list
  }

  /** Loads all global lists anew. */
  async reload(): Promise<void> {
    for (const list of this.lists.values()) await list.load('rpc userblocklist.reload_blocklist')
  }

  private empty(): Prefixes {
    return new Prefixes(this.config.match_mode === DIGITS)
  }

  private async build(table: string, load: Loading): Promise<Prefixes> {
    const { config } = this
    const prefixes = this.empty()
    const columns = [config.globalblocklist_prefix_col, config.globalblocklist_allowlist_col]
    for await (const [prefix, allowed] of load.rows(this.db, { table, columns, where: [] }))
      this.take(prefixes, prefix, allowed)
    return prefixes
  }

  private take(prefixes: Prefixes, prefix: unknown, allowed: unknown): void {
    const text = String(prefix ?? '')
    if (!prefixes.add(text, Number(allowed) !== 0))
      this.error(`invalid prefix "${text}" is not used`)
  }

  /** The list of a user; rejects with a DbError. */
  async userList(user: string, domain: string, table: string): Promise<Prefixes> {
    const { config } = this
    const where: DbTerm[] = [is(config.userblocklist_username_col, 'string', user)]
    if (config.use_domain !== 0) where.push(is(config.userblocklist_domain_col, 'string', domain))
    const { rows } = await this.db.query({
      table,
      columns: [config.userblocklist_prefix_col, config.userblocklist_allowlist_col],
      where,
    })
    const prefixes = this.empty()
    for (const [prefix, allowed] of rows) this.take(prefixes, prefix, allowed)
    return prefixes
  }
}
