/** The instance of mtree: the trees, each a table in memory; those of db_table are one. */
import type { Database } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { params } from './mtree.module.ts'
import type { TreeSource } from './params.ts'
import { type Duplicates, MOST_CHARACTERS, Tree } from './tree.ts'

type Env = ModuleEnv<typeof params, {}>
type Trees = ReadonlyMap<string, Tree>

export class Mtree {
  readonly core: Env['core']
  readonly config: Env['config']
  /** Each with one tree, or with all trees of db_table. */
  readonly tables: LoadedTable<Trees>[] = []
  private database: Database | null = null

  constructor(env: Env) {
    this.core = env.core
    this.config = env.config
    const { mtree, db_table } = env.config
    if (mtree.length === 0 && db_table === '')
      throw new BadValue('mtree: there is no tree', 'set the parameter mtree, or db_table')
    const names = mtree.map(({ name }) => name)
    const twice = names.find((name, i) => names.indexOf(name) < i)
    if (twice !== undefined) throw new BadValue(`mtree: the tree ${twice} is there twice`)
    for (const source of mtree) this.table(source.name, load => this.buildOne(load, source))
    if (mtree.length === 0) this.table(db_table, load => this.buildAll(load))
  }

  private table(name: string, build: (load: Loading) => Promise<Trees>): void {
    const given = { module: 'mtree', name, source: '', empty: new Map(), build }
    this.tables.push(new LoadedTable<Trees>(this.core, given))
  }

  async start(): Promise<void> {
    this.database = await connected(this.core, this.config.db_url, 'mtree')
    for (const table of this.tables) {
      table.source = this.database.shownUrl
      await table.load('start')
    }
  }

  tree(name: string): Tree | null {
    for (const { current } of this.tables) {
      const tree = current.get(name)
      if (tree !== undefined) return tree
    }
    return null
  }

  /** The table that has this tree. */
  tableOf(name: string): LoadedTable<Trees> | null {
    return this.tables.find(table => table.current.has(name)) ?? null
  }

  private get duplicates(): Duplicates {
    const { mt_allow_duplicates, mt_ignore_duplicates } = this.config
    return mt_allow_duplicates !== 0 ? 'keep' : mt_ignore_duplicates !== 0 ? 'ignore' : 'refuse'
  }

  private async buildOne(load: Loading, source: TreeSource): Promise<Trees> {
    const { tprefix_column, tvalue_column, tname_column } = this.config
    const tree = new Tree(source.name, source.type, this.config.char_list)
    const usual = [tprefix_column, tvalue_column, ...(source.several ? [tname_column] : [])]
    const columns = source.columns.length > 0 ? source.columns : usual
    for await (const row of this.rows(load, source.table, columns)) {
      const [prefix, ...values] = row.map(value => (value === null ? '' : String(value)))
      if (source.columns.length > 0) this.add(tree, prefix!, values.join(','))
      else if (!source.several || values[1] === source.name) this.add(tree, prefix!, values[0]!)
    }
    return new Map([[source.name, tree]])
  }

  private async buildAll(load: Loading): Promise<Trees> {
    const { tprefix_column, tvalue_column, tname_column, db_table, mt_tree_type } = this.config
    const trees = new Map<string, Tree>()
    const columns = [tprefix_column, tvalue_column, tname_column]
    for await (const row of this.rows(load, db_table, columns)) {
      const [prefix, value, name] = row.map(part => (part === null ? '' : String(part)))
      let tree = trees.get(name!)
      if (tree === undefined)
        trees.set(name!, (tree = new Tree(name!, mt_tree_type, this.config.char_list)))
      this.add(tree, prefix!, value!)
    }
    return trees
  }

  private rows(load: Loading, table: string, columns: readonly string[]) {
    return load.rows(this.database!, { table, columns, where: [] }, this.config.fetch_rows)
  }

  /** A row without a prefix or value is none, as in Kamailio. */
  private add(tree: Tree, prefix: string, value: string): void {
    if (prefix === '' || value === '' || prefix.length > MOST_CHARACTERS)
      this.core.log.error('mtree', `bad record in db (prefix: ${prefix} - value: ${value})`)
    else tree.add(prefix, value, this.duplicates)
  }
}
