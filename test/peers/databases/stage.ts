// A database under test: the driver's module in a node, a database that it reaches, the suite's
// tables in it.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type {
  Database,
  DbCapability,
  DbCell,
  DbRow,
  DbSelect,
  DbTerm,
} from '../../../server/core/db/api.ts'
import { is } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import { cells, people, type SuiteTable, TABLES, typeOf } from './tables.ts'

/** What some databases cannot; each test that needs it is left out of the suite for them. */
export type Trait =
  /** Columns may be NULL. */
  | 'null'
  /** Whole numbers of 64 bits. */
  | 'long numbers'
  /** Results say the declared types of columns. */
  | 'types'
  /** Unique keys are kept. */
  | 'unique'
  /** ORDER BY. */
  | 'order'
  /** Operators other than =. */
  | 'operators'
  /** `&`. */
  | 'bits'
  /** Blobs keep every byte. */
  | 'blobs'
  /** A table or column that is not there is refused. */
  | 'strict'
  /** Statements of SQL. */
  | 'sql'

export const ALL_TRAITS: readonly Trait[] = [
  'null',
  'long numbers',
  'types',
  'unique',
  'order',
  'operators',
  'bits',
  'blobs',
  'strict',
  'sql',
]

/** Everything that the suite needs to know of a driver. */
export interface DriverUnderTest {
  /** `db_mysql`. */
  readonly module: string
  /** More of the config: modparams. */
  readonly config?: string
  readonly can: readonly DbCapability[]
  readonly traits: readonly Trait[]
  /** Gets the server ready and makes the tables; gives the URL. */
  readonly start: (tables: readonly SuiteTable[]) => Promise<string>
  readonly stop: () => Promise<void>
}

export class DatabaseStage {
  readonly driver: DriverUnderTest
  bench!: Bench
  db!: Database
  url = ''

  constructor(driver: DriverUnderTest) {
    this.driver = driver
    beforeAll(() => this.start(), 60_000)
    beforeEach(() => this.empty())
    afterAll(() => this.stop(), 30_000)
  }

  has(...traits: Trait[]): boolean {
    return traits.every(trait => this.driver.traits.includes(trait))
  }

  can(...capabilities: DbCapability[]): boolean {
    return capabilities.every(one => this.driver.can.includes(one))
  }

  insert(values: Readonly<Record<string, DbCell['value']>>, table = people.name) {
    return this.db.insert(table, cells(values))
  }

  /** Rows with all that is asked for, as the database gives them. */
  async rows(select: Partial<DbSelect> = {}): Promise<readonly DbRow[]> {
    const found = await this.db.query({ table: people.name, columns: [], where: [], ...select })
    return found.rows
  }

  /** One column of all rows that a list of comparisons finds, sorted. */
  async names(where: readonly DbTerm[] = [], table = people.name): Promise<unknown[]> {
    const rows = await this.rows({ table, columns: ['name'], where })
    return rows.map(row => row[0]).toSorted()
  }

  /** `column = value` with the column's type. */
  where(column: string, value: DbCell['value'], op: DbTerm['op'] = '='): DbTerm {
    return { ...is(column, typeOf(column), value), op }
  }

  private async start(): Promise<void> {
    const { driver } = this
    this.url = await driver.start(TABLES)
    this.bench = await Bench.start(
      [`loadmodule "${driver.module}.so"`, driver.config ?? '', 'request_route { exit; }', ''].join(
        '\n',
      ),
    )
    this.db = this.bench.core.databases.open(this.url, 'test')
    await this.db.connect()
  }

  private async empty(): Promise<void> {
    for (const { name } of TABLES) await this.db.delete(name, [])
  }

  private async stop(): Promise<void> {
    await this.bench?.core.databases.close()
    await this.driver.stop()
  }
}
