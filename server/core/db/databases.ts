/** The drivers of a node and its open databases. */
import type { Clock } from '../../lib/clock.ts'
import type { Counters } from '../counters.ts'
import type { Log } from '../log.ts'
import { BadValue } from '../module/index.ts'
import { adviceAbout, insteadOf } from './advice.ts'
import { type Database, type DbResult, type DbType, is } from './api.ts'
import type { DbDriver } from './driver.ts'
import { type DbStatistics, GuardedDatabase, type GuardSettings } from './guard.ts'
import { LoadedTables } from './loaded-table.ts'
import { driverModule, readDbUrl } from './url.ts'

/** What a node of this kind needs of the core. */
interface DatabasesEnv {
  readonly params: GuardSettings & { readonly version_table: string }
  readonly log: Log
  readonly counters: Counters
  readonly clock: Clock
}

/** Kamailio's numbers of the types (lib/srdb1/db_val.h), for its messages. */
const TYPE_NUMBERS: Readonly<Record<DbType, number>> = {
  int: 0,
  bigint: 1,
  double: 2,
  string: 3,
  datetime: 5,
  blob: 6,
  bitmap: 7,
}

export class Databases {
  /** Tables in memory that modules have loaded. */
  readonly tables = new LoadedTables()
  private readonly env: DatabasesEnv
  private readonly statistics: DbStatistics
  private readonly drivers = new Map<string, DbDriver>()
  private readonly opened = new Map<string, GuardedDatabase>()

  constructor(env: DatabasesEnv) {
    this.env = env
    const count = (name: string, doc: string) => env.counters.register('db', name, doc)
    this.statistics = {
      statements: count('statements', 'Statements that modules gave to databases.'),
      errors: count('errors', 'Statements that a database refused or that did not reach it.'),
      deadlines: count('deadlines', 'Statements that were not answered in time.'),
      refused: count('refused', 'Statements that were not sent: database away or too busy.'),
    }
  }

  /** Called by driver modules from their constructor. */
  add(driver: DbDriver): void {
    this.drivers.set(driver.scheme, driver)
  }

  /** Is there a driver for this URL? Throws BadValue when it is no URL. */
  knows(text: string): boolean {
    return this.drivers.has(readDbUrl(text).scheme)
  }

  /** All that are open. */
  all(): GuardedDatabase[] {
    return [...this.opened.values()]
  }

  /**
   * A module's database; to be called from its `start`, when all drivers are there. Modules that
   * ask for one URL share its sessions. Throws BadValue when the URL is none or its driver is not
   * loaded.
   */
  open(text: string, module: string): Database {
    const known = this.opened.get(text)
    if (known !== undefined) {
      known.users.add(module)
      return known
    }
    const url = readDbUrl(text)
    const driver = this.drivers.get(url.scheme)
    if (driver === undefined)
      throw new BadValue(
        `Module ${driverModule(url.scheme)} not found. Missing loadmodule?`,
        insteadOf(url.scheme) ?? `loadmodule "${driverModule(url.scheme)}.so"`,
      )
    const { params, log, clock } = this.env
    const { statistics } = this
    const made = new GuardedDatabase({ params, log, clock, statistics }, driver, url)
    made.users.add(module)
    this.opened.set(text, made)
    return made
  }

  /**
   * Compares the table's row in the table `version` with what the module expects and rejects with
   * Kamailio's sentence when it is another.
   */
  async checkVersion(db: Database, table: string, version: number): Promise<void> {
    const found = await this.tableVersion(db, table)
    if (found === version) return
    throw new BadValue(
      `invalid version ${found} for table ${table} found, expected ${version} ` +
        '(check table structure and table "version")',
      versionHint(table) + wayTo(found, version),
    )
  }

  /** Of a table without a row there, 0. */
  async tableVersion(db: Database, table: string): Promise<number> {
    const refuse = (reason: string): BadValue =>
      new BadValue(
        `querying version for table ${table}: ${reason}`,
        adviceAbout(reason) || versionHint(table),
      )
    const versions = this.env.params.version_table
    let found: DbResult
    try {
      found = await db.query({
        table: versions,
        columns: ['table_version'],
        where: [is('table_name', 'string', table)],
      })
    } catch (error) {
      throw refuse((error as Error).message)
    }
    const { columns, rows } = found
    if (rows.length > 1) throw refuse(`invalid number of rows received: ${rows.length}, ${table}`)
    if (rows.length === 0) return 0
    const value = rows[0]![0]
    if (typeof value === 'number') return value
    const type = TYPE_NUMBERS[columns[0]!.type]
    const nul = value === null ? 1 : 0
    throw refuse(`invalid type (${type}) or nul (${nul}) version columns for ${table}`)
  }

  /** Ends all sessions; what is under way is rejected. */
  async close(): Promise<void> {
    const all = this.all()
    this.opened.clear()
    await Promise.all(all.map(one => one.close()))
  }
}

function wayTo(found: number, version: number): string {
  if (found === 0) return " kamdbctl create or add-tables makes Kamailio's tables."
  return found < version ? ' kamdbctl migrate brings tables of an older Kamailio to it.' : ''
}

const versionHint = (table: string): string =>
  `Error during version check for db table: ${table}, check database structure.`
