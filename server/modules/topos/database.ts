/** Records in a database, whichever it is. */
import { cell, type Database, type DbTerm, is } from '../../core/db/api.ts'
import type { Databases } from '../../core/db/databases.ts'
import { connected } from '../../core/db/connected.ts'
import { readDbUrl } from '../../core/db/url.ts'
import { toposD, toposT } from '../../core/db/tables/topos.ts'
import type { Log } from '../../core/log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { TopologyStorage, TopologyStripping } from './api.ts'
import { BRANCH_COLUMNS, DIALOG_COLUMNS, dialogKey, recordOf, type TopologyRecord } from './data.ts'

type Column = keyof TopologyRecord

const DIALOGS = toposD.name
const BRANCHES = toposT.name

export interface DatabaseStorageOptions {
  readonly url: string
  readonly checkVersion: boolean
  readonly limits: Pick<TopologyStripping, 'branchExpire' | 'dialogExpire'>
}

/** The parts of the core that it needs. */
export interface DatabaseStorageEnv {
  readonly databases: Databases
  readonly log: Log
  readonly clock: Clock
}

export class DatabaseStorage implements TopologyStorage {
  private readonly env: DatabaseStorageEnv
  private readonly options: DatabaseStorageOptions
  private db!: Database
  /** The last change of each record that is under way: a database has no order of its own. */
  private readonly changes = new Map<string, Promise<void>>()
  /** Is it on a server that others use, too? */
  private remote = false
  /** Between a failure and the next success: told once. */
  private failing = false

  constructor(env: DatabaseStorageEnv, options: DatabaseStorageOptions) {
    this.env = env
    this.options = options
  }

  get shared(): boolean {
    return this.remote && !this.failing
  }

  async start(): Promise<void> {
    const { url, checkVersion } = this.options
    const tables = checkVersion ? [toposD, toposT] : []
    const wanted = tables.map(table => [table.name, table] as const)
    this.db = await connected(this.env, url, 'topos', ...wanted)
    this.remote = readDbUrl(url).scheme !== 'sqlite'
  }

  /** What was changed is written when it is over. */
  async stop(): Promise<void> {
    await this.settled()
  }

  insertDialog(record: TopologyRecord, seconds: number): void {
    const row = [...cellsOf(DIALOG_COLUMNS, record), this.subscribedAt(seconds)]
    this.write(dialogKey(record.a_uuid), () => this.db.insert(DIALOGS, row))
  }

  insertBranch(record: TopologyRecord): void {
    const row = [...cellsOf(BRANCH_COLUMNS, record), this.rectime()]
    this.write(record.x_vbranch, () => this.db.insert(BRANCHES, row))
  }

  prolongDialog(uuid: string, seconds: number): void {
    const key = dialogKey(uuid)
    const row = [this.subscribedAt(seconds)]
    this.write(key, () => this.db.update(DIALOGS, [text('a_uuid', key)], row))
  }

  updateDialog(uuid: string, changes: Partial<TopologyRecord>): void {
    const key = dialogKey(uuid)
    this.update(DIALOGS, [text('a_uuid', key)], key, changes)
  }

  updateBranch(branch: TopologyRecord, changes: Partial<TopologyRecord>): void {
    this.update(BRANCHES, [text('x_vbranch', branch.x_vbranch)], branch.x_vbranch, changes)
  }

  endDialog(uuid: string): void {
    const key = dialogKey(uuid)
    const changes = [this.rectime(), cell('iflags', 'int', 0)]
    this.write(key, () => this.db.update(DIALOGS, [text('a_uuid', key)], changes))
  }

  loadDialog(uuid: string): Promise<TopologyRecord | null> {
    return this.read(DIALOGS, DIALOG_COLUMNS, [text('a_uuid', dialogKey(uuid))])
  }

  loadBranch(viaBranch: string): Promise<TopologyRecord | null> {
    return this.read(BRANCHES, BRANCH_COLUMNS, [text('x_vbranch', viaBranch)])
  }

  loadInvite(callId: string, toTag: string, uuid: string): Promise<TopologyRecord | null> {
    return this.read(BRANCHES, BRANCH_COLUMNS, [
      text('a_callid', callId),
      text('b_tag', toTag),
      text('a_uuid', dialogKey(uuid)),
      text('s_method', 'INVITE'),
    ])
  }

  clean(): void {
    const { branchExpire, dialogExpire } = this.options.limits
    const before = (seconds: number): DbTerm => ({
      ...this.rectime(seconds),
      op: '<=',
    })
    this.write('', () => this.db.delete(BRANCHES, [before(branchExpire)]))
    this.write('', () => this.db.delete(DIALOGS, [before(dialogExpire)]))
    // What was never answered, or is over, goes with its transactions.
    const over = [before(branchExpire), is('iflags', 'int', 0)]
    this.write('', () => this.db.delete(DIALOGS, over))
  }

  /** So many seconds ago. */
  private rectime(ago = 0) {
    return cell('rectime', 'datetime', Math.floor(this.env.clock.now() / 1000) - ago)
  }

  /** A subscription that lasts for longer than dialogs do has its time from then on. */
  private subscribedAt(seconds: number) {
    return this.rectime(-Math.max(0, seconds - this.options.limits.dialogExpire))
  }

  private update(
    table: string,
    where: readonly DbTerm[],
    key: string,
    changes: Partial<TopologyRecord>,
  ): void {
    const cells = cellsOf(Object.keys(changes) as Column[], changes)
    if (cells.length > 0) this.write(key, () => this.db.update(table, where, cells))
  }

  /** After those of the same record. */
  private write(key: string, change: () => Promise<unknown>): void {
    const before = this.changes.get(key)
    const done = (before === undefined ? change() : before.then(change))
      .then(
        () => {
          this.failing = false
        },
        (error: Error) => this.tell(error.message),
      )
      .then(() => {
        if (this.changes.get(key) === done) this.changes.delete(key)
      })
    this.changes.set(key, done)
  }

  /** What is written already is there for who reads. */
  private async settled(): Promise<void> {
    await Promise.all(this.changes.values())
  }

  private async read(
    table: string,
    columns: readonly Column[],
    where: readonly DbTerm[],
  ): Promise<TopologyRecord | null> {
    if (this.changes.size > 0) await this.settled()
    const row = await this.firstOf({ table, columns, where })
    if (row === undefined) return null
    return recordOf(Object.fromEntries(columns.map((name, at) => [name, row[at]])))
  }

  private async firstOf(query: Parameters<Database['query']>[0]) {
    try {
      const { rows } = await this.db.query(query)
      this.failing = false
      return rows[0]
    } catch (error) {
      this.tell((error as Error).message)
      throw error
    }
  }

  private tell(text: string): void {
    if (!this.failing) this.env.log.error('topos', `${this.db.shownUrl}: ${text}`)
    this.failing = true
  }
}

const text = (column: string, value: string): DbTerm => is(column, 'string', value)

const cellsOf = (columns: readonly Column[], record: Partial<TopologyRecord>) =>
  columns.map(name => {
    const value = record[name]!
    return cell(name, typeof value === 'number' ? 'int' : 'string', value)
  })
