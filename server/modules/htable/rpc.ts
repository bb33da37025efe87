/** htable.*: the tables seen and changed by an operator. */
import { Fault } from '../../../rpc/faults.ts'
import { localTime } from '../../core/db/local-time.ts'
import type { Htable } from './htable.ts'
import type { StoredTable } from './stored.ts'
import type { HashTable, Item, ItemValue } from './table.ts'

function known(self: Htable, name: string): HashTable {
  const table = self.table(name)
  if (table === null) throw new Fault(500, 'No such htable')
  return table
}

/** Kamailio's list has the newest table first. */
function tables(self: Htable): HashTable[] {
  if (self.tables.size === 0) throw new Fault(500, 'No htables')
  return [...self.tables.values()].reverse()
}

const typeOf = ({ value }: Item): string => (typeof value === 'number' ? 'int' : 'str')

interface Dumped {
  entry: number
  size: number
  slot: { name: string; value: ItemValue; type: string }[]
}

export function dump(self: Htable, name: string): Dumped[] {
  return known(self, name)
    .slots()
    .map(({ entry, items }) => ({
      entry,
      size: items.length,
      slot: items.map(item => ({ name: item.name, value: item.value, type: typeOf(item) })),
    }))
}

interface Got {
  item: { name: string; value: ItemValue; flags: number; expire: string }
}

export function get(self: Htable, name: string, key: string): Got {
  const table = known(self, name)
  const item = table.find(key)
  if (item === null) throw new Fault(500, "Key name doesn't exist in htable.")
  const flags = typeof item.value === 'string' ? 2 : 0
  const expire = item.expire === 0 ? 'NEVER' : localTime(item.expire)
  return { item: { name: key, value: item.value, flags, expire } }
}

export function remove(self: Htable, name: string, key: string): string {
  if (!known(self, name).remove(key)) throw new Fault(404, 'Key not found in htable.')
  return 'Ok. Key deleted.'
}

export function set(self: Htable, name: string, key: string, value: ItemValue): string {
  known(self, name).set(key, value)
  return 'Ok. Key set to new value.'
}

export function setWithEnd(
  self: Htable,
  name: string,
  key: string,
  value: ItemValue,
  seconds: number,
): string {
  const table = self.table(name)
  if (table === null) throw new Fault(500, 'Failed to set the item')
  table.set(key, value)
  table.setSecondsLeft(key, seconds)
  return 'Ok. Key set to new value.'
}

export function setEnd(self: Htable, name: string, key: string, seconds: number): string {
  known(self, name).setSecondsLeft(key, seconds)
  return 'Ok'
}

/** The table with its rows in a database. */
function stored(self: Htable, name: string | undefined): StoredTable {
  if (self.config.db_url === '') throw new Fault(500, 'No htable db_url')
  if (name === undefined) throw new Fault(500, 'No htable name given')
  known(self, name)
  const found = self.stored.get(name)
  if (found === undefined) throw new Fault(500, 'No database htable')
  return found
}

export const reload = (self: Htable, name: string | undefined): Promise<string> =>
  loadAnew(self, stored(self, name))

async function loadAnew(self: Htable, stored: StoredTable): Promise<string> {
  try {
    await stored.load('rpc htable.reload')
  } catch (error) {
    throw new Fault(500, `Htable reload failed: ${(error as Error).message}`)
  }
  self.runEvent(`htable:reloaded:${stored.table.spec.name}`)
  return 'Ok. Htable reloaded.'
}

export const store = (self: Htable, name: string | undefined): Promise<string> =>
  writeBack(stored(self, name))

async function writeBack(stored: StoredTable): Promise<string> {
  if (!(await stored.save())) throw new Fault(500, 'Storing htable failed')
  return 'Ok. Htable successfully stored to DB.'
}

export function flush(self: Htable, name: string): string {
  known(self, name).clear()
  return 'Ok. Htable flushed.'
}

interface Listed {
  name: string
  dbtable: string
  dbmode: number
  expire: number
  updateexpire: number
  size: number
  dmqreplicate: number
}

export const list = (self: Htable): Listed[] =>
  tables(self).map(({ spec }) => ({
    name: spec.name,
    dbtable: spec.dbtable,
    dbmode: spec.dbmode,
    expire: spec.autoexpire,
    updateexpire: spec.updateexpire ? 1 : 0,
    size: spec.slots,
    dmqreplicate: 0,
  }))

interface Counted {
  name: string
  slots: number
  all: number
  min: number
  max: number
}

export const stats = (self: Htable): Counted[] =>
  tables(self).map(table => {
    const used = table.slots().map(({ items }) => items.length)
    const { name, slots } = table.spec
    const min = used.length < slots ? 0 : Math.min(...used)
    return { name, slots, all: table.size, min, max: Math.max(0, ...used) }
  })
