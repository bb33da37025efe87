/** The instance: the tables and the files of rules. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'
import type { Core } from '../../core/core.ts'
import type { Database } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import {
  address as addressTable,
  trusted as trustedTable,
} from '../../core/db/tables/permissions.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { addressLines, readAddressLine } from './address-file.ts'
import { Addresses } from './addresses.ts'
import type { params } from './permissions.module.ts'
import { readRules, type Rules } from './rules.ts'
import { Peers } from './trusted.ts'

// ---- load_backends
const ADDRESSES = 1
const TRUSTED = 2
export const ALLOW_FILES = 4
export const DENY_FILES = 8

const NO_RULES: Rules = []
/** Lines of a file that are read before the node may do something else. */
const LINES_AT_ONCE = 500

export class Permissions {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  /** null: there is neither a database nor a file. */
  addresses: LoadedTable<Addresses> | null = null
  /** null: trusted peers are asked of the database, or there are none. */
  peers: LoadedTable<Peers> | null = null
  /** Where trusted peers are asked for; null without a database. */
  db: Database | null = null
  /** Seconds since 1970 of the last reload, 0 before the first. */
  private reloadedAt = 0
  /** By path; null is a file that does not parse. */
  private readonly files = new Map<string, Rules | null>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
  }

  async start(): Promise<void> {
    const { config } = this
    for (const path of [config.default_allow_file, config.default_deny_file])
      this.files.set(this.pathOf(path), this.readFile(this.pathOf(path)))
    const uses = (bit: number): boolean => (config.load_backends & bit) !== 0
    if (uses(ADDRESSES)) await this.startAddresses()
    if (uses(TRUSTED) && config.db_url !== '') await this.startTrusted()
  }

  private async startAddresses(): Promise<void> {
    const { config, core } = this
    const { address_file: path, address_table: name, db_url } = config
    if (path === '' && db_url === '') return
    const wanted = [name, addressTable] as const
    const db = path === '' ? await connected(core, db_url, 'permissions', wanted) : null
    this.addresses = new LoadedTable(core, {
      module: 'permissions',
      name,
      source: db === null ? this.pathOf(path) : db.shownUrl,
      empty: new Addresses(0),
      build: load => (db === null ? this.fromFile(path, load) : this.fromTable(db, load)),
    })
    await this.addresses.load('start')
  }

  private async fromFile(path: string, load: Loading): Promise<Addresses> {
    const addresses = new Addresses(this.config.max_subnets)
    for (const [line, number] of addressLines(readFileSync(this.pathOf(path), 'latin1'))) {
      if (number % LINES_AT_ONCE === 0) await immediate()
      load.take([line], `line ${number}`)
      addresses.add(readAddressLine(line))
    }
    load.at = ''
    return addresses
  }

  private async fromTable(db: Database, load: Loading): Promise<Addresses> {
    const { config } = this
    const addresses = new Addresses(config.max_subnets)
    const columns = [
      config.grp_col,
      config.ip_addr_col,
      config.mask_col,
      config.port_col,
      config.tag_col,
    ]
    const select = { table: config.address_table, columns, where: [] }
    for await (const [group, address, mask, port, tag] of load.rows(db, select))
      addresses.add({
        group: Number(group),
        address: String(address ?? ''),
        mask: Number(mask),
        port: Number(port),
        tag: tag === null || tag === undefined ? null : String(tag),
      })
    return addresses
  }

  private async startTrusted(): Promise<void> {
    const { config, core } = this
    const wanted = [config.trusted_table, trustedTable] as const
    const db = await connected(core, config.db_url, 'permissions', wanted)
    this.db = db
    if (config.db_mode === 0) return
    this.peers = new LoadedTable(core, {
      module: 'permissions',
      name: config.trusted_table,
      source: db.shownUrl,
      empty: new Peers(),
      build: load => this.trustedFromTable(db, load),
    })
    await this.peers.load('start')
  }

  private async trustedFromTable(db: Database, load: Loading): Promise<Peers> {
    const { config } = this
    const peers = new Peers()
    const columns = [config.source_col, ...this.trustedColumns()]
    const select = { table: config.trusted_table, columns, where: [] }
    for await (const [address, proto, from, uri, tag, priority] of load.rows(db, select))
      peers.add({
        address: String(address ?? ''),
        proto: String(proto ?? ''),
        from: textOf(from),
        requestUri: textOf(uri),
        tag: textOf(tag),
        priority: Number(priority ?? 0),
      })
    return peers
  }

  /** The columns of a trusted peer but its address. */
  trustedColumns(): string[] {
    const { proto_col, from_col, ruri_col, tag_col, priority_col } = this.config
    return [proto_col, from_col, ruri_col, tag_col, priority_col]
  }

  /** False when a reload came just before: one for both tables. */
  mayReload(): boolean {
    const now = Math.floor(this.core.clock.now() / 1000)
    if (this.reloadedAt !== 0 && this.reloadedAt > now - this.config.reload_delta) {
      this.core.log.error('permissions', 'ongoing reload')
      return false
    }
    this.reloadedAt = now
    return true
  }

  /** A name without a / is beside the config. */
  pathOf(name: string): string {
    return name.includes('/') ? name : join(dirname(this.core.options.configFile), name)
  }

  /** The rules of a file, none when it is not there; null when it does not parse. */
  rules(name: string, backend: number): Rules | null {
    if ((this.config.load_backends & backend) === 0) return NO_RULES
    const path = this.pathOf(name)
    const known = this.files.get(path)
    if (known !== undefined) return known
    let rules: Rules | null = null
    try {
      rules = this.readFile(path)
    } catch (error) {
      this.core.log.error('permissions', (error as Error).message)
    }
    this.files.set(path, rules)
    return rules
  }

  private readFile(path: string): Rules {
    let text: string
    try {
      text = readFileSync(path, 'latin1')
    } catch {
      this.core.log.info('permissions', `file (${path}) not found => empty rule set`)
      return NO_RULES
    }
    try {
      return readRules(text)
    } catch (error) {
      throw new BadValue(`${path}: ${(error as Error).message}`)
    }
  }
}

export const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value)
