/** The instance of pdt: a tree of prefixes for each source domain. */
import type { Core } from '../../core/core.ts'
import type { Database, DbValue } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type PvHandle } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './pdt.module.ts'
import { PrefixTree } from './tree.ts'

export type Trees = ReadonlyMap<string, PrefixTree>

/** Characters of the longest prefix. */
const LONGEST = 32

export class Pdt {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly trees: LoadedTable<Trees>
  private database: Database | null = null
  private fromDomain: PvHandle | null = null

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
    if (config.char_list === '') throw new BadValue('pdt: invalid pdt char list')
    this.trees = new LoadedTable<Trees>(core, {
      module: 'pdt',
      name: config.db_table,
      source: '',
      empty: new Map(),
      build: load => this.build(load),
    })
  }

  async start(): Promise<void> {
    this.fromDomain = this.core.formats.pvar('$fd')
    this.database = await connected(this.core, this.config.db_url, 'pdt')
    this.trees.source = this.database.shownUrl
    await this.trees.load('start')
  }

  error(text: string): void {
    this.core.log.error('pdt', text)
  }

  /** The domain of the caller, '' when From has none. */
  sourceOf(msg: SipMessage): string {
    return String(this.fromDomain!.get(msg) ?? '')
  }

  isPrefix(text: string): boolean {
    for (let i = 0; i < text.length; i++)
      if (!this.config.char_list.includes(text[i]!)) return false
    return true
  }

  private async build(load: Loading): Promise<Trees> {
    const { db_table, sdomain_column, prefix_column, domain_column, fetch_rows } = this.config
    const columns = [sdomain_column, prefix_column, domain_column]
    const select = { table: db_table, columns, where: [], order: sdomain_column }
    const trees = new Map<string, PrefixTree>()
    for await (const row of load.rows(this.database!, select, fetch_rows)) this.add(trees, row)
    return trees
  }

  /** A row that is empty or there twice is left out; a prefix that is none throws BadValue. */
  private add(trees: Map<string, PrefixTree>, row: readonly DbValue[]): void {
    const [source = '', prefix = '', domain = ''] = row.map(value => String(value ?? '').trim())
    if (source === '' || prefix === '' || domain === '') {
      this.error('Error - bad values in db')
      return
    }
    if (!this.isPrefix(prefix)) throw new BadValue(`invalid char in prefix [${prefix}]`)
    if (prefix.length > LONGEST) throw new BadValue(`max prefix len exceeded [${prefix}]`)
    let tree = trees.get(source)
    if (tree === undefined) trees.set(source, (tree = new PrefixTree(this.config.char_list)))
    const checked = this.config.check_domain !== 0
    if ((!checked || !tree.hasDomain(domain)) && tree.add(prefix, domain)) return
    if (!checked) throw new BadValue(`prefix already allocated [${prefix}]`)
    this.error(`sdomain [${source}]: prefix [${prefix}] or domain <${domain}> duplicated`)
  }
}
