/** Accounting in a database: rows that go through a spool. */
import { type Database, type DbCell, DbError, type DbType, cell } from '../../core/db/api.ts'
import { BadValue, type Format, type Verdict } from '../../core/module/index.ts'
import { encodeRow, loadInto } from '../../core/spool/database.ts'
import type { Delivery } from '../../core/spool/spools.ts'
import type { Accounting } from './acc.ts'
import type { AccountingEngine, AccountingRecord, Extra } from './api.ts'
import { legsOf } from './extra.ts'
import { microsecondsOf } from './line.ts'

export class DatabaseEngine implements AccountingEngine {
  readonly flag: number
  readonly missedFlag: number
  private readonly self: Accounting
  private readonly extras: readonly Extra[]
  private readonly database: Database
  private readonly delivery: Delivery
  /** Names of the tables, which may have variables. */
  private readonly accTable: Format
  private readonly missedTable: Format

  constructor(self: Accounting, flag: number, missedFlag: number, extras: readonly Extra[]) {
    const { config, core } = self
    this.self = self
    this.flag = flag
    this.missedFlag = missedFlag
    this.extras = extras
    this.database = core.databases.open(config.db_url, 'acc')
    if (!this.database.can.has('insert'))
      throw new BadValue("acc: database backend doesn't support insert")
    this.accTable = core.formats.compile(config.db_table_acc)
    this.missedTable = core.formats.compile(config.db_table_missed_calls)
    this.delivery = core.spools.open('acc', spool => loadInto(this.database, spool))
  }

  get accepts(): boolean {
    return this.delivery.accepts
  }

  /**
   * A database that is away is no reason not to start: its rows wait. Whatever else it says is.
   */
  async start(): Promise<void> {
    const { database, delivery, self } = this
    const { log } = self.core
    try {
      await database.connect()
    } catch (error) {
      const waits = error instanceof DbError && error.failure !== 'statement'
      if (!waits) throw new BadValue(`acc: unable to connect to the database: ${String(error)}`)
      log.error('acc', `unable to connect to the database: ${error.message}; its rows wait`)
    }
    database.onAvailable(available => {
      if (available) delivery.pump.retry()
    })
    delivery.pump.start()
  }

  stop(): Promise<void> {
    return this.delivery.close()
  }

  account(record: AccountingRecord): void {
    const table = record.kind === 'missed' ? this.missedTable : this.accTable
    this.insert(record, table(record.request))
  }

  /** acc_db_request(). */
  accountIn(record: AccountingRecord, table: string): Verdict {
    if (table === '') {
      this.self.core.log.error('acc', 'acc_db_request: the name of the table is empty')
      return -1
    }
    this.insert(record, table)
    return 1
  }

  /** Any other row; it goes the same way. */
  keep(table: string, cells: readonly DbCell[]): void {
    this.delivery.append(encodeRow(table, cells))
  }

  private insert(record: AccountingRecord, table: string): void {
    const { legs } = this.self
    const cells = this.cellsOf(record)
    const sets = legsOf(legs, record.request)
    // One row for each leg of the call; they differ in the values of the leg alone.
    if (sets.length === 0) this.delivery.append(encodeRow(table, cells))
    for (const set of sets) {
      const more = set.map((value, i) => cell(legs[i]!.name, 'string', String(value ?? '')))
      this.delivery.append(encodeRow(table, [...cells, ...more]))
    }
  }

  private cellsOf(record: AccountingRecord): DbCell[] {
    const { config } = this.self
    const { request, fromTag, toTag, code, reason, time } = record
    const cells: DbCell[] = [
      cell(config.acc_method_column, 'string', request.method),
      cell(config.acc_from_tag_column, 'string', fromTag),
      cell(config.acc_to_tag_column, 'string', toTag),
      cell(config.acc_callid_column, 'string', request.callId),
      cell(config.acc_sip_code_column, 'string', code),
      cell(config.acc_sip_reason_column, 'string', reason),
      cell(config.acc_time_column, 'datetime', Math.floor(time / 1000)),
    ]
    this.addTime(cells, record)
    for (const { name, handle } of this.extras) {
      const value = handle!.get(request)
      const none = config.acc_extra_nullable === 0 ? '' : null
      cells.push(cell(name, 'string', value === null ? none : String(value)))
    }
    return cells
  }

  /** What time_mode adds: a column of another type each. */
  private addTime(cells: DbCell[], { request, time }: AccountingRecord): void {
    const { config, timeFormat } = this.self
    const add = (name: string, type: DbType, value: number | string): void =>
      void cells.push(cell(name, type, value))
    switch (config.time_mode) {
      case 1:
        add(config.time_attr, 'int', Math.floor(time / 1000))
        add(config.time_exten, 'int', microsecondsOf(time))
        break
      case 2:
        add(config.time_attr, 'double', Math.floor(time) / 1000)
        break
      case 3:
      case 4:
        add(config.time_attr, 'string', timeFormat?.(request) ?? '')
        break
      default:
    }
  }
}
