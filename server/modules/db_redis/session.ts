/** One Redis database as the database port sees it. */
import {
  type DbCell,
  type DbChange,
  type DbColumn,
  DbError,
  type DbInsert,
  type DbNumbered,
  type DbOnce,
  type DbResult,
  type DbRow,
  type DbSelect,
  type DbStatements,
  type DbTerm,
} from '../../core/db/api.ts'
import type { DbSession } from '../../core/db/driver.ts'
import { ohanaSpool } from '../../core/db/tables/ohana.ts'
import { columnIndex, rowTest, sortedRows } from '../../core/db/row-match.ts'
import type { Log } from '../../core/log.ts'
import type { Command, RedisClient } from './client.ts'
import { entryPrefix, indexKey, keyOf, type TableKeys, textIn } from './keys.ts'
import type { Schemas } from './schemas.ts'
import { asCommand, leave, ONCE } from './scripts.ts'
import { printValue, readValue } from './values.ts'

interface Found {
  readonly key: string
  readonly fields: ReadonlyMap<string, string>
  readonly row: DbRow
}

/** Rows that are read at a time. */
const AT_A_TIME = 1000

/** Where the numbers of spools are, a row each. */
const SPOOLS = ohanaSpool.name

const NO_KEYS: TableKeys = { entry: [], maps: [] }

type Fields = ReadonlyMap<string, string>

export class RedisSession implements DbSession {
  readonly once: DbOnce
  private readonly client: RedisClient
  private readonly schemas: Schemas
  private readonly keys: ReadonlyMap<string, TableKeys>
  private readonly log: Log
  /** Tables of which all keys were looked through: told once. */
  private readonly scanned = new Set<string>()
  /** Changes read before they write: one after the other. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(
    client: RedisClient,
    schemas: Schemas,
    keys: ReadonlyMap<string, TableKeys>,
    log: Log,
  ) {
    this.client = client
    this.schemas = schemas
    this.keys = keys
    this.log = log
    this.once = {
      insertOnce: numbered => this.inTurn(() => this.insertOnce(numbered)),
      check: async ({ table, cells }) => {
        await this.checked(table, cells)
        this.entryKey(table, textIn(cells))
      },
    }
  }

  connect(): Promise<void> {
    return this.client.connect()
  }

  async query(select: DbSelect): Promise<DbResult> {
    const columns = await this.schemas.columns(select.table)
    const found = await this.find(select.table, columns, select.where)
    const rows = found.map(({ row }) => row)
    const { order = '' } = select
    return shown(columns, order === '' ? rows : sortedRows(columns, rows, order), select.columns)
  }

  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    if (select.order !== undefined && select.order !== '') {
      const all = await this.query(select)
      for (let at = 0; at < all.rows.length; at += rows)
        yield { columns: all.columns, rows: all.rows.slice(at, at + rows) }
      return
    }
    const { table, where } = select
    const columns = await this.schemas.columns(table)
    const test = rowTest(columns, where)
    const keys = await this.candidates(table, where)
    for (let at = 0; at < keys.length; at += rows) {
      const found = await this.read(keys.slice(at, at + rows), columns)
      const good = found.map(({ row }) => row).filter(test)
      if (good.length > 0) yield shown(columns, good, select.columns)
    }
  }

  /** Takes the place of a row with the same key, as in Kamailio. */
  insert(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.put(table, row, true)
  }

  insertUpdate(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.put(table, row, true)
  }

  replace(table: string, row: readonly DbCell[]): Promise<DbChange> {
    return this.put(table, row, false)
  }

  update(table: string, where: readonly DbTerm[], changes: readonly DbCell[]): Promise<DbChange> {
    return this.inTurn(async () => {
      const columns = await this.checked(table, changes)
      const found = await this.find(table, columns, where)
      for (const before of found) {
        const after = new Map(before.fields)
        change(after, changes)
        await this.together(this.moved(table, before, after))
      }
      return { affected: found.length, lastId: null }
    })
  }

  delete(table: string, where: readonly DbTerm[]): Promise<DbChange> {
    return this.inTurn(async () => {
      const columns = await this.schemas.columns(table)
      const found = await this.find(table, columns, where)
      for (let at = 0; at < found.length; at += AT_A_TIME) {
        const some = found.slice(at, at + AT_A_TIME)
        const gone = some.flatMap(({ key, fields }) => this.leaving(table, key, fields, null))
        await this.together([['DEL', ...some.map(({ key }) => key)], ...gone])
      }
      return { affected: found.length, lastId: null }
    })
  }

  raw(): Promise<never> {
    return Promise.reject(new DbError('statement', 'db_redis has no raw statements: use ndb_redis'))
  }

  transaction<T>(_work: (db: DbStatements) => Promise<T>): Promise<T> {
    return Promise.reject(new DbError('statement', 'db_redis has no transactions'))
  }

  async close(): Promise<void> {
    this.client.close()
  }

  /** `keep`: fields of a row that is there stay when the new one does not name them. */
  private put(table: string, cells: readonly DbCell[], keep: boolean): Promise<DbChange> {
    return this.inTurn(async () => {
      await this.checked(table, cells)
      const key = this.entryKey(table, textIn(cells))
      const [fields = new Map<string, string>()] = await this.client.hashes([key])
      const after = keep ? new Map(fields) : new Map<string, string>()
      change(after, cells)
      await this.together(this.moved(table, { key, fields }, after))
      return { affected: 1, lastId: null }
    })
  }

  private together(commands: readonly Command[]): Promise<void> {
    return this.client.together(commands.map(asCommand))
  }

  /**
   * The rows and the number of the last one in one script, which changes nothing else meanwhile.
   */
  private async insertOnce({ spool, first, rows }: DbNumbered): Promise<void> {
    const mark = `${entryPrefix(SPOOLS)}${spool}`
    const [kept = new Map<string, string>()] = await this.client.hashes([mark])
    const done = kept.get('done') ?? ''
    const missing = done === '' ? rows : rows.slice(Math.max(0, Number(done) - first + 1))
    if (missing.length === 0) return
    const commands = await this.inserts(missing)
    const last = String(first + rows.length - 1)
    const words = commands.flatMap(command => [String(command.length), ...command])
    const moved = await this.client.script(ONCE, mark, [done, spool, last, ...words])
    if (moved !== 1)
      throw new DbError('busy', 'the number of loaded records was moved on meanwhile')
  }

  private async inserts(rows: readonly DbInsert[]): Promise<Command[]> {
    const keys: string[] = []
    for (const { table, cells } of rows) {
      await this.checked(table, cells)
      keys.push(this.entryKey(table, textIn(cells)))
    }
    const distinct = [...new Set(keys)]
    const hashes = await this.client.hashes(distinct)
    const known = new Map<string, Fields>(distinct.map((key, at) => [key, hashes[at]!]))
    return rows.flatMap(({ table, cells }, at) => {
      const key = keys[at]!
      const fields = known.get(key)!
      const after = new Map(fields)
      change(after, cells)
      known.set(key, after)
      return this.moved(table, { key, fields }, after)
    })
  }

  /** What makes the row `before` the row `after`. */
  private moved(
    table: string,
    before: Pick<Found, 'key' | 'fields'>,
    after: ReadonlyMap<string, string>,
  ): Command[] {
    const text = (column: string): string | null => after.get(column) ?? null
    const key = this.entryKey(table, text)
    const stays = key === before.key
    const gone = stays ? [...before.fields.keys()].filter(name => !after.has(name)) : []
    const commands: Command[] = stays ? [] : [['DEL', before.key]]
    commands.push(['HSET', key, ...[...after].flat()])
    if (gone.length > 0) commands.push(['HDEL', key, ...gone])
    commands.push(...this.leaving(table, before.key, before.fields, stays ? after : null))
    for (const map of this.keysOf(table).maps) {
      const set = keyOf(table, map, text)
      if (set !== null) commands.push(['SADD', set, key], ['SADD', indexKey(table, map.name), set])
    }
    return commands
  }

  /** Takes a key out of the sets of a row, but for those in which it stays. */
  private leaving(
    table: string,
    key: string,
    fields: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string> | null,
  ): Command[] {
    const commands: Command[] = []
    for (const map of this.keysOf(table).maps) {
      const set = keyOf(table, map, column => fields.get(column) ?? null)
      const next = after && keyOf(table, map, column => after.get(column) ?? null)
      if (set !== null && set !== next) commands.push(leave(set, indexKey(table, map.name), key))
    }
    return commands
  }

  private async find(
    table: string,
    columns: readonly DbColumn[],
    where: readonly DbTerm[],
  ): Promise<Found[]> {
    const test = rowTest(columns, where)
    const keys = await this.candidates(table, where)
    const found: Found[] = []
    for (let at = 0; at < keys.length; at += AT_A_TIME)
      for (const one of await this.read(keys.slice(at, at + AT_A_TIME), columns))
        if (test(one.row)) found.push(one)
    return found
  }

  /** Keys of rows among which those are that are asked for: as few as the `keys` allow. */
  private async candidates(table: string, where: readonly DbTerm[]): Promise<string[]> {
    const text = textIn(where.filter(({ op }) => op === '='))
    const { entry, maps } = this.keysOf(table)
    const key = entry.length === 0 ? null : keyOf(table, { name: 'entry', columns: entry }, text)
    if (key !== null) return [key]
    for (const map of maps) {
      const set = keyOf(table, map, text)
      if (set !== null) return this.client.members(set)
    }
    if (where.length > 0 && !this.scanned.has(table)) {
      this.scanned.add(table)
      this.log.warn('db_redis', `performing full table scan on table '${table}'`)
    }
    return this.client.keys(entryPrefix(table))
  }

  private async read(keys: readonly string[], columns: readonly DbColumn[]): Promise<Found[]> {
    const hashes = await this.client.hashes(keys)
    const found: Found[] = []
    for (const [at, fields] of hashes.entries()) {
      // A set may name a row that is gone.
      if (fields.size === 0) continue
      const row = columns.map(({ name, type }) => readValue(type, fields.get(name)))
      found.push({ key: keys[at]!, fields, row })
    }
    return found
  }

  private entryKey(table: string, text: (column: string) => string | null): string {
    const { entry } = this.keysOf(table)
    if (entry.length === 0)
      throw new DbError('statement', `no entry key for table ${table} in the parameter keys`)
    const key = keyOf(table, { name: 'entry', columns: entry }, text)
    if (key === null)
      throw new DbError('statement', `table ${table} needs values for ${entry.join(', ')}`)
    return key
  }

  private keysOf(table: string): TableKeys {
    return this.keys.get(table) ?? NO_KEYS
  }

  private async checked(table: string, cells: readonly DbCell[]): Promise<readonly DbColumn[]> {
    const columns = await this.schemas.columns(table)
    for (const { column } of cells) columnIndex(columns, column)
    return columns
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work)
    this.last = mine.catch(() => undefined)
    return mine
  }
}

function change(fields: Map<string, string>, cells: readonly DbCell[]): void {
  for (const cell of cells) {
    if (cell.value === null) fields.delete(cell.column)
    else fields.set(cell.column, printValue(cell))
  }
}

/** Some columns of rows, in the order in which they are asked for. */
function shown(
  columns: readonly DbColumn[],
  rows: readonly DbRow[],
  names: readonly string[],
): DbResult {
  if (names.length === 0) return { columns, rows }
  const wanted = names.map(name => columnIndex(columns, name))
  return {
    columns: wanted.map(at => columns[at]!),
    rows: rows.map(row => wanted.map(at => row[at]!)),
  }
}
