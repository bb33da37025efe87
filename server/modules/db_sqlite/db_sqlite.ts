/** The instance of db_sqlite: a driver of the database port. */
import { resolve } from 'node:path'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { DbCapability } from '../../core/db/api.ts'
import { type DbDriver, type DbLimits, type DbSession, SQL_CAN } from '../../core/db/driver.ts'
import { shownUrl, type DbUrl } from '../../core/db/url.ts'
import type { params } from './db_sqlite.module.ts'
import { SqliteSession } from './session.ts'

type Env = ModuleEnv<typeof params, {}>

export class DbSqlite implements DbDriver {
  readonly scheme = 'sqlite'
  readonly can: ReadonlySet<DbCapability> = new Set([...SQL_CAN, 'last_id'])
  private readonly config: Env['config']

  constructor({ core, config }: Env) {
    this.config = config
    core.databases.add(this)
  }

  open(url: DbUrl, limits: DbLimits): DbSession {
    const { database } = url
    if (database === '')
      throw new BadValue(`${shownUrl(url)} names no file`, 'sqlite:////absolute/path')
    const { db_set_readonly: readOnly, db_set_journal_mode: modes } = this.config
    const journalMode = modes.find(mode => mode.database === database)?.mode ?? ''
    const path = database === ':memory:' ? database : resolve(database)
    return new SqliteSession({ path, readOnly: readOnly.includes(database), journalMode }, limits)
  }
}

const MODES = ['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'WAL', 'OFF']

/** `database=mode`. */
export function readJournalMode(text: string): { database: string; mode: string } {
  const at = text.lastIndexOf('=')
  const mode = text.slice(at + 1).toUpperCase()
  if (at <= 0 || !MODES.includes(mode))
    throw new BadValue(
      `"${text}" is no journal mode of a database`,
      `database=mode with one of ${MODES.join(', ')}`,
    )
  return { database: text.slice(0, at), mode }
}
