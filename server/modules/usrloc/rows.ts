/** A contact as a row of the table `location`, column by column as Kamailio writes it; and back. */
import { type DbCell, type DbRow, type DbTerm, type DbValue, is } from '../../core/db/api.ts'
import type { ConfigOf } from '../../core/module/index.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import {
  ALL_METHODS,
  Contact,
  MATCH_CONTACT_CALLID,
  MATCH_CONTACT_PATH,
  PERMANENT,
  socketText,
} from './api.ts'
import type { params } from './usrloc.module.ts'

/**
 * Number of a connection that another process had: it is gone, and no connection of ours may be
 * taken for it.
 */
const GONE = 0x7fffffff

/** Some drivers round the time 0 of a permanent contact down or up by a second. */
const PERMANENT_ROW = 1

/** No parameter names this column. */
const LAST_MODIFIED = 'last_modified'

type Config = ConfigOf<typeof params>
type TimeType = 'datetime' | 'bigint'

/** What reading a row came to. */
export type Read = Contact | 'skip'

export interface RowReader {
  /** One of our sockets by its text; null when it is none of ours. */
  socket(text: string): SocketInfo | null
  /** Is the connection of a contact of this server since this moment one of this process? */
  isOurs(serverId: number, modified: number): boolean
  warn(text: string): void
}

const signed = (value: number): number => value | 0
const nullable = (text: string): string | null => (text === '' ? null : text)

export class RowShape {
  readonly columns: readonly string[]
  private readonly config: Config
  private readonly useDomain: boolean
  private readonly time: TimeType

  constructor(config: Config) {
    this.config = config
    this.useDomain = config.use_domain !== 0
    this.time = config.expires_type === 0 ? 'datetime' : 'bigint'
    const c = config
    this.columns = [
      c.ruid_column,
      c.user_column,
      c.domain_column,
      c.contact_column,
      c.received_column,
      c.path_column,
      c.expires_column,
      c.q_column,
      c.callid_column,
      c.cseq_column,
      LAST_MODIFIED,
      c.flags_column,
      c.cflags_column,
      c.user_agent_column,
      c.socket_column,
      c.methods_column,
      c.instance_column,
      c.reg_id_column,
      c.server_id_column,
      c.connection_id_column,
      c.keepalive_column,
    ]
  }

  /** `bob@example.org` as the columns for user and domain. */
  private account(aor: string): { user: string; domain: string | null } {
    if (!this.useDomain) return { user: aor, domain: null }
    const at = aor.indexOf('@')
    return at < 0
      ? { user: '', domain: aor }
      : { user: aor.slice(0, at), domain: aor.slice(at + 1) }
  }

  /** The rows of an address of record. */
  ofAor(aor: string): DbTerm[] {
    const { user, domain } = this.account(aor)
    const terms = [is(this.config.user_column, 'string', user)]
    if (this.useDomain) terms.push(is(this.config.domain_column, 'string', domain))
    return terms
  }

  ofRuid(ruid: string): DbTerm[] {
    return [is(this.config.ruid_column, 'string', ruid)]
  }

  /** The row of a contact: by its unique name, or by what a REGISTER finds it by (db_ops_ruid). */
  ofContact(contact: Contact): DbTerm[] {
    const { config } = this
    if (config.db_ops_ruid !== 0) return this.ofRuid(contact.ruid)
    const terms = this.ofAor(contact.aor)
    terms.push(is(config.contact_column, 'string', contact.uri))
    if (config.matching_mode === MATCH_CONTACT_CALLID)
      terms.push(is(config.callid_column, 'string', contact.callId))
    else if (config.matching_mode === MATCH_CONTACT_PATH)
      terms.push(is(config.path_column, 'string', nullable(contact.path)))
    return terms
  }

  /** Rows that ran out before `moment`. */
  expired(moment: number): DbTerm[] {
    return [this.expires('<', moment), this.expires('>', PERMANENT_ROW)]
  }

  /** Rows that never run out. */
  permanent(): DbTerm[] {
    return [this.expires('<=', PERMANENT_ROW)]
  }

  /** Rows that run out after `moment`. */
  later(moment: number): DbTerm[] {
    return [this.expires('>', moment)]
  }

  private expires(op: '<' | '>' | '<=', value: number): DbTerm {
    return { column: this.config.expires_column, type: this.time, value, op }
  }

  /** Only rows of this server, when server_id_filter says so. */
  ofServer(serverId: number): DbTerm[] {
    if (this.config.server_id_filter === 0) return []
    return [is(this.config.server_id_column, 'int', serverId)]
  }

  /** All cells of a new row. */
  whole(contact: Contact): DbCell[] {
    const { config } = this
    const { user, domain } = this.account(contact.aor)
    const cells = this.changes(contact)
    cells.unshift(
      { column: config.ruid_column, type: 'string', value: contact.ruid },
      { column: config.user_column, type: 'string', value: user },
    )
    if (this.useDomain || config.db_insert_null !== 0)
      cells.push({ column: config.domain_column, type: 'string', value: domain })
    cells.push({ column: config.partition_column, type: 'int', value: 0 })
    // What is not written gets the table's own default.
    return config.db_insert_null !== 0 ? cells : cells.filter(cell => cell.value !== null)
  }

  /** The cells that a refresh writes. */
  changes(contact: Contact): DbCell[] {
    const c = this.config
    const cells: DbCell[] = []
    const put = (column: string, type: DbCell['type'], value: DbValue): void =>
      void cells.push({ column, type, value })
    put(c.contact_column, 'string', contact.uri)
    put(c.received_column, 'string', nullable(contact.received))
    put(c.path_column, 'string', nullable(contact.path))
    put(c.expires_column, this.time, contact.expires)
    put(c.q_column, 'double', contact.q < 0 ? -1 : contact.q / 1000)
    put(c.callid_column, 'string', contact.callId)
    put(c.cseq_column, 'int', signed(contact.cseq))
    put(LAST_MODIFIED, this.time, contact.modified)
    put(c.flags_column, 'bitmap', signed(contact.flags))
    put(c.cflags_column, 'bitmap', signed(contact.branchFlags))
    put(c.user_agent_column, 'string', contact.userAgent)
    put(c.socket_column, 'string', contact.socket === null ? null : socketText(contact.socket))
    const { methods } = contact
    put(c.methods_column, 'bitmap', methods === ALL_METHODS ? null : signed(methods))
    put(c.instance_column, 'string', nullable(contact.instance))
    put(c.reg_id_column, 'int', contact.regId)
    put(c.server_id_column, 'int', contact.serverId)
    put(c.connection_id_column, 'int', contact.connection)
    put(c.keepalive_column, 'int', contact.keepalive)
    return cells
  }

  /** A row, its values in the order of `columns`; skip: it is none that can be used. */
  read(row: DbRow, table: string, reader: RowReader): Read {
    const text = (at: number): string => (row[at] === null ? '' : String(row[at]))
    const number = (at: number, otherwise = 0): number => {
      const value = row[at]
      return value === null || value === undefined ? otherwise : Number(value)
    }
    const user = text(1)
    const contact = new Contact()
    contact.aor = user
    if (this.useDomain) {
      const domain = text(2)
      if (domain === '') {
        reader.warn(`empty domain record for user ${user}... skipping`)
        return 'skip'
      }
      contact.aor = user === '' ? domain : `${user}@${domain}`
    } else if (user === '') {
      reader.warn(`empty username record in table ${table}...skipping`)
      return 'skip'
    }
    contact.uri = text(3)
    if (contact.uri === '') {
      reader.warn(`empty contact for user ${contact.aor}, skipping`)
      return 'skip'
    }
    if (row[6] === null) {
      reader.warn(`empty expire for user ${contact.aor}, skipping`)
      return 'skip'
    }
    contact.table = table
    contact.ruid = text(0)
    contact.received = text(4)
    contact.path = text(5)
    // Kamailio's drivers round the time 0 down to the second before it.
    contact.expires = Math.max(number(6), PERMANENT)
    const q = number(7, -1)
    contact.q = q < 0 ? -1 : Math.min(Math.round(q * 1000), 1000)
    contact.callId = text(8)
    contact.cseq = number(9) >>> 0
    contact.modified = Math.max(number(10), 0)
    contact.flags = number(11) >>> 0
    contact.branchFlags = number(12) >>> 0
    contact.userAgent = text(13)
    const socket = text(14)
    contact.socket = socket === '' ? null : reader.socket(socket)
    if (socket !== '' && contact.socket === null && this.config.skip_remote_socket !== 0)
      return 'skip'
    contact.methods = row[15] === null ? ALL_METHODS : number(15) >>> 0
    contact.instance = text(16)
    contact.regId = number(17)
    contact.serverId = number(18)
    const connection = number(19, -1)
    const ours = connection <= 0 || reader.isOurs(contact.serverId, contact.modified)
    contact.connection = ours ? connection : GONE
    contact.keepalive = number(20)
    contact.lastKeepalive = contact.modified
    return contact
  }
}
