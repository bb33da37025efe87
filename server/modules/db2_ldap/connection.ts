/** One connection to a directory server. */
import { type Socket, connect } from 'node:net'
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls'
import { Client, type Entry } from 'ldapts'
import {
  DbError,
  type DbResult,
  type DbRow,
  type DbSelect,
  type DbValue,
} from '../../core/db/api.ts'
import type { DbConnection } from '../../core/db/pool.ts'
import { sortedRows } from '../../core/db/row-match.ts'
import { toText } from '../../core/db/text.ts'
import { errorOf } from './failures.ts'
import type { LdapServer, LdapTable } from './map.ts'
import { ReadOnly } from './read-only.ts'
import { rowsOf } from './rows.ts'
import { type SearchPlan, planOf } from './search.ts'
import type { Tables } from './tables.ts'
import { TYPE_OF } from './values.ts'

/** Entries that are asked for at a time; Active Directory gives no more than 1000. */
const AT_A_TIME = 500

export class LdapConnection extends ReadOnly implements DbConnection {
  private readonly server: LdapServer
  private readonly tables: Tables
  private readonly client: Client
  private socket: Socket | null = null
  private gone = false
  private lost: (() => void) | null = null

  private constructor(server: LdapServer, tables: Tables) {
    super()
    this.server = server
    this.tables = tables
    const scheme = server.encryption === 'whole' ? 'ldaps' : 'ldap'
    this.client = new Client({
      url: `${scheme}://${server.host}:${server.port}`,
      tlsOptions: server.encryption === 'whole' ? tlsOptions(server) : {},
      // It says nothing of a connection that ends while nobody asks anything.
      createConnection: ((...args: Parameters<typeof connect>) =>
        this.watched(connect(...args))) as typeof connect,
      createSecureConnection: ((...args: Parameters<typeof connectSecurely>) =>
        this.watched(connectSecurely(...args))) as typeof connectSecurely,
    })
  }

  /** A connection that asks as the server's user; `patience` in milliseconds. */
  static async open(server: LdapServer, tables: Tables, patience: number): Promise<LdapConnection> {
    const made = new LdapConnection(server, tables)
    const where = `${server.host}:${server.port}`
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const tooLate = new DbError('unavailable', `${where} did not answer within ${patience} ms`)
      timer = setTimeout(() => reject(tooLate), patience)
    })
    try {
      await Promise.race([made.enter(), late])
      return made
    } catch (error) {
      made.destroy()
      throw errorOf(error, `bind as "${server.user}" at ${where}`)
    } finally {
      clearTimeout(timer)
    }
  }

  onLost(listener: () => void): void {
    this.lost = listener
    if (this.gone) listener()
  }

  async query(select: DbSelect): Promise<DbResult> {
    const version = this.tables.versionOf(select)
    if (version !== null) {
      await this.find(version.of)
      return version.answer
    }
    const plan = planOf(this.tables.named(select.table), select)
    const toRows = rowsOf(plan)
    const rows: DbRow[] = []
    for await (const entries of this.search(plan, AT_A_TIME))
      for (const entry of entries) rows.push(...toRows(entry))
    return shown(plan, rows, select.order)
  }

  async *pages(select: DbSelect, size: number): AsyncGenerator<DbResult> {
    const inOrder = select.order !== undefined && select.order !== ''
    if (inOrder || this.tables.versionOf(select) !== null) {
      const { columns, rows } = await this.query(select)
      for (let at = 0; at < rows.length; at += size)
        yield { columns, rows: rows.slice(at, at + size) }
      return
    }
    const plan = planOf(this.tables.named(select.table), select)
    const toRows = rowsOf(plan)
    let rows: DbRow[] = []
    for await (const entries of this.search(plan, Math.min(size, AT_A_TIME))) {
      for (const entry of entries) rows.push(...toRows(entry))
      for (; rows.length >= size; rows = rows.slice(size)) yield shown(plan, rows.slice(0, size))
    }
    if (rows.length > 0) yield shown(plan, rows)
  }

  /** Is somebody there? What they say to a question about themselves does not matter. */
  async ping(): Promise<void> {
    try {
      await this.asked().search('', { scope: 'base', attributes: ['1.1'] })
    } catch (error) {
      const failed = errorOf(error, 'ping')
      if (failed.failure === 'unavailable') throw failed
    }
  }

  async end(): Promise<void> {
    this.gone = true
    await this.client.unbind()
  }

  destroy(): void {
    this.socket?.destroy()
    this.lose()
  }

  private async enter(): Promise<void> {
    const { encryption, user, password } = this.server
    if (encryption === 'start') await this.client.startTLS(tlsOptions(this.server))
    await this.client.bind(toText(user), toText(password))
  }

  /** Is the base of a table there? Who starts wants to know it now. */
  private async find(table: LdapTable): Promise<void> {
    try {
      await this.asked().search(table.base, { scope: 'base', attributes: ['1.1'] })
    } catch (error) {
      throw errorOf(error, nameOf(table))
    }
  }

  /** Entries, so many at a time (RFC 2696). */
  private async *search(plan: SearchPlan, pageSize: number): AsyncGenerator<Entry[]> {
    const { table, filter, fields } = plan
    const attributes = [...new Set(fields.map(({ attribute }) => attribute))]
    let count = 0
    try {
      const pages = this.asked().searchPaginated(table.base, {
        scope: table.scope,
        filter,
        attributes: attributes.length === 0 ? ['1.1'] : attributes,
        // Bytes are bytes, whether they are a text or not.
        explicitBufferAttributes: attributes,
        // Not its size limit: what is over it would be cut off in silence.
        timeLimit: table.timeLimit,
        paged: { pageSize },
      })
      for await (const { searchEntries } of pages) {
        count += searchEntries.length
        this.tables.checkSize(table, count)
        yield searchEntries
      }
    } catch (error) {
      throw errorOf(error, nameOf(table))
    }
  }

  /** It would connect again by itself, and then nobody would ask. */
  private asked(): Client {
    if (this.gone || !this.client.isConnected) throw new Error('the connection was lost')
    return this.client
  }

  private watched<S extends Socket>(socket: S): S {
    this.socket = socket
    socket.once('close', () => this.lose())
    return socket
  }

  private lose(): void {
    if (this.gone) return
    this.gone = true
    this.lost?.()
  }
}

const nameOf = ({ name, base }: LdapTable): string => `table ${name}, base "${base}"`

/** The columns that were asked for, in the order that was. */
function shown(plan: SearchPlan, rows: readonly DbRow[], order = ''): DbResult {
  const columns = plan.fields.map(({ column, syntax }) => ({ name: column, type: TYPE_OF[syntax] }))
  const sorted = order === '' ? rows : sortedRows(columns, rows, order)
  return {
    columns: plan.shown.map(at => columns[at]!),
    rows: sorted.map((row): DbValue[] => plan.shown.map(at => row[at]!)),
  }
}

function tlsOptions({ host, authorities, verify }: LdapServer): ConnectionOptions {
  return {
    host: host.replace(/^\[|\]$/g, ''),
    rejectUnauthorized: verify,
    ...(authorities === '' ? {} : { ca: authorities }),
  }
}
