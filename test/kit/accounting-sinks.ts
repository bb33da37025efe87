// Where a node accounts, each with a way to take it away for a while and to read what has arrived.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Redis } from 'ioredis'
import type { AccountedRow } from './accounted-load.ts'
import { type Accounts, inDatabase } from './accounting-node.ts'
import { type Child, start } from './child.ts'
import type { DatabaseServer } from './database-server.ts'
import { MariadbServer } from './mariadb.ts'
import { freePort } from './ports.ts'
import { PostgresServer } from './postgres.ts'

export interface AccountingSink {
  readonly accounts: Accounts
  /** All that ever arrived. */
  rows(): Promise<AccountedRow[]>
  leave(): Promise<void>
  comeBack(): Promise<void>
  stop(): Promise<void>
}

const schema = (engine: string, name: string): string =>
  readFileSync(`templates/db/${engine}/${name}-create.sql`, 'utf8')

interface SqlServer extends DatabaseServer {
  sql(statement: string, database: string): Promise<string>
}

async function onServer(
  driver: string,
  engine: string,
  server: SqlServer,
): Promise<AccountingSink> {
  const url = await server.makeDatabase('kamailio')
  for (const name of ['standard', 'acc']) await server.sql(schema(engine, name), 'kamailio')
  return {
    accounts: inDatabase(driver, url),
    rows: async () => {
      const text = await server.sql("SELECT CONCAT(method, ' ', callid) FROM acc", 'kamailio')
      return rowsOf(text, ' ', 0, 1)
    },
    leave: () => server.pause(),
    comeBack: () => server.start(),
    stop: () => server.stop(),
  }
}

/** A line each. */
const rowsOf = (text: string, by: string, method: number, callid: number): AccountedRow[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(by))
    .map(fields => ({ method: fields[method]!, callid: fields[callid]! }))

/** A folder that can be moved away. */
function inFolder(
  accounts: (folder: string) => Accounts,
  rows: (folder: string) => AccountedRow[],
): AccountingSink & { readonly folder: string } {
  const base = mkdtempSync(join(tmpdir(), 'ohana-acc-rows-'))
  const [folder, away] = [join(base, 'there'), join(base, 'away')]
  mkdirSync(folder)
  return {
    folder,
    accounts: accounts(folder),
    rows: async () => rows(folder),
    leave: async () => renameSync(folder, away),
    comeBack: async () => renameSync(away, folder),
    stop: async () => rmSync(base, { recursive: true }),
  }
}

async function sqlite(): Promise<AccountingSink> {
  const sink = inFolder(
    folder => inDatabase('db_sqlite', `sqlite:///${folder}/acc.sqlite`),
    folder => {
      const db = new DatabaseSync(join(folder, 'acc.sqlite'), { timeout: 5000 })
      const found = db.prepare('SELECT method, callid FROM acc').all()
      db.close()
      return found as unknown as AccountedRow[]
    },
  )
  const db = new DatabaseSync(join(sink.folder, 'acc.sqlite'))
  for (const name of ['standard', 'acc']) db.exec(schema('sqlite', name))
  let holder: DatabaseSync | null = null
  db.close()
  return {
    ...sink,
    // Who has the file open keeps it: another one holds the lock.
    leave: async () => {
      holder = new DatabaseSync(join(sink.folder, 'acc.sqlite'), { timeout: 5000 })
      holder.exec('BEGIN EXCLUSIVE')
    },
    comeBack: async () => {
      holder!.exec('COMMIT')
      holder!.close()
    },
  }
}

async function text(): Promise<AccountingSink> {
  const sink = inFolder(
    folder => inDatabase('db_text', `text://${folder}`),
    folder => rowsOf(readFileSync(join(folder, 'acc'), 'latin1').replace(/^.*\n/, ''), ':', 1, 4),
  )
  for (const name of ['version', 'acc', 'missed_calls'])
    copyFileSync(`templates/db/dbtext/${name}`, join(sink.folder, name))
  return sink
}

const flatstore = async (): Promise<AccountingSink> =>
  inFolder(
    folder => inDatabase('db_flatstore', `flatstore:${folder}`),
    folder => {
      const files = readdirSync(folder).filter(name => name.startsWith('acc_'))
      return files.flatMap(name => rowsOf(readFileSync(join(folder, name), 'latin1'), '|', 0, 3))
    },
  )

/** Rows are taken out as they come, as who bills them does: one that comes again is seen. */
async function redis(): Promise<AccountingSink> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'ohana-acc-redis-'))
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const run = async (): Promise<Child> => {
    const started = start('redis-server', [...words, '--save', '', '--appendonly', 'yes'])
    await started.printed(/Ready to accept connections/)
    return started
  }
  let child = await run()
  const client = new Redis({ port, host: '127.0.0.1' })
  client.on('error', () => undefined)
  const { before, after } = inDatabase('db_redis', `redis://127.0.0.1:${port}/3`)
  const schemas = `modparam("db_redis", "schema_path", "${resolve('templates/db/redis')}")`
  const keys = 'modparam("db_redis", "keys", "acc=entry:callid,method&cid:callid")'
  const taken: AccountedRow[] = []
  return {
    accounts: { before, after: [schemas, keys, after].join('\n') },
    rows: async () => {
      await client.select(3)
      for (const key of await client.keys('acc:entry::*')) {
        const [, row] = (await client.multi().hgetall(key).del(key).exec())!
          .map(([, one]) => one)
          .reverse() as [number, Record<string, string>]
        taken.push({ method: row.method!, callid: row.callid! })
      }
      return taken
    },
    leave: async () => void (await child.stop()),
    comeBack: async () => {
      child = await run()
    },
    stop: async () => {
      client.disconnect()
      await child.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export const ACCOUNTING_SINKS: Readonly<Record<string, () => Promise<AccountingSink>>> = {
  mysql: async () => onServer('db_mysql', 'mysql', await MariadbServer.start()),
  postgres: async () => onServer('db_postgres', 'postgres', await PostgresServer.start()),
  sqlite,
  text,
  flatstore,
  redis,
}
