/** PostgreSQL: databases, users and what they may do. */
import type { Database } from '../database/agent.ts'
import { readOnly, readWrite } from '../database/engine.ts'
import { type Context } from './context.ts'
import { createOptional, createStandard } from './create.ts'
import type { Whole } from './database.ts'
import { Refused } from './refused.ts'

/** A database of the server that is always there. */
const ANY = 'template1'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const named = (name: string): string => `"${name.replaceAll('"', '""')}"`

const run = (db: Database, sql: string): Promise<unknown> => db.run({ do: 'raw', sql })

async function must(db: Database, sql: string, failure: string): Promise<void> {
  try {
    await run(db, sql)
  } catch (error) {
    throw new Refused(`${failure} ${(error as Error).message}`)
  }
}

/** Functions of MySQL that the lcr module uses. */
const EMULATION = [
  "CREATE FUNCTION concat(text, text) RETURNS text AS 'SELECT $1 || $2;' LANGUAGE 'sql'",
  "CREATE FUNCTION rand() RETURNS double precision AS 'SELECT random();' LANGUAGE 'sql'",
]

async function createUsers(context: Context, db: Database): Promise<void> {
  for (const { user, password } of [readWrite(context.get), readOnly(context.get)])
    try {
      await run(db, `CREATE USER ${named(user)} WITH PASSWORD ${quoted(password)}`)
    } catch (error) {
      context.warn(
        `Create user in database failed, perhaps they allready exist? Try to continue.. ` +
          (error as Error).message,
      )
    }
}

/** Tables have to be there already: a grant is for those that are. */
async function allow({ get }: Context, db: Database): Promise<void> {
  const writer = named(readWrite(get).user)
  const reader = named(readOnly(get).user)
  for (const kind of ['TABLES', 'SEQUENCES']) {
    const all = `ON ALL ${kind} IN SCHEMA public TO`
    const failure = 'Grant privileges to standard tables failed!'
    await must(db, `GRANT ALL PRIVILEGES ${all} ${writer}`, failure)
    await must(db, `GRANT SELECT ${all} ${reader}`, failure)
  }
}

async function createEmpty(context: Context, name: string): Promise<void> {
  context.info(`creating database ${name} ...`)
  const make = `CREATE DATABASE ${named(name)}`
  await context.asOwner(ANY, db => must(db, make, 'Creating database failed!'))
}

export const postgres: Whole = {
  createEmpty,
  async create(context, name) {
    await createEmpty(context, name)
    await context.asOwner(name, async db => {
      for (const sql of EMULATION) await must(db, sql, 'Creating mysql emulation functions failed!')
      await createStandard(context, db, name)
      await createUsers(context, db)
      await createOptional(context, db, name)
      await allow(context, db)
    })
  },
  async drop(context, name) {
    const { user: writer } = readWrite(context.get)
    const { user: reader } = readOnly(context.get)
    await context.asOwner(ANY, async db => {
      await must(db, `DROP DATABASE ${named(name)}`, `Dropping database ${name} failed!`)
      try {
        for (const user of [writer, reader]) await run(db, `DROP USER ${named(user)}`)
        context.info('Database user deleted')
      } catch {
        // They may have rights in other databases.
        context.warn(`Could not drop ${writer} or ${reader} users, try to continue..`)
      }
    })
    context.info(`Database ${name} dropped`)
  },
  allowTables: (context, name) => context.asOwner(name, db => allow(context, db)),
}
