/** The instance: the lists, how often they decided, and the checks. */
import type { Core } from '../../core/core.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable } from '../../core/db/loaded-table.ts'
import { secfilter as table } from '../../core/db/tables/secfilter.ts'
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { H_CONTACT, H_USER_AGENT } from '../../sip/header-names.ts'
import { type NameAddress, parseNameAddress } from '../../sip/header/address.ts'
import { splitList } from '../../sip/header/list.ts'
import type { SipMessage } from '../../sip/message.ts'
import { Counts, type Header } from './counts.ts'
import { type Kind, Lists } from './lists.ts'
import type { params } from './secfilter.module.ts'

// ---- verdicts
const UNKNOWN = 1
const USER = 2
const DOMAIN = 3
const NAME = 4

/** What does not belong into a name or a number, but into attacks on databases. */
const INJECTION = /['"]|--|%27|%22|%60/

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/s, '$1')

export class SecFilter {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly counts = new Counts()
  table!: LoadedTable<Lists>

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
  }

  async start(): Promise<void> {
    const { config, core } = this
    const db = await connected(core, config.db_url, 'secfilter', [config.table_name, table])
    const columns = [config.action_col, config.type_col, config.data_col]
    this.table = new LoadedTable(core, {
      module: 'secfilter',
      name: config.table_name,
      source: db.shownUrl,
      empty: new Lists(),
      build: async load => {
        const lists = new Lists()
        const select = { table: config.table_name, columns, where: [] }
        for await (const [action, type, data] of load.rows(db, select))
          lists.add(Number(action), Number(type), String(data ?? ''))
        return lists
      },
    })
    await this.table.load('start')
  }

  get lists(): Lists {
    return this.table.current
  }

  /** 2 let through, -2 refused, 1 not known. */
  check(kind: Kind, value: string): Verdict {
    if (this.lists.allowed[kind].fits(value)) {
      this.counts.allowed(kind)
      return USER
    }
    if (!this.lists.refused[kind].fits(value)) return UNKNOWN
    this.counts.refused(kind)
    return -USER
  }

  checkUserAgent(msg: SipMessage): Verdict {
    const agent = msg.header(H_USER_AGENT)
    return agent === null ? UNKNOWN : this.check('ua', agent)
  }

  checkDestination(number: string): Verdict {
    const { destinations } = this.lists
    const exact = this.config.dst_exact_match !== 0
    if (!(exact ? destinations.has(number) : destinations.fits(number))) return UNKNOWN
    this.counts.destinations++
    return -USER
  }

  /** 2, 3, 4: user, domain or name are let through; -2, -3, -4: refused; 1 not known. */
  checkAddress(header: Header, address: NameAddress | null): Verdict {
    const uri = address?.sipUri ?? null
    if (address === null || uri === null || uri.user === '' || uri.host === '') return UNKNOWN
    // The name of a Contact is not looked at.
    const name = header === 'contact' ? '' : unquoted(address.display)
    const values = [name, uri.user]
    const { allowed, refused } = this.lists
    for (const [entries, sign] of [
      [allowed, 1],
      [refused, -1],
    ] as const) {
      const found = entries.user.first(values)
      if (found < 0) continue
      this.counts.address(header, found === 0 ? 'name' : 'user', sign > 0)
      return sign * (found === 0 ? NAME : USER)
    }
    for (const [entries, sign] of [
      [allowed, 1],
      [refused, -1],
    ] as const) {
      if (!entries.domain.fits(uri.host)) continue
      this.counts.address(header, 'domain', sign > 0)
      return sign * DOMAIN
    }
    return UNKNOWN
  }

  contact(msg: SipMessage): NameAddress | null {
    const body = msg.header(H_CONTACT)
    const [first] = body === null ? [] : splitList(body)
    return first === undefined || first.trim() === '*' ? null : parseNameAddress(first)
  }

  isInjection(text: string): boolean {
    if (!INJECTION.test(text)) return false
    this.counts.injections++
    return true
  }

  /** 1, or 0, which ends the script, when one of the names in the headers is an attack. */
  checkAllForInjection(msg: SipMessage): Verdict {
    const agent = msg.header(H_USER_AGENT)
    if (agent !== null && this.complains('User-agent', agent)) return 0
    for (const [header, address] of [
      ['From', msg.from],
      ['To', msg.to],
      ['Contact', this.contact(msg)],
    ] as const) {
      const uri = address?.sipUri ?? null
      if (address === null || uri === null) continue
      const name = header === 'Contact' ? '' : unquoted(address.display)
      if (this.complains(`${header} name`, name)) return 0
      if (this.complains(`${header} user`, uri.user)) return 0
      if (this.complains(`${header} domain`, uri.host)) return 0
    }
    return 1
  }

  private complains(where: string, text: string): boolean {
    if (text === '' || !this.isInjection(text)) return false
    this.core.log.info('secfilter', `Possible SQL injection found in ${where} (${text})`)
    return true
  }
}
