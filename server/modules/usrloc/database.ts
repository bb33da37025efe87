/** The database of the location service: which statements become of contacts. */
import {
  type Database,
  type DbCapability,
  type DbCell,
  DbError,
  type DbRow,
  type DbSelect,
  type DbStatements,
  type DbTerm,
} from '../../core/db/api.ts'
import { L_BUG } from '../../core/log.ts'
import { BadValue } from '../../core/module/index.ts'
import { connected } from '../../core/db/connected.ts'
import { location, locationAttrs } from '../../core/db/tables/usrloc.ts'
import { Attributes } from './attributes.ts'
import { READ_AT_START } from './modes.ts'
import type { Change, Contact } from './api.ts'
import { type RowReader, RowShape } from './rows.ts'
import type { Usrloc } from './usrloc.ts'

const WRITES: readonly DbCapability[] = ['insert', 'update', 'delete']
/** Bit of a contact's flags (ul.add): it has no row. */
const IN_MEMORY_ONLY = 1

/** As the store keeps them: the newest first, or the highest q and among equals the oldest. */
export const byOrder =
  (newestFirst: boolean) =>
  (a: Contact, b: Contact): number =>
    newestFirst ? b.modified - a.modified : b.q - a.q

export class LocationDatabase implements RowReader {
  readonly shape: RowShape
  /** Set by `open`. */
  db!: Database
  /** null: contacts have no attributes (xavp_contact). */
  readonly attributes: Attributes | null
  private readonly owner: Usrloc
  private readonly checked = new Set<string>()

  constructor(owner: Usrloc) {
    const { config } = owner
    this.owner = owner
    this.shape = new RowShape(config)
    this.attributes = config.xavp_contact === '' ? null : new Attributes(config, this.shape)
  }

  /** Resolves when it stands and its tables are those that we know. */
  async open(tables: readonly string[]): Promise<void> {
    const { config, core } = this.owner
    const { databases } = core
    this.db = await connected(core, config.db_url, 'usrloc')
    if (config.db_mode !== READ_AT_START && WRITES.some(one => !this.db.can.has(one)))
      throw new BadValue(
        'usrloc: database module does not implement all functions needed by the module',
        `contacts cannot be changed in ${this.db.shownUrl}: db_mode 4 only reads them`,
      )
    if (config.version_table === 0) return
    for (const name of tables) await this.check(name)
    if (this.attributes !== null)
      await databases.checkVersion(this.db, locationAttrs.name, locationAttrs.version)
  }

  /** Rejects with a BadValue when the table is of another version; asked for once. */
  async check(table: string): Promise<void> {
    const { config, core } = this.owner
    if (config.version_table === 0 || this.checked.has(table)) return
    await core.databases.checkVersion(this.db, table, location.version)
    this.checked.add(table)
  }

  /** Calls back when the database can be reached again. */
  onAvailable(call: () => void): void {
    this.db.onAvailable(available => {
      if (available) call()
    })
  }

  // ---- reading

  socket(text: string) {
    return this.owner.socket(text)
  }

  isOurs(serverId: number, modified: number): boolean {
    const { core } = this.owner
    return serverId === core.params.server_id && modified * 1000 >= core.startedAt
  }

  warn(text: string): void {
    this.owner.core.log.error('usrloc', text)
  }

  contact(row: DbRow, table: string): Contact | null {
    const contact = this.shape.read(row, table, this)
    return contact === 'skip' ? null : contact
  }

  /** The contacts that this finds, in the order in which requests try them. */
  async contacts(select: Omit<DbSelect, 'columns' | 'order'>): Promise<Contact[]> {
    const { config } = this.owner
    const { columns } = this.shape
    const { rows } = await this.db.query({ ...select, columns })
    const found: Contact[] = []
    for (const row of rows) {
      const contact = this.contact(row, select.table)
      if (contact !== null) found.push(contact)
    }
    found.sort(byOrder(config.desc_time_order !== 0))
    if (this.attributes !== null) await this.attributes.readAll(this.db, found)
    return found
  }

  ofAor(table: string, aor: string): Promise<Contact[]> {
    return this.contacts({ table, where: this.shape.ofAor(aor) })
  }

  /** Every contact of a table, page by page. */
  async eachRow(table: string, visit: (contact: Contact) => void): Promise<void> {
    const { config, core } = this.owner
    const { columns } = this.shape
    const where = this.shape.ofServer(core.params.server_id)
    for await (const { rows } of this.db.pages({ table, columns, where }, config.fetch_rows)) {
      for (const row of rows) {
        const contact = this.contact(row, table)
        if (contact !== null) visit(contact)
      }
    }
  }

  /** So many rows behind the one with this id; `next` is 0 at the end. */
  async page(
    table: string,
    after: number,
    count: number,
  ): Promise<{ contacts: Contact[]; next: number }> {
    const columns = [...this.shape.columns, 'id']
    const behind: DbTerm = { column: 'id', type: 'int', value: after, op: '>' }
    const where = [...this.shape.ofServer(this.owner.core.params.server_id), behind]
    const contacts: Contact[] = []
    let next = 0
    for await (const { rows } of this.db.pages({ table, columns, where, order: 'id' }, count)) {
      for (const row of rows) {
        const contact = this.contact(row, table)
        if (contact !== null) contacts.push(contact)
      }
      next = rows.length < count ? 0 : Number(rows.at(-1)!.at(-1))
      break
    }
    return { contacts, next }
  }

  /** Counts rows; `visit` gets user and domain of each. */
  async count(
    table: string,
    which: 'live' | 'expired',
    now: number,
    visit: (row: DbRow) => void,
  ): Promise<number> {
    const { config } = this.owner
    const columns = [config.user_column, config.domain_column]
    const { shape } = this
    const parts =
      which === 'live' ? [shape.permanent(), shape.later(now)] : [shape.expired(now + 1)]
    let count = 0
    for (const where of parts) {
      for await (const { rows } of this.db.pages({ table, columns, where }, config.fetch_rows)) {
        count += rows.length
        for (const row of rows) visit(row)
      }
    }
    return count
  }

  // ---- writing

  async write(db: DbStatements, change: Change, contact: Contact): Promise<void> {
    if ((contact.flags & IN_MEMORY_ONLY) !== 0) return
    if (change === 'insert') await this.insert(db, contact)
    else if (change === 'update') await this.update(db, contact)
    else await this.delete(db, contact)
  }

  private async insert(db: DbStatements, contact: Contact): Promise<void> {
    await this.insertRow(db, contact.table, this.shape.whole(contact))
    await this.attributes?.write(db, contact)
  }

  private async insertRow(db: DbStatements, table: string, cells: DbCell[]): Promise<void> {
    const { config } = this.owner
    const orUpdate = config.db_insert_update !== 0 && this.db.can.has('insert_update')
    if (orUpdate) await db.insertUpdate(table, cells, [config.ruid_column])
    else await db.insert(table, cells)
  }

  private async update(db: DbStatements, contact: Contact): Promise<void> {
    const { shape } = this
    const { config } = this.owner
    if (config.db_update_as_insert !== 0) return this.insert(db, contact)
    const where = shape.ofContact(contact)
    const { affected } = await db.update(contact.table, where, shape.changes(contact))
    // Somebody has removed the row. What a phone was told must be in the table all the same.
    if (affected === 0) await this.insertUnlessThere(db, contact)
    await this.attributes?.replace(db, contact)
  }

  /** A database that counts changed rows only says 0 of a row that was right already. */
  private async insertUnlessThere(db: DbStatements, contact: Contact): Promise<void> {
    const { table } = contact
    const { ruid_column: column } = this.owner.config
    const where = this.shape.ofContact(contact)
    const { rows } = await db.query({ table, columns: [column], where })
    if (rows.length === 0) await this.insertRow(db, table, this.shape.whole(contact))
  }

  private async delete(db: DbStatements, contact: Contact): Promise<void> {
    await db.delete(contact.table, this.shape.ofContact(contact))
    await this.attributes?.remove(db, contact.ruid)
  }

  /** Writes a row of which nobody knows whether it is there. */
  async rewrite(db: DbStatements, contact: Contact): Promise<void> {
    await db.delete(contact.table, this.shape.ofRuid(contact.ruid))
    await this.attributes?.remove(db, contact.ruid)
    await this.insert(db, contact)
  }

  async deleteRuid(db: DbStatements, table: string, ruid: string): Promise<void> {
    await db.delete(table, this.shape.ofRuid(ruid))
    await this.attributes?.remove(db, ruid)
  }

  /** All or nothing, where the database can; one statement needs no transaction. */
  atOnce(statements: number, work: (db: DbStatements) => Promise<void>): Promise<void> {
    const several = statements > 1 || this.attributes !== null
    return several && this.db.can.has('transactions') ? this.db.transaction(work) : work(this.db)
  }

  /** Why it failed, for the log. Our own mistake is told with its place, and survived. */
  reason(error: unknown): string {
    if (error instanceof DbError) return error.message
    const { log } = this.owner.core
    log.write(L_BUG, 'usrloc', log.emitted.stack(error))
    return String(error)
  }
}
