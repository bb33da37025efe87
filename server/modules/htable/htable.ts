/** The instance: the tables, the iterators over them, and what is over by now. */
import type { Core } from '../../core/core.ts'
import { connected } from '../../core/db/connected.ts'
import { eventMessage } from '../../core/event-message.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { ScriptLocks } from '../../core/shared/script-locks.ts'
import type { htableParams } from './params.ts'
import { StoredTable } from './stored.ts'
import { Sweeper } from './sweep.ts'
import { HashTable, type Item } from './table.ts'

/** One walk over a table; a Map's own iterator bears with what is removed meanwhile. */
export interface Walk {
  readonly table: HashTable
  readonly items: Iterator<Item>
  /** null before the first and behind the last. */
  current: Item | null
}

/** As many walks as Kamailio has room for. */
const MOST_WALKS = 4

export class Htable {
  readonly core: Core
  readonly config: ConfigOf<typeof htableParams>
  readonly tables = new Map<string, HashTable>()
  /** Those that are in a database, by name. */
  readonly stored = new Map<string, StoredTable>()
  readonly walks = new Map<string, Walk>()
  readonly locks: ScriptLocks
  /** The item that event_route[htable:expired:...] is about; null outside of it. */
  expired: Item | null = null
  private readonly sweeper: Sweeper

  constructor(env: ModuleEnv<typeof htableParams, {}>) {
    this.core = env.core
    this.config = env.config
    this.refuseUnsupported()
    this.locks = new ScriptLocks(env.core, 'htable', true)
    this.sweeper = new Sweeper(env.core, (table, item) => this.onExpired(table, item))
    const seconds = (): number => this.seconds()
    for (const spec of env.config.htable) {
      if (this.tables.has(spec.name))
        throw new BadValue(`htable: the table ${spec.name} is configured twice`)
      this.tables.set(spec.name, new HashTable(spec, seconds))
    }
  }

  private refuseUnsupported(): void {
    const { config } = this
    if (config.enable_dmq !== 0 || config.dmq_init_sync !== 0)
      throw new BadValue('htable: tables are not replicated by DMQ yet', 'leave enable_dmq out')
  }

  error(text: string): void {
    this.core.log.error('htable', text)
  }

  table(name: string): HashTable | null {
    return this.tables.get(name) ?? null
  }

  async start(): Promise<void> {
    const { db_url } = this.config
    if (db_url !== '') {
      const database = await connected(this.core, db_url, 'htable')
      for (const table of this.tables.values())
        if (table.spec.dbtable !== '')
          this.stored.set(table.spec.name, new StoredTable(this, database, table))
      for (const one of this.stored.values()) await one.load('start')
    }
    this.runEvent('htable:mod-init')
  }

  async stop(): Promise<void> {
    this.sweeper.stop()
    for (const one of this.stored.values()) if (one.table.spec.dbmode !== 0) await one.save()
  }

  seconds(): number {
    return Math.floor(this.core.clock.now() / 1000)
  }

  sweep(): void {
    this.sweeper.sweep([...this.tables.values()])
  }

  /** The walk of this name; null when there is no room for a new one. */
  startWalk(name: string, table: HashTable): Walk | null {
    if (!this.walks.has(name) && this.walks.size >= MOST_WALKS) return null
    const walk: Walk = { table, items: table.items.values(), current: null }
    this.walks.set(name, walk)
    return walk
  }

  private onExpired(table: HashTable, item: Item): void {
    this.expired = item
    this.runEvent(`htable:expired:${table.spec.name}`)
    this.expired = null
  }

  runEvent(name: string): void {
    const block = this.core.kemi.event(name, this.config.event_callback)
    const socket = this.core.sockets.list[0]
    if (block === null || socket === undefined) return
    this.core.routes.runNow(block, eventMessage(socket), EVENT_ROUTE)
  }
}
