// A database under test: the driver's module in a node, a database that it reaches, the suite's
// tables in it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  Database,
  DbCapability,
  DbCell,
  DbChange,
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
  /** A table that is not there is refused. */
  | 'strict'
  /** A column that is not there is refused. */
  | 'strict columns'
  /** Statements of SQL. */
  | 'sql'
  /** Two rows may be the same. */
  | 'same rows'
  /** It hands its statements on to no other database. */
  | 'itself'

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
  'strict columns',
  'sql',
  'same rows',
  'itself',
]

/** How rows come into a database that the node only reads. */
export interface RowWriter {
  insert(table: string, row: readonly DbCell[]): Promise<void>
  clear(table: string): Promise<void>
}

/** Everything that the suite needs to know of a driver. */
export interface DriverUnderTest {
  /** `db_mysql`. */
  readonly module: string
  /** More of the config: modparams. */
  readonly config?: string
  readonly can: readonly DbCapability[]
  readonly traits: readonly Trait[]
  /** Where the driver itself does not write. */
  readonly writer?: RowWriter
  /** Gets the server ready and makes the tables; gives the URL. */
  readonly start: (tables: readonly SuiteTable[]) => Promise<string>
  readonly stop: () => Promise<void>
}

type Want = Trait | DbCapability
type Tests = Pick<typeof test, 'each'> & ((name: string, run: () => Promise<unknown>) => void)

const LEFT_OUT = Object.assign(() => undefined, {
  each: () => () => undefined,
}) as unknown as Tests

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

  has(...wants: Want[]): boolean {
    const { traits, can } = this.driver
    return wants.every(want => [...traits, ...can].includes(want))
  }

  /** `test` for databases that can do all that, and nothing for others. */
  when(...wants: Want[]): Tests {
    return this.has(...wants) ? test : LEFT_OUT
  }

  /** `describe` for them. */
  whenAll(...wants: Want[]): (name: string, tests: () => void) => void {
    return this.has(...wants) ? describe : () => undefined
  }

  /** Rows that a statement touched, where the database tells. */
  expectAffected(affected: number, expected: number): void {
    expect(affected).toBe(this.has('affected_rows') ? expected : affected)
  }

  async insert(
    values: Readonly<Record<string, DbCell['value']>>,
    table = people.name,
  ): Promise<DbChange> {
    const { writer } = this.driver
    if (writer === undefined) return this.db.insert(table, cells(values))
    await writer.insert(table, cells(values))
    return { affected: 1, lastId: null }
  }

  async clear(table = people.name): Promise<void> {
    const { writer } = this.driver
    await (writer === undefined ? this.db.delete(table, []) : writer.clear(table))
  }

  /** Rows with all that is asked for, as the database gives them. */
  async rows(select: Partial<DbSelect> = {}): Promise<readonly DbRow[]> {
    const found = await this.db.query({ table: people.name, columns: [], where: [], ...select })
    return found.rows
  }

  /** One column of all rows that a list of comparisons finds, sorted. */
  async names(where: readonly DbTerm[] = [], table = people.name): Promise<string[]> {
    const rows = await this.rows({ table, columns: ['name'], where })
    return rows.map(row => String(row[0])).toSorted()
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
    await Promise.all(TABLES.map(({ name }) => this.clear(name)))
  }

  private async stop(): Promise<void> {
    await this.bench?.core.databases.close()
    await this.driver.stop()
  }
}
