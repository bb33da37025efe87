/** `db`: the database itself. */
import { spawn } from 'node:child_process'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, required } from '../command.ts'
import { toBytes } from '../database/bytes.ts'
import { readSettings } from '../database/rc.ts'
import { blocksReport, changeReport, rowsReport } from '../database/rows.ts'
import {
  type Session,
  databaseUrl,
  int,
  isGuest,
  select,
  text,
  where,
  whole,
  withDatabase,
} from '../database/session.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'

async function statement(session: Session, sql: string): Promise<Report> {
  const outcome = await session.db.run({ do: 'raw', sql: toBytes(sql.replace(/;\s*$/, '')) })
  if (outcome.columns.length > 0) return rowsReport('Row', outcome)
  const { affected } = outcome
  const sentence = affected < 0 ? 'done' : `${affected} row${affected === 1 ? '' : 's'} affected`
  return changeReport('Change', { affected }, sentence)
}

/** Of the environment or of kamctlrc, by the name of its variable. */
function queryIn(io: Io, args: Args): string {
  const query = readSettings(io.env)(args.word('variable'))
  if (query === '') throw new UsageError(`missing query value: $${args.word('variable')} is empty`)
  return query
}

/** A statement of one's own can reach files of the machine, in every database. */
const notForGuests =
  (run: Command['run']): Command['run'] =>
  async (io, fleet, args) => {
    if (!isGuest(io)) return run(io, fleet, args)
    io.err('kamctl: statements of your own are not for guests\n')
    return EXIT.denied
  }

const execute = (query: (io: Io, args: Args) => string, access: 'write' | 'read'): Command['run'] =>
  notForGuests((io, fleet, args) =>
    withDatabase(io, fleet, args, session => statement(session, query(io, args)), access),
  )

const written = (_io: Io, args: Args): string => args.word('query')

/** A name of a table or column, which goes into a statement as it is. */
function name(args: Args, argument: string): string {
  const word = args.word(argument)
  if (!/^\w+(\.\w+)?$/.test(word)) throw new UsageError(`${word} is no name of a ${argument}`)
  return word
}

const show = (io: Io, fleet: Fleet, args: Args): Promise<Report> =>
  withDatabase(
    io,
    fleet,
    args,
    async ({ db }) => rowsReport('Row', await db.run(select(name(args, 'table')))),
    'read',
  )

const showBlocks = (io: Io, fleet: Fleet, args: Args): Promise<Report> =>
  withDatabase(
    io,
    fleet,
    args,
    async ({ db }) => blocksReport('Row', await db.run(select(name(args, 'table')))),
    'read',
  )

const match =
  (numeric: boolean) =>
  (io: Io, fleet: Fleet, args: Args): Promise<Report> =>
    withDatabase(
      io,
      fleet,
      args,
      async ({ db }) => {
        const key = name(args, 'key')
        const cell = numeric ? int(key, whole(args, 'value')) : text(key, args.word('value'))
        const found = await db.run(select(name(args, 'table'), where(cell)))
        return {
          ...blocksReport('Row', found),
          verdict: found.rows.length === 0 ? EXIT.no : EXIT.ok,
        }
      },
      'read',
    )

async function version(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const action = args.word('action')
  const table = name(args, 'table')
  const key = text('table_name', table)
  const number = int('table_version', whole(args, 'value'))
  return withDatabase(io, fleet, args, async ({ db }) => {
    const insert = { do: 'insert', table: 'version', row: [key, number] } as const
    const remove = { do: 'delete', table: 'version', where: where(key) } as const
    const change = { do: 'update', table: 'version', where: where(key), changes: [number] } as const
    if (action === 'add') await db.run(insert)
    else if (action === 'set') await db.together([remove, insert])
    else if (action === 'update') await db.run(change)
    else throw new UsageError(`db version has no ${action}: there are add, set, update`)
    const item = { table, version: Number(number.value) }
    return changeReport('Version', item, `version of ${table} is ${number.value}`)
  })
}

/** The database's own client, where it is installed. */
async function connect(io: Io, fleet: Fleet, args: Args): Promise<number> {
  const url = await databaseUrl(io, fleet, args)
  const [command, words, env] = clientOf(url)
  return new Promise(resolve => {
    const child = spawn(command, words, { stdio: 'inherit', env: { ...io.env, ...env } })
    child.once('error', () => {
      io.err(`kamctl: ${command} is not installed; \`kamctl db exec QUERY\` needs no client\n`)
      resolve(EXIT.no)
    })
    child.once('exit', code => resolve(code ?? EXIT.internal))
  })
}

/** The password goes through the environment: command lines are for everybody to see. */
function clientOf(url: string): [command: string, words: string[], env: Record<string, string>] {
  if (url.startsWith('sqlite:')) return ['sqlite3', [url.replace(/^sqlite:\/\/\//, '')], {}]
  const [, scheme = '', user = '', password = '', host = '', port = '', database = ''] =
    /^(\w+):\/\/([^:/]*)(?::(.*))?@(\[[^\]]*\]|[^:/]*)(?::(\d+))?\/([^?]*)/.exec(url) ?? []
  const address = host.replace(/[[\]]/g, '')
  if (scheme === 'mysql') {
    const more = port === '' ? [] : ['-P', port]
    return ['mysql', ['-h', address, ...more, '-u', user, database], { MYSQL_PWD: password }]
  }
  if (scheme !== 'postgres') throw new UsageError(`there is no client for ${scheme || url}`)
  const more = port === '' ? [] : ['-p', port]
  return ['psql', ['-h', address, ...more, '-U', user, database], { PGPASSWORD: password }]
}

const table = required('table', 'a table')
const query = required('query', 'a statement in the language of the database')
const variable = required('variable', 'the variable, of the environment or kamctlrc, that has it')

export const dbCommands: readonly Command[] = [
  {
    name: 'db exec',
    args: [query],
    doc: 'Carry out a statement.',
    examples: ["db exec \"update domain set did='a' where domain='example.org'\""],
    run: execute(written, 'write'),
  },
  {
    name: 'db roexec',
    args: [query],
    doc: 'Carry out a statement as the user who may only read.',
    examples: ["db roexec 'select count(*) from location'"],
    run: execute(written, 'read'),
  },
  {
    name: 'db run',
    args: [variable],
    doc: 'Carry out the statement that a variable has.',
    examples: ['db run CLEANUP'],
    run: execute(queryIn, 'write'),
  },
  {
    name: 'db rorun',
    args: [variable],
    doc: 'The same as the user who may only read.',
    examples: ['db rorun COUNT'],
    run: execute(queryIn, 'read'),
  },
  {
    name: 'db show',
    args: [table],
    doc: 'Show all rows of a table.',
    examples: ['db show version'],
    run: show,
  },
  {
    name: 'db showg',
    args: [table],
    doc: 'Show all rows of a table, a line for each column.',
    examples: ['db showg subscriber'],
    run: showBlocks,
  },
  {
    name: 'db smatch',
    args: [table, required('key', 'a column'), required('value', 'a text')],
    doc: 'Show the rows in which a column has this text.',
    examples: ['db smatch subscriber username alice'],
    run: match(false),
  },
  {
    name: 'db nmatch',
    args: [table, required('key', 'a column'), required('value', 'a number')],
    doc: 'Show the rows in which a column has this number.',
    examples: ['db nmatch dispatcher setid 1'],
    run: match(true),
  },
  {
    name: 'db connect',
    args: [],
    doc: 'Start the client of the database.',
    examples: ['db connect'],
    run: notForGuests(connect),
  },
  {
    name: 'db version',
    args: [
      required('action', 'add, set or update', ['add', 'set', 'update']),
      table,
      required('value', 'the version'),
    ],
    doc: 'Change what the table `version` says about a table.',
    examples: ['db version set acc 5'],
    run: version,
  },
]
