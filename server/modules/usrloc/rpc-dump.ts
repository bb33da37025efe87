/** `ul.dump` and `ohana.contacts`: all contacts, at once and page by page. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { ul } from '../../../rpc/contract/ul.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Contact } from './api.ts'
import { DB_ONLY } from './modes.ts'
import { fields, live, type StateOf, stateIn, tableOf } from './rpc-rows.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

type Dump = ResultOf<(typeof ul)['ul.dump']>
type TableRow = Dump['Domains'][number]
type Page = ResultOf<(typeof ul)['ohana.contacts']>
const PAGE = 100
const LARGEST_PAGE = 1000
/** Records that are looked at for a page: most of them may be unused. */
const LOOKS = 16_384

export function dump(self: Usrloc, brief?: string): Dump | Promise<Dump> {
  if (self.config.db_mode === DB_ONLY) return dumpDatabase(self, brief === 'brief')
  return { Domains: self.tables().map(table => dumpTable(self, table, brief === 'brief')) }
}

/** The tables as the database has them. */
async function dumpDatabase(self: Usrloc, brief: boolean): Promise<Dump> {
  const { database } = self
  const Domains: TableRow[] = []
  for (const table of self.tables()) {
    const copy = table.copy()
    try {
      await database!.eachRow(table.name, contact => copy.store.insert(contact.aor, contact))
    } catch (error) {
      database!.warn(database!.reason(error))
      throw new Fault(500, 'Operation failed')
    }
    Domains.push(dumpTable(self, copy, brief))
  }
  return { Domains }
}

function dumpTable(self: Usrloc, table: Table, brief: boolean): TableRow {
  const state = stateIn(self, table.name)
  const now = self.now()
  const size = 1 << self.config.hash_size
  const { store } = table
  // Kamailio walks its hash slots; so do those who compare two dumps.
  const heads = store.heads().sort((a, b) => (a.hash & (size - 1)) - (b.hash & (size - 1)))
  let longest = 0
  let run = 0
  for (let i = 0; i < heads.length; i++) {
    const same = i > 0 && ((heads[i]!.hash ^ heads[i - 1]!.hash) & (size - 1)) === 0
    run = same ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  const aors = brief
    ? heads.map(({ record }) => ({ AoR: store.aorOf(record) }))
    : heads.map(({ record, hash }) => {
        const aor = store.aorOf(record)
        return { Info: { AoR: aor, HashID: hash, Contacts: live(table.contacts(aor), now, state) } }
      })
  const stats = { Records: heads.length, 'Max-Slots': longest }
  return { Domain: { Domain: table.name, Size: size, AoRs: aors, Stats: stats } } as TableRow
}

export function page(self: Usrloc, name: string, after = 0, count = PAGE): Page | Promise<Page> {
  const table = tableOf(self, name)
  const most = Math.max(1, Math.min(count, LARGEST_PAGE))
  if (self.config.db_mode === DB_ONLY) return databasePage(self, table, after, most)
  const { store } = table
  const state = stateIn(self, name)
  const found: Contact[] = []
  let record = Math.max(after, 0)
  const last = Math.min(store.lastRecord, record + LOOKS)
  while (record < last && found.length < most)
    if (store.isUsed(++record)) found.push(store.read(record))
  return pageOf(self, found, state, record < store.lastRecord ? record : 0)
}

function pageOf(self: Usrloc, found: Contact[], state: StateOf, Next: number): Page {
  const now = self.now()
  const live = found.filter(contact => !contact.isExpired(now))
  const Contacts = live.map(contact => ({
    Contact: { AoR: contact.aor, ...fields(contact, now, state(contact)) },
  }))
  return { Contacts, Next }
}

async function databasePage(
  self: Usrloc,
  table: Table,
  after: number,
  count: number,
): Promise<Page> {
  const database = self.database!
  try {
    const { contacts, next } = await database.page(table.name, after, count)
    return pageOf(self, contacts, stateIn(self, table.name), next)
  } catch (error) {
    database.warn(database.reason(error))
    throw new Fault(500, 'Operation failed')
  }
}
