/** `alias_db`: addresses of record that stand for another, in the database. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import type { DbCell, DbOutcome } from '../../rpc/database.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { changeReport, rowsReport } from '../database/rows.ts'
import {
  type Session,
  type User,
  aorOf,
  exists,
  select,
  text,
  where,
  withDatabase,
} from '../database/session.ts'
import { EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'
import { keyOf } from './subscriber.ts'

const aliases = (session: Session): string => session.table('DA_TABLE', 'dbaliases')

const aliasKey = ({ name, domain }: User): DbCell[] => [
  text('alias_username', name),
  text('alias_domain', domain),
]

/** Two columns of a row as one, `user@domain`. */
function joined({ rows }: DbOutcome, title: string): DbOutcome {
  const columns = [{ name: title, type: 'string' as const }]
  return { columns, affected: -1, rows: rows.map(([name, domain]) => [`${name}@${domain}`]) }
}

async function list(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const { db } = session
    if (args.has('aor')) {
      const terms = where(...keyOf(aorOf(session, args.word('aor'))))
      const columns = ['alias_username', 'alias_domain']
      const found = await db.run(select(aliases(session), terms, { columns }))
      return rowsReport('Alias', joined(found, 'ALIAS'))
    }
    const columns = ['alias_username', 'alias_domain', 'username', 'domain']
    return rowsReport('Alias', await db.run(select(aliases(session), [], { columns })))
  })
}

async function show(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const terms = where(...aliasKey(aorOf(session, args.word('alias'))))
    const columns = ['username', 'domain']
    const found = await session.db.run(select(aliases(session), terms, { columns }))
    const missing = found.rows.length === 0
    const remarks = missing ? [`no alias ${args.word('alias')}`] : []
    const verdict = missing ? EXIT.no : EXIT.ok
    return rowsReport('Alias', joined(found, 'SIP-ID'), { remarks, verdict })
  })
}

async function add(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    const alias = aorOf(session, args.word('alias'))
    const user = aorOf(session, args.word('aor'))
    if (await exists(session, aliases(session), ...aliasKey(alias))) {
      io.err(`${args.word('alias')} alias already in ${aliases(session)} table\n`)
      return EXIT.no
    }
    const row = [...keyOf(user), ...aliasKey(alias)]
    await session.db.run({ do: 'insert', table: aliases(session), row })
    return changed(args, 'added')
  })
}

async function remove(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    const key = aliasKey(aorOf(session, args.word('alias')))
    if (!(await exists(session, aliases(session), ...key))) {
      io.err(`no alias ${args.word('alias')}\n`)
      return EXIT.no
    }
    await session.db.run({ do: 'delete', table: aliases(session), where: where(...key) })
    return changed(args, 'removed')
  })
}

const changed = (args: Args, result: string): Report =>
  changeReport(
    'Alias',
    { alias: args.word('alias'), result },
    `alias ${args.word('alias')} ${result}`,
  )

const alias = required('alias', 'user@domain that stands for another')

export const aliasCommands: readonly Command[] = [
  {
    name: 'alias_db show',
    args: [alias],
    doc: 'Show for whom an alias stands.',
    examples: ['alias_db show 100@example.org'],
    run: show,
  },
  {
    name: 'alias_db list',
    args: [optional('aor', 'user@domain; all aliases when not given')],
    doc: 'List the aliases of a user.',
    examples: ['alias_db list alice@example.org', 'alias_db list'],
    run: list,
  },
  {
    name: 'alias_db add',
    args: [alias, required('aor', 'user@domain for whom it stands')],
    doc: 'Add an alias.',
    examples: ['alias_db add 100@example.org alice@example.org'],
    run: add,
  },
  {
    name: 'alias_db rm',
    args: [alias],
    doc: 'Remove an alias.',
    examples: ['alias_db rm 100@example.org'],
    run: remove,
  },
]
