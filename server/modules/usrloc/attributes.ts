/** Attributes of contacts (xavp_contact) in the table `location_attrs`, a row for each. */
import { type DbCell, type DbStatements, is } from '../../core/db/api.ts'
import { locationAttrs } from '../../core/db/tables/usrloc.ts'
import type { ConfigOf } from '../../core/module/index.ts'
import { XavpList, type XavpValue } from '../../core/xavp.ts'
import type { Contact } from './api.ts'
import type { RowShape } from './rows.ts'
import type { params } from './usrloc.module.ts'

const { name: TABLE } = locationAttrs
const COLUMNS = ['ruid', 'aname', 'atype', 'avalue']
/** `atype` of a text and of a number. */
const TEXT = 0
const NUMBER = 1

export class Attributes {
  private readonly config: ConfigOf<typeof params>
  private readonly shape: RowShape

  constructor(config: ConfigOf<typeof params>, shape: RowShape) {
    this.config = config
    this.shape = shape
  }

  async write(db: DbStatements, contact: Contact): Promise<void> {
    if (!(contact.extra instanceof XavpList)) return
    for (const { name, value } of contact.extra.items) {
      if (typeof value !== 'string' && typeof value !== 'number') continue
      await db.insert(TABLE, this.cells(contact, name, value))
    }
  }

  private cells(contact: Contact, name: string, value: string | number): DbCell[] {
    const [user, domain] = this.shape.ofAor(contact.aor)
    const cells: DbCell[] = [
      { column: 'ruid', type: 'string', value: contact.ruid },
      { column: 'username', type: 'string', value: user!.value },
    ]
    if (domain !== undefined) cells.push({ column: 'domain', type: 'string', value: domain.value })
    cells.push(
      { column: 'aname', type: 'string', value: name },
      { column: 'atype', type: 'int', value: typeof value === 'string' ? TEXT : NUMBER },
      { column: 'avalue', type: 'string', value: String(value) },
      {
        column: 'last_modified',
        type: this.config.expires_type === 0 ? 'datetime' : 'bigint',
        value: contact.modified,
      },
    )
    return cells
  }

  async remove(db: DbStatements, ruid: string): Promise<void> {
    await db.delete(TABLE, [is('ruid', 'string', ruid)])
  }

  async replace(db: DbStatements, contact: Contact): Promise<void> {
    await this.remove(db, contact.ruid)
    await this.write(db, contact)
  }

  /** Gives each contact its attributes. */
  async readAll(db: DbStatements, contacts: readonly Contact[]): Promise<void> {
    for (const contact of contacts) {
      const where = [is('ruid', 'string', contact.ruid)]
      const { rows } = await db.query({ table: TABLE, columns: COLUMNS, where })
      for (const [, name, type, value] of rows) add(contact, String(name), Number(type), value)
    }
  }

  /** All attributes of all contacts, by their unique names. */
  async all(db: DbStatements, atOnce: number): Promise<Map<string, XavpList>> {
    const found = new Map<string, XavpList>()
    for await (const { rows } of db.pages({ table: TABLE, columns: COLUMNS, where: [] }, atOnce)) {
      for (const [ruid, name, type, value] of rows) {
        const list = found.get(String(ruid)) ?? new XavpList()
        found.set(String(ruid), list)
        list.append(String(name), valueOf(Number(type), value))
      }
    }
    return found
  }
}

const valueOf = (type: number, value: unknown): XavpValue =>
  type === TEXT ? String(value) : Number(value)

function add(contact: Contact, name: string, type: number, value: unknown): void {
  if (!(contact.extra instanceof XavpList)) contact.extra = new XavpList()
  ;(contact.extra as XavpList).append(name, valueOf(type, value))
}
