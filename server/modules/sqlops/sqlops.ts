/**
 * The instance of sqlops: the databases by the names that the config gives them, and the results of
 * each message. Kamailio keeps results for the process; here many messages are under way at once,
 * so that each has its own.
 */
import type { Database } from '../../core/db/api.ts'
import { BadValue, type ModuleEnv, type PvValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './sqlops.module.ts'

type Env = ModuleEnv<typeof params, {}>

export interface Connection {
  readonly name: string
  readonly url: string
}

/** Rows with values as the config sees them. */
export interface Result {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly PvValue[])[]
}

const NOTHING: Result = { columns: [], rows: [] }

/** `name=>mysql://user:password@host/database`; throws BadValue. */
export function readConnection(text: string | number): Connection {
  const [, name = '', url = ''] = /^\s*([^=\s]+)\s*=>\s*(.*?)\s*$/.exec(String(text)) ?? []
  if (url === '')
    throw new BadValue(`"${text}" is no connection`, 'ca=>mysql://user:password@host/database')
  return { name, url }
}

/** What statements left behind for one message. */
class Left {
  readonly results = new Map<string, Result>()
  /** Rows that were changed, by connection. */
  readonly changed = new Map<string, number>()
}

export class SqlOps {
  readonly core: Env['core']
  private readonly config: Env['config']
  private readonly databases = new Map<string, Database>()
  private readonly left = new WeakMap<SipMessage, Left>()

  constructor(env: Env) {
    this.core = env.core
    this.config = env.config
  }

  async start(): Promise<void> {
    for (const { name, url } of this.config.sqlcon) {
      const database = this.core.databases.open(url, 'sqlops')
      this.databases.set(name, database)
      try {
        await database.connect()
      } catch (error) {
        const text = `failed to connect to the database [${name}]: ${(error as Error).message}`
        if (this.config.connect_mode === 0)
          throw new BadValue(`sqlops: ${text}`, 'connect_mode 1 starts without it')
        this.error(text)
      }
    }
  }

  error(text: string): void {
    this.core.log.error('sqlops', text)
  }

  database(name: string): Database | null {
    const database = this.databases.get(name)
    if (database === undefined) this.error(`invalid connection [${name}]`)
    return database ?? null
  }

  private of(msg: SipMessage): Left {
    let left = this.left.get(msg)
    if (left === undefined) this.left.set(msg, (left = new Left()))
    return left
  }

  /** Keeps a result; false when the message has as many as it may. */
  keep(msg: SipMessage, name: string, result: Result): boolean {
    const { results } = this.of(msg)
    const full = !results.has(name) && results.size >= this.config.results_maxsize
    if (full) this.error(`too many results (results_maxsize ${this.config.results_maxsize})`)
    else results.set(name, result)
    return !full
  }

  noteChanged(msg: SipMessage, connection: string, rows: number): void {
    this.of(msg).changed.set(connection, rows)
  }

  result(msg: SipMessage, name: string): Result | null {
    return this.left.get(msg)?.results.get(name) ?? null
  }

  /** The result to read from: an empty one when there is none. */
  resultOrNothing(msg: SipMessage, name: string): Result {
    return this.result(msg, name) ?? NOTHING
  }

  cell(msg: SipMessage, name: string, row: number, column: number): PvValue {
    return this.resultOrNothing(msg, name).rows[row]?.[column] ?? null
  }

  changed(msg: SipMessage, connection: string): PvValue {
    return this.left.get(msg)?.changed.get(connection) ?? null
  }

  free(msg: SipMessage, name: string): Verdict {
    this.left.get(msg)?.results.delete(name)
    return 1
  }
}
