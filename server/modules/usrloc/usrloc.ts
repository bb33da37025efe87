/**
 * The location service: its tables, who wants to know of changes, and unique names for contacts.
 */
import type { Counter } from '../../core/counters.ts'
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { type ContactListener, socketText, type UserLocation } from './api.ts'
import { LocationDatabase } from './database.ts'
import { Keepalive } from './keepalive.ts'
import { MEMORY_ONLY } from './modes.ts'
import { RowSweeper } from './row-sweep.ts'
import { Sweeper } from './sweep.ts'
import { Table } from './table.ts'
import type { params } from './usrloc.module.ts'

interface Listener {
  readonly events: number
  readonly call: ContactListener
}

export class Usrloc implements UserLocation {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly useDomain: boolean
  readonly matchingMode: number
  readonly natFlag: number
  readonly xavpContact: string
  readonly sweeper: Sweeper
  /** null: no database. */
  readonly rowSweeper: RowSweeper | null
  /** null: no keepalives. */
  readonly keepalive: Keepalive | null
  /**
   * Are addresses of record told apart by case? registrar says so (its parameter case_sensitive).
   */
  isCaseSensitive = (): boolean => false
  /** null: contacts are in memory alone (db_mode 0). */
  readonly database: LocationDatabase | null
  private readonly byName = new Map<string, Table>()
  /** The database stands: tables that come later are read when they come. */
  private started = false
  private listeners: Listener[] | null = null
  private readonly ruidStart: string
  private ruids = 0

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { config, core } = env
    this.config = config
    this.core = core
    this.useDomain = config.use_domain !== 0
    this.matchingMode = config.matching_mode
    this.natFlag = config.nat_bflag < 0 ? 0 : (1 << config.nat_bflag) >>> 0
    this.xavpContact = config.xavp_contact
    this.ruidStart = ruidStart(core)
    this.database = config.db_mode === MEMORY_ONLY ? null : new LocationDatabase(this)
    this.sweeper = new Sweeper(this)
    this.rowSweeper = this.database === null ? null : new RowSweeper(this, this.database)
    this.keepalive = config.ka_mode === 0 ? null : new Keepalive(this)
    for (const name of config.preload) this.register(name)
  }

  get cseqDelay(): number {
    return this.config.cseq_delay
  }

  async start(): Promise<void> {
    this.keepalive?.start()
    const { database } = this
    if (database === null) return
    const names = [...this.byName.keys()]
    await database.open(names)
    if (this.config.db_clean_tcp !== 0)
      for (const name of names) await this.rowSweeper!.cleanConnections(name)
    this.started = true
    for (const table of this.tables())
      if (!(await table.load())) throw new BadValue(`usrloc: cannot read table ${table.name}`)
    database.onAvailable(() => void this.flush())
  }

  async stop(): Promise<void> {
    this.sweeper.stop()
    for (const { writer } of this.byName.values()) writer?.stop()
    if (!(await this.flush())) this.core.log.error('usrloc', 'flushing cache failed')
  }

  /** Does anybody want to know of these events? */
  isHeard(events: number): boolean {
    return this.listeners?.some(listener => (listener.events & events) !== 0) ?? false
  }

  /** Writes what is not in the database yet; false when that failed. */
  async flush(): Promise<boolean> {
    let good = true
    for (const { writer } of this.byName.values())
      if (writer !== null && writer.waiting > 0 && !(await writer.flush())) good = false
    return good
  }

  /** One of our sockets by `udp:127.0.0.1:5060`; null when it is none of ours. */
  socket(text: string): SocketInfo | null {
    return this.core.sockets.list.find(socket => socketText(socket) === text) ?? null
  }

  now(): number {
    return Math.floor(this.core.clock.now() / 1000)
  }

  register(name: string): Table {
    let table = this.byName.get(name)
    if (table === undefined) {
      const separator = this.core.params.stats_name_separator
      const counter = (what: string, doc: string, read: (() => number) | null): Counter =>
        this.core.counters.register('usrloc', `${name}${separator}${what}`, doc, read)
      const made = new Table(
        this,
        name,
        counter('expires', `Contacts of ${name} that expired`, null),
      )
      counter('contacts', `Contacts in ${name}`, () => made.store.contactCount)
      counter('users', `Addresses of record in ${name}`, () => made.store.aorCount)
      this.byName.set(name, made)
      table = made
      if (this.started) void made.load()
    }
    return table
  }

  find(name: string): Table | null {
    return this.byName.get(name) ?? null
  }

  tables(): Table[] {
    return [...this.byName.values()]
  }

  onContact(events: number, call: ContactListener): void {
    this.listeners = [...(this.listeners ?? []), { events, call }]
  }

  /** Tells who asked; `listeners` is null when nobody did. */
  tell(contact: Parameters<ContactListener>[0], event: number): void {
    if (this.listeners === null) return
    for (const listener of this.listeners) {
      if ((listener.events & event) !== 0) listener.call(contact, event)
    }
  }

  nextRuid(): string {
    return `uloc-${this.ruidStart}${(++this.ruids).toString(16)}`
  }

  /** A unique name for a contact that an operator adds (ul.add). */
  nextOperatorRuid(): string {
    return `ulcx-${this.ruidStart}${(++this.ruids).toString(16)}`
  }

  registeredUsers(): number {
    let users = 0
    for (const table of this.byName.values()) users += table.store.aorCount
    return users
  }
}

/** The number of this server is part of the names that it gives, when it has one. */
function ruidStart(core: Core): string {
  const { server_id: id } = core.params
  const startedAt = Math.floor(core.startedAt / 1000).toString(16)
  return `${id === 0 ? '' : `${id.toString(16)}-`}${startedAt}-${process.pid.toString(16)}-`
}
