/**
 * The location service: its tables, who wants to know of changes, and unique names for contacts.
 */
import type { Counter } from '../../core/counters.ts'
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module.ts'
import type { ContactListener, UserLocation } from './api.ts'
import { Keepalive } from './keepalive.ts'
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
  /** null: no keepalives. */
  readonly keepalive: Keepalive | null
  /**
   * Are addresses of record told apart by case? registrar says so (its parameter case_sensitive).
   */
  isCaseSensitive = (): boolean => false
  private readonly byName = new Map<string, Table>()
  private listeners: Listener[] | null = null
  private readonly ruidStart: string
  private ruids = 0

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { config, core } = env
    this.config = config
    this.core = core
    refuseUnsupported(config)
    this.useDomain = config.use_domain !== 0
    this.matchingMode = config.matching_mode
    this.natFlag = config.nat_bflag < 0 ? 0 : (1 << config.nat_bflag) >>> 0
    this.xavpContact = config.xavp_contact
    const startedAt = Math.floor(core.startedAt / 1000).toString(16)
    this.ruidStart = `${startedAt}-${process.pid.toString(16)}-`
    this.sweeper = new Sweeper(this)
    this.keepalive = config.ka_mode === 0 ? null : new Keepalive(this)
    for (const name of config.preload) this.register(name)
  }

  get cseqDelay(): number {
    return this.config.cseq_delay
  }

  start(): void {
    this.keepalive?.start()
  }

  stop(): void {
    this.sweeper.stop()
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

/**
 * What belongs to parts of the server that do not exist yet is said at the start, not found out
 * later.
 */
function refuseUnsupported(config: ConfigOf<typeof params>): void {
  if (config.db_mode !== 0) {
    throw new BadValue(
      `usrloc: db_mode ${config.db_mode} needs a database, and there is no database support yet`,
      'use db_mode 0 (contacts in memory)',
    )
  }
}
