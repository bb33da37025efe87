/** One command line of kamdbctl, from its words to its exit code. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseError } from '../database/agent.ts'
import { type Engine, databaseName, engineOf } from '../database/engine.ts'
import { type Settings, readSettings } from '../database/rc.ts'
import { EXIT, UsageError, exitOfDatabase } from '../exit.ts'
import type { Io } from '../io.ts'
import { ownVersion } from '../version.ts'
import { backUp, restore } from './backup.ts'
import { Cancelled, Context } from './context.ts'
import { createExtra, createPresence, createUid } from './create.ts'
import type { Whole } from './database.ts'
import { addTextTables, dbtext, sqlite } from './files.ts'
import { migration } from './migrate.ts'
import { type Group, modulesOf, scriptOf } from './modules.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import { Refused } from './refused.ts'
import { usageText } from './usage.ts'

const KINDS: Readonly<Record<Engine, Whole>> = { mysql, postgres, sqlite, dbtext }

export async function runKamdbctl(io: Io, argv: readonly string[]): Promise<number> {
  try {
    return await run(io, argv)
  } catch (error) {
    const code = exitOf(error)
    if (code === null) throw error
    io.err(`** ERROR: ${(error as Error).message}\n`)
    return code
  }
}

function exitOf(error: unknown): number | null {
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof DatabaseError) return exitOfDatabase(error)
  if (error instanceof Cancelled) return error.code
  // What the system refused: a folder that is not there, a file that may not be written.
  const bySystem = error instanceof Error && 'syscall' in error
  return bySystem || error instanceof Refused ? EXIT.no : null
}

interface Line {
  readonly words: readonly string[]
  readonly set: ReadonlyMap<string, string>
  readonly yes: boolean
  readonly dryRun: boolean
  readonly help: boolean
}

function readLine(argv: readonly string[]): Line {
  const words: string[] = []
  const set = new Map<string, string>()
  const flags = new Set<string>()
  const rest = argv.values()
  for (const word of rest) {
    if (word === '--set' || word.startsWith('--set=')) {
      const setting = word === '--set' ? String(rest.next().value ?? '') : word.slice(6)
      const [, name = '', value = ''] = /^(\w+)=([^]*)$/.exec(setting) ?? []
      if (name === '') throw new UsageError('--set takes NAME=VALUE')
      set.set(name, value)
    } else if (/^(-y|--yes|-n|--dry-run|-h|--help)$/.test(word))
      flags.add(word.replace(/^-+/, '')[0]!)
    else if (word.startsWith('-')) throw new UsageError(`no option ${word}`)
    else words.push(word)
  }
  const dryRun = flags.has('n') || flags.has('d')
  return { words, set, yes: flags.has('y'), dryRun, help: flags.has('h') }
}

async function run(io: Io, argv: readonly string[]): Promise<number> {
  const line = readLine(argv)
  const [command = '', ...words] = line.words
  if (line.help || command === 'help') return print(io, usageText())
  if (command === 'version') return print(io, `kamdbctl ${ownVersion()}\n`)
  const act = COMMANDS[command]
  if (act === undefined) {
    io.err(usageText())
    return EXIT.usage
  }
  checkCount(command, words)
  const settings = readSettings(io.env)
  const get: Settings = name => line.set.get(name) ?? settings(name)
  const engine = engineOf(get('DBENGINE'))
  if (engine === null)
    throw new UsageError(
      'database engine not specified, please setup one in the config script: DBENGINE=MYSQL, ' +
        'PGSQL, SQLITE or DBTEXT in /etc/kamailio/kamctlrc or ~/.kamctlrc, or --set DBENGINE=...',
    )
  const context = new Context(io, get, engine, line.yes)
  await act(context, words, line)
  return EXIT.ok
}

/** A word too many may be the name of another database than the one that would be changed. */
function checkCount(command: string, words: readonly string[]): void {
  if (command === 'migrate' && words.length > 0)
    throw new UsageError('migrate changes the database of kamctlrc, or of --set DBNAME=NAME')
  if (words.length > 1)
    throw new UsageError(`${command} takes one word, not ${words.length}: ${words.join(' ')}`)
}

function print(io: Io, text: string): number {
  io.out(text)
  return EXIT.ok
}

/** The database that is meant: of a file its path. */
function nameOf({ engine, get }: Context, word: string | undefined): string {
  if (engine !== 'sqlite' && engine !== 'dbtext') return word ?? databaseName(get)
  const path = word ?? get('DB_PATH')
  if (path === '') throw new UsageError('DB_PATH is not set: where is the database?')
  return resolve(path)
}

type Act = (context: Context, words: readonly string[], line: Line) => Promise<void>

/** An operation that only some kinds of database have. */
const only =
  (name: 'createEmpty' | 'grant' | 'revoke'): Act =>
  async (context, [word]) => {
    const act = KINDS[context.engine][name]
    if (act === undefined)
      throw new Refused(`${context.engine} db engine doesn't support this operation`)
    await act(context, nameOf(context, word))
  }

function one(words: readonly string[], what: string): string {
  if (words.length !== 1) throw new UsageError(`which ${what}? exactly one is needed`)
  return words[0]!
}

function sqlEngine({ engine }: Context): Exclude<Engine, 'dbtext'> {
  if (engine === 'dbtext') throw new Refused("dbtext don't support this operation")
  return engine
}

async function certain(context: Context, warning: string, question: string): Promise<void> {
  context.io.err(`${warning}\nIt is recommended to first backup your database.\n\n`)
  if (!(await context.certain(question))) throw new Cancelled('cancelled')
}

/** Adds a group of tables to a database that is there. */
const add =
  (group: Group, create: typeof createExtra): Act =>
  async (context, [word]) => {
    const name = nameOf(context, word)
    if (context.engine === 'dbtext') return addTextTables(name, modulesOf(context.get, group))
    await context.asOwner(name, db => create(context, db, name))
    await KINDS[context.engine].allowTables?.(context, name)
  }

/** From the database to a file, or the other way. */
function withFile(work: typeof backUp, done: string): Act {
  return async (context, words) => {
    const engine = sqlEngine(context)
    const path = one(words, 'file')
    await context.asOwner(nameOf(context, undefined), db => work(db, engine, path))
    context.info(done)
  }
}

const COMMANDS: Readonly<Record<string, Act>> = {
  create: (context, [word]) => KINDS[context.engine].create(context, nameOf(context, word)),
  async drop(context, [word]) {
    const warning = 'This will drop your current database.'
    await certain(context, warning, 'Continue with drop? (y/n): ')
    await KINDS[context.engine].drop(context, nameOf(context, word))
  },
  async reinit(context, [word]) {
    const warning = 'This will drop your current database and create a new one.'
    await certain(context, warning, 'Continue with reinit? (y/n): ')
    const name = nameOf(context, word)
    await KINDS[context.engine].drop(context, name)
    await KINDS[context.engine].create(context, name)
  },
  backup: withFile(backUp, 'db dump successful'),
  restore: withFile(restore, 'db restore successful'),
  copy,
  async migrate(context, _words, { dryRun }) {
    const engine = sqlEngine(context)
    const name = nameOf(context, undefined)
    await context.asOwner(name, async db => {
      const statements = await migration(db, engine)
      for (const sql of statements) {
        context.io.out(`${sql};\n`)
        if (!dryRun) await context.carryOut(db, sql, 'Migrating failed!')
      }
      context.info(
        statements.length === 0 ? 'all tables are up to date' : `tables of ${name} migrated`,
      )
    })
    await KINDS[engine].allowTables?.(context, name)
  },
  presence: add('PRESENCE_MODULES', createPresence),
  extra: add('EXTRA_MODULES', createExtra),
  dbuid: add('DBUID_MODULES', createUid),
  dbonly: only('createEmpty'),
  grant: only('grant'),
  revoke: only('revoke'),
  async 'add-tables'(context, words) {
    const group = one(words, 'group of tables')
    const name = nameOf(context, undefined)
    if (context.engine === 'dbtext') return addTextTables(name, [group])
    const script = scriptOf(context.engine, group)
    context.info(`creating group of tables [${group}] into database [${name}] ...`)
    await context.asOwner(name, db =>
      context.carryOut(db, script, `Creating group of tables [${group}] failed`),
    )
    await KINDS[context.engine].allowTables?.(context, name)
  },
}

/** The tables of the new one come with their definition from the backup. */
async function copy(context: Context, words: readonly string[]): Promise<void> {
  const engine = sqlEngine(context)
  const target = one(words, 'new database')
  const name = nameOf(context, undefined)
  if (engine === 'sqlite') {
    const path = resolve(target).replaceAll("'", "''")
    const sql = `VACUUM INTO '${path}'`
    await context.asOwner(name, db => db.run({ do: 'raw', sql }))
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'kamdbctl-'))
  try {
    const path = join(folder, 'backup.sql')
    await context.asOwner(name, db => backUp(db, engine, path))
    await KINDS[engine].createEmpty!(context, target)
    await context.asOwner(target, db => restore(db, engine, path))
  } finally {
    rmSync(folder, { recursive: true })
  }
  await KINDS[engine].allowTables?.(context, target)
}
