/**
 * What a timer does to the rows of the database: it deletes those that have run out (db_mode 3, and
 * db_timer_clean), and visits those that get keepalives (db_mode 3).
 */
import { is } from '../../core/db/api.ts'
import { CONTACT_EXPIRED } from './api.ts'
import { NATED_ONLY } from './keepalive.ts'
import type { LocationDatabase } from './database.ts'
import { DB_ONLY } from './modes.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

export class RowSweeper {
  private readonly owner: Usrloc
  private readonly database: LocationDatabase
  private running = false

  constructor(owner: Usrloc, database: LocationDatabase) {
    this.owner = owner
    this.database = database
  }

  /** A run that is still going on is left alone. */
  async run(): Promise<void> {
    if (this.running) return
    this.running = true
    for (const table of this.owner.tables()) {
      try {
        await this.sweep(table)
      } catch (error) {
        table.complain(`failed to delete from table ${table.name}: ${this.database.reason(error)}`)
      }
    }
    this.running = false
  }

  private async sweep(table: Table): Promise<void> {
    const { config, core } = this.owner
    const { db, shape, attributes } = this.database
    const only = config.db_mode === DB_ONLY
    const moment = this.owner.now() - (only ? config.rm_expired_delay : 0)
    const mine = shape.ofServer(core.params.server_id)
    const where = [...shape.expired(moment), ...mine]
    const told = only && this.owner.isHeard(CONTACT_EXPIRED)
    if (told || attributes !== null) await this.tellAll(table, where, told)
    const { affected } = await db.delete(table.name, where)
    if (only && affected > 0) table.countExpired(affected)
    if (only && this.owner.keepalive !== null) await this.keepAlive(table)
  }

  /** Those who want to know are told of each contact before its row goes. */
  private async tellAll(
    table: Table,
    where: ReturnType<LocationDatabase['shape']['expired']>,
    told: boolean,
  ): Promise<void> {
    const { db, shape, attributes } = this.database
    const select = { table: table.name, columns: shape.columns, where }
    for await (const { rows } of db.pages(select, this.owner.config.fetch_rows)) {
      for (const row of rows) {
        const contact = this.database.contact(row, table.name)
        if (contact === null) continue
        if (told) table.tell(contact, CONTACT_EXPIRED)
        await attributes?.remove(db, contact.ruid)
      }
    }
  }

  /** Connections do not live longer than the process that had them (db_clean_tcp). */
  async cleanConnections(table: string): Promise<void> {
    const { config, core } = this.owner
    await this.database.db.delete(table, [
      is(config.server_id_column, 'int', core.params.server_id),
      { column: config.connection_id_column, type: 'int', op: '>', value: 0 },
    ])
  }

  private async keepAlive(table: Table): Promise<void> {
    const { config, core, keepalive } = this.owner
    const { db, shape } = this.database
    const where =
      config.ka_filter === 1 ? [is(config.server_id_column, 'int', core.params.server_id)] : []
    // Who registers from behind a NAT is marked.
    if ((config.ka_mode & NATED_ONLY) !== 0) where.push(is(config.keepalive_column, 'int', 1))
    const now = this.owner.now()
    const select = { table: table.name, columns: shape.columns, where }
    for await (const { rows } of db.pages(select, config.fetch_rows)) {
      for (const row of rows) {
        const contact = this.database.contact(row, table.name)
        if (contact !== null && !contact.isExpired(now)) keepalive!.ping(contact)
      }
    }
  }
}
