/** MySQL and MariaDB: databases, users and what they may do. */
import type { Database } from '../database/agent.ts'
import { type Account, databaseHost, readOnly, readWrite } from '../database/engine.ts'
import { type Context } from './context.ts'
import { createOptional, createStandard } from './create.ts'
import type { Whole } from './database.ts'
import { Refused } from './refused.ts'

/** A database of the server that is always there. */
const ANY = 'information_schema'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
const named = (name: string): string => `\`${name.replaceAll('`', '``')}\``

async function all(db: Database, statements: readonly string[], failure: string): Promise<void> {
  try {
    for (const sql of statements) await db.run({ do: 'raw', sql })
  } catch (error) {
    throw new Refused(`${failure} ${(error as Error).message}`)
  }
}

/** Kamailio's tables are of a character set in which a character is a byte. */
async function charset(context: Context, db: Database): Promise<string> {
  const wanted = context.get('CHARSET')
  if (wanted !== '') return wanted
  context.info('test server charset')
  const first = async (sql: string): Promise<string[]> =>
    (await db.run({ do: 'raw', sql })).rows.map(row => String(row.at(0)))
  const [current = ''] = await first('SELECT @@character_set_server')
  const known = await first('SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS')
  const fitting = known.filter(name => !/utf8|ucs2/i.test(name)).toSorted()
  if (fitting.includes(current)) return current
  const list = `Your current default mysql characters set cannot be used to create DB.`
  if (!context.io.canAsk) {
    context.warn(`${list} latin1 is taken; CHARSET in kamctlrc chooses another one`)
    return 'latin1'
  }
  context.warn(`${list} Please choice another one from the following list:`)
  context.io.err(`${fitting.join('\n')}\n`)
  for (;;) {
    const answer = (await context.ask('Enter character set name: ')).trim()
    if (answer === '') throw new Refused("can't continue: user break")
    if (fitting.includes(answer)) return answer
  }
}

async function createEmpty(context: Context, name: string): Promise<void> {
  await context.asOwner(ANY, async db => {
    const set = await charset(context, db)
    context.info(`creating database ${name} ...`)
    const sql = `CREATE DATABASE ${named(name)} CHARACTER SET ${set}`
    await all(db, [sql], `Creating database ${name} failed!`)
  })
}

/** Hosts from which they come: the server's own name, this machine, DBACCESSHOST. */
function hosts({ get }: Context): string[] {
  const access = get('DBACCESSHOST')
  return [...new Set([databaseHost(get), 'localhost', ...(access === '' ? [] : [access])])]
}

function accounts({ get }: Context): { account: Account; rights: string }[] {
  const writer = readWrite(get)
  const reader = readOnly(get)
  const both = [{ account: writer, rights: 'ALL PRIVILEGES' }]
  return reader.user === writer.user ? both : [...both, { account: reader, rights: 'SELECT' }]
}

async function grant(context: Context, name: string): Promise<void> {
  context.info(`granting privileges to database ${name} ...`)
  const statements = hosts(context).flatMap(host =>
    accounts(context).flatMap(({ account, rights }) => {
      const who = `${quoted(account.user)}@${quoted(host)}`
      return [
        `CREATE USER IF NOT EXISTS ${who} IDENTIFIED BY ${quoted(account.password)}`,
        `GRANT ${rights} ON ${named(name)}.* TO ${who}`,
      ]
    }),
  )
  const failure = `granting privileges to database ${name} failed!`
  await context.asOwner(ANY, db => all(db, statements, failure))
}

async function revoke(context: Context, name: string): Promise<void> {
  context.info(`revoking privileges to database ${name} ...`)
  const statements = hosts(context).flatMap(host =>
    accounts(context).map(
      ({ account, rights }) =>
        `REVOKE ${rights} ON ${named(name)}.* FROM ${quoted(account.user)}@${quoted(host)}`,
    ),
  )
  const failure = `revoking privileges to database ${name} failed!`
  await context.asOwner(ANY, db => all(db, statements, failure))
}

async function create(context: Context, name: string): Promise<void> {
  // DBINITASK=yes: each step is asked for.
  const step = async (question: string): Promise<boolean> =>
    context.get('DBINITASK') !== 'yes' || context.certain(question)
  if (await step(`Create the database '${name}'? (y/n): `)) await createEmpty(context, name)
  if (await step('Create database users with access privileges? (y/n): '))
    await grant(context, name)
  const standard = await step('Create the standard database tables? (y/n): ')
  await context.asOwner(name, async db => {
    if (standard) await createStandard(context, db, name)
    await createOptional(context, db, name)
  })
}

export const mysql: Whole = {
  create,
  createEmpty,
  grant,
  revoke,
  async drop(context, name) {
    const failure = `Dropping database ${name} failed!`
    await context.asOwner(ANY, db => all(db, [`DROP DATABASE ${named(name)}`], failure))
    context.info(`Database ${name} deleted`)
  },
}
