/** The instance of dialplan: rules in memory, by dialplan and length of the input. */
import type { Database } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { dialplan as table } from '../../core/db/tables/dialplan.ts'
import type { ModuleEnv, PvHandle } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './dialplan.module.ts'
import { Rule } from './rule.ts'

type Env = ModuleEnv<typeof params, {}>

/** Rules of one dialplan, by the length of input that they want; 0 any. In order of priority. */
type Rules = Map<number, Rule[]>

const ANY_LENGTH = 0

export class Dialplan {
  readonly core: Env['core']
  readonly config: Env['config']
  readonly rules: LoadedTable<Map<number, Rules>>
  /** What is translated when nothing is named: $rU. */
  user: PvHandle | null = null
  private database: Database | null = null
  private reloadedAt = -Infinity

  constructor(env: Env) {
    this.core = env.core
    this.config = env.config
    this.rules = new LoadedTable(env.core, {
      module: 'dialplan',
      name: env.config.table_name,
      source: '',
      empty: new Map(),
      build: load => this.build(load),
    })
  }

  async start(): Promise<void> {
    const { config, core } = this
    this.user = core.formats.pvar('$rU')
    this.database = await connected(core, config.db_url, 'dialplan', [config.table_name, table])
    this.rules.source = this.database.shownUrl
    await this.rules.load('start')
  }

  get attributes(): PvHandle | null {
    return this.config.attrs_pvar
  }

  /** False: the last reload is too fresh. */
  mayReload(): boolean {
    const now = this.core.clock.monotonic()
    if (now - this.reloadedAt < this.config.reload_delta * 1000) return false
    this.reloadedAt = now
    return true
  }

  private async build(load: Loading): Promise<Map<number, Rules>> {
    const { config, core } = this
    const names = [
      config.dpid_col,
      config.pr_col,
      config.match_op_col,
      config.match_exp_col,
      config.match_len_col,
      config.subst_exp_col,
      config.repl_exp_col,
      config.attrs_col,
    ]
    const all = new Map<number, Rules>()
    const select = { table: config.table_name, columns: names, where: [], order: config.pr_col }
    for await (const row of load.rows(this.database!, select, config.fetch_rows)) {
      const [dpid, pr, op, match, length, subst, repl, attrs] = row
      const rule = new Rule(
        {
          dpid: Number(dpid),
          priority: Number(pr),
          matchOp: Number(op),
          matchExp: String(match ?? ''),
          matchLen: Number(length),
          substExp: String(subst ?? ''),
          replExp: String(repl ?? ''),
          attrs: String(attrs ?? ''),
        },
        core.formats,
        config.match_dynamic !== 0,
      )
      add(all, rule)
    }
    return all
  }

  has(dpid: number): boolean {
    return this.rules.current.has(dpid)
  }

  /** The first rule that matches; those for just this length come before all others. */
  find(msg: SipMessage, dpid: number, input: string): Rule | null {
    const rules = this.rules.current.get(dpid)
    if (rules === undefined) return null
    return (
      first(rules.get(input.length), msg, input) ?? first(rules.get(ANY_LENGTH), msg, input) ?? null
    )
  }
}

const first = (rules: Rule[] | undefined, msg: SipMessage, input: string): Rule | undefined =>
  rules?.find(rule => rule.matches(msg, input))

function add(all: Map<number, Rules>, rule: Rule): void {
  const { dpid, matchLen } = rule.row
  let rules = all.get(dpid)
  if (rules === undefined) all.set(dpid, (rules = new Map()))
  const list = rules.get(matchLen)
  if (list === undefined) rules.set(matchLen, [rule])
  else list.push(rule)
}
