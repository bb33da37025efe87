/**
 * A cluster as the database port sees it: each statement goes to the connections with the highest
 * priority, as their mode says; when it fails there, to those with the next one.
 */
import {
  type Database,
  DbError,
  type DbOnce,
  type DbResult,
  type DbSelect,
  type DbStatements,
} from '../../core/db/api.ts'
import type { DbSession } from '../../core/db/driver.ts'
import { ForwardedStatements } from '../../core/db/forwarded.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../core/log.ts'
import { MemberOnce } from '../../core/spool/member-once.ts'
import type { ClusterConnection } from './connection.ts'
import type { Mode, Use } from './definitions.ts'

export interface Member {
  readonly connection: ClusterConnection
  readonly read: Use
  readonly write: Use
}

export interface ClusterOptions {
  readonly name: string
  readonly log: Log
  readonly clock: Clock
  /** Seconds for which a connection that failed is not used. */
  readonly inactiveInterval: number
  /** Seconds that a statement must have taken for that. */
  readonly longQuery: number
}

/** Connections with one priority. */
interface Group {
  readonly mode: Mode
  readonly connections: readonly ClusterConnection[]
  turn: number
}

type Begin<T> = (to: Database) => Promise<T>

export class ClusterSession extends ForwardedStatements implements DbSession {
  readonly once: DbOnce
  private readonly options: ClusterOptions
  private readonly members: readonly Member[]
  private readonly readers: readonly Group[]
  private readonly writers: readonly Group[]

  constructor(options: ClusterOptions, members: readonly Member[]) {
    super()
    this.options = options
    this.members = members
    this.once = this.onceEach()
    this.readers = groups(members, member => member.read)
    this.writers = groups(members, member => member.write)
  }

  /** One that stands is enough. */
  async connect(): Promise<void> {
    const all = this.members.map(({ connection }) => connection.database.connect())
    const [first, ...others] = await Promise.allSettled(all)
    if (first === undefined) throw this.none()
    if ([first, ...others].some(one => one.status === 'fulfilled')) return
    throw (first as PromiseRejectedResult).reason
  }

  override query(select: DbSelect): Promise<DbResult> {
    return this.read(to => to.query(select))
  }

  override raw(statement: string): ReturnType<DbStatements['raw']> {
    return this.read(to => to.raw(statement))
  }

  /** From the connection that gives the first page. */
  async *pages(select: DbSelect, rows: number): AsyncGenerator<DbResult> {
    const pages = await this.read(async to => {
      const iterator = to.pages(select, rows)[Symbol.asyncIterator]()
      return { iterator, first: await iterator.next() }
    })
    try {
      for (let page = pages.first; page.done !== true; page = await pages.iterator.next())
        yield page.value
    } finally {
      await pages.iterator.return?.()
    }
  }

  transaction<T>(_work: (db: DbStatements) => Promise<T>): Promise<T> {
    return Promise.reject(new DbError('statement', 'db_cluster has no transactions'))
  }

  /** Databases close by themselves. */
  async close(): Promise<void> {
    for (const { connection } of this.members) connection.references--
  }

  /** Each database that gets rows gets them once. */
  private onceEach(): DbOnce {
    const known = new Map<Database, DbOnce>()
    const of = (db: Database): DbOnce => {
      const warn = (text: string) => this.options.log.warn('db_cluster', `${db.shownUrl}: ${text}`)
      const once = known.get(db) ?? new MemberOnce(db, warn)
      known.set(db, once)
      return once
    }
    return {
      insertOnce: numbered => this.attempt(this.writers, db => of(db).insertOnce(numbered)),
      check: row => this.attempt(this.writers, db => of(db).check(row)),
    }
  }

  /** What is no query writes. */
  protected run<T>(begin: Begin<T>): Promise<T> {
    return this.attempt(this.writers, begin)
  }

  private read<T>(begin: Begin<T>): Promise<T> {
    return this.attempt(this.readers, begin)
  }

  private async attempt<T>(all: readonly Group[], begin: Begin<T>): Promise<T> {
    let failed: unknown = null
    for (const usable of [isActive, isNotByHand]) {
      for (const group of all) {
        const connections = inTurn(group).filter(usable)
        if (connections.length === 0) continue
        try {
          return await (group.mode === 'p'
            ? this.onAll(connections, begin)
            : this.onOne(connections, begin))
        } catch (error) {
          failed ??= error
          // It was understood and refused: the row is there.
          if (isDuplicate(error)) throw error
        }
      }
      // Those that have failed before are better than none.
      if (failed !== null) throw failed
    }
    throw this.none()
  }

  /** The first that can. */
  private async onOne<T>(connections: readonly ClusterConnection[], begin: Begin<T>): Promise<T> {
    let failed: unknown = null
    for (const connection of connections) {
      try {
        return await this.on(connection, begin)
      } catch (error) {
        failed ??= error
        if (isDuplicate(error)) break
      }
    }
    throw failed
  }

  /** All of them; one that can is enough. */
  private async onAll<T>(connections: readonly ClusterConnection[], begin: Begin<T>): Promise<T> {
    const all = await Promise.allSettled(connections.map(one => this.on(one, begin)))
    const done = all.find(one => one.status === 'fulfilled')
    if (done === undefined) throw (all[0] as PromiseRejectedResult).reason
    for (const [at, one] of all.entries())
      if (one.status === 'rejected') this.note(connections[at]!, one.reason as Error)
    return done.value
  }

  private async on<T>(connection: ClusterConnection, begin: Begin<T>): Promise<T> {
    const { clock, longQuery, inactiveInterval, log, name } = this.options
    const since = clock.monotonic()
    try {
      return await begin(connection.database)
    } catch (error) {
      const took = clock.monotonic() - since
      if (isAway(error) && took >= longQuery * 1000 && connection.active) {
        connection.disable(inactiveInterval, false)
        const told = `connection [${connection.id}] of cluster [${name}] disabled`
        log.error('db_cluster', `${told} for ${inactiveInterval} s: ${error.message}`)
      }
      throw error
    }
  }

  /** From now on the databases differ. */
  private note({ id }: ClusterConnection, error: Error): void {
    const { log, name } = this.options
    log.error('db_cluster', `not written to [${id}] of cluster [${name}]: ${error.message}`)
  }

  private none(): DbError {
    const { name } = this.options
    return new DbError('unavailable', `no active connection in cluster [${name}]`)
  }
}

const isActive = (connection: ClusterConnection): boolean => connection.active
const isNotByHand = (connection: ClusterConnection): boolean => !connection.disabledByHand

const isDuplicate = (error: unknown): boolean =>
  error instanceof DbError && error.failure === 'duplicate'

/** It did not answer. What it refuses, it has answered. */
const isAway = (error: unknown): error is DbError =>
  error instanceof DbError && (error.failure === 'unavailable' || error.failure === 'deadline')

/** Those of a group, the next one first when they take turns. */
function inTurn(group: Group): readonly ClusterConnection[] {
  const { connections, mode } = group
  if (mode !== 'r') return connections
  const first = group.turn
  group.turn = (first + 1) % connections.length
  return [...connections.slice(first), ...connections.slice(0, first)]
}

/** The highest priority first; within one the last of the config first, as in Kamailio. */
function groups(members: readonly Member[], useOf: (member: Member) => Use): Group[] {
  const priorities = [...new Set(members.map(member => useOf(member).priority))]
  return priorities
    .filter(priority => priority > 0)
    .toSorted((a, b) => b - a)
    .map(priority => {
      const same = members.filter(member => useOf(member).priority === priority)
      const connections = same.map(({ connection }) => connection).toReversed()
      return { mode: useOf(same[0]!).mode, connections, turn: 0 }
    })
}
