/** `speeddial`: short numbers of users. */
import type { DbCell, DbOutcome, DbValue } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { rowsReport } from '../database/rows.ts'
import {
  type Session,
  type User,
  aorOf,
  select,
  text,
  where,
  withDatabase,
} from '../database/session.ts'
import { type TableSpec, addRow, removeRows, tableOf } from '../database/table-commands.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'
import { keyOf } from './subscriber.ts'

const dials: TableSpec = { kind: 'SpeedDial', table: ['SD_TABLE', 'speed_dial'] }

const shortKey = ({ name, domain }: User): DbCell[] => [
  text('sd_username', name),
  text('sd_domain', domain),
]

/** Rows with user and domain joined, under the titles that people know. */
const titled = (
  { rows }: DbOutcome,
  titles: readonly string[],
  row: (values: readonly DbValue[]) => DbValue[],
): DbOutcome => ({
  columns: titles.map(name => ({ name, type: 'string' as const })),
  rows: rows.map(row),
  affected: -1,
})

const ALL = ['sd_username', 'sd_domain', 'username', 'domain', 'new_uri', 'description']

async function list(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const table = tableOf(session, dials)
    const one = args.has('aor')
    const terms = one ? where(...keyOf(aorOf(session, args.word('aor')))) : []
    const found = await session.db.run(select(table, terms, { columns: ALL, order: 'id' }))
    const outcome = one
      ? titled(found, ['Short number', 'New URI', 'description'], row => [
          `${row[0]}@${row[1]}`,
          row[4]!,
          row[5]!,
        ])
      : titled(found, ['Short number', 'Owner', 'New URI', 'description'], row => [
          `${row[0]}@${row[1]}`,
          `${row[2]}@${row[3]}`,
          row[4]!,
          row[5]!,
        ])
    return rowsReport('SpeedDial', outcome)
  })
}

async function show(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const terms = where(...shortKey(aorOf(session, args.word('short'))))
    const table = tableOf(session, dials)
    const found = await session.db.run(select(table, terms, { columns: ALL, order: 'id' }))
    const outcome = titled(found, ['Owner', 'New URI', 'description'], row => [
      `${row[2]}@${row[3]}`,
      row[4]!,
      row[5]!,
    ])
    return rowsReport('SpeedDial', outcome, { verdict: found.rows.length > 0 ? EXIT.ok : EXIT.no })
  })
}

function target(args: Args): string {
  const uri = args.word('uri')
  if (/^sips?:[^@]+@.+/.test(uri)) return uri
  throw new UsageError(`${uri} is not a valid SIP AoR (sip:user@domain)`)
}

const both = (session: Session, args: Args): DbCell[] => [
  ...keyOf(aorOf(session, args.word('aor'))),
  ...shortKey(aorOf(session, args.word('short'))),
]

const aor = required('aor', 'user@domain who dials it')
const short = required('short', 'the short number, user@domain')

export const speeddialCommands: readonly Command[] = [
  {
    name: 'speeddial show',
    args: [short],
    doc: 'Show who has a short number, and for what.',
    examples: ['speeddial show 11@example.org'],
    run: show,
  },
  {
    name: 'speeddial list',
    args: [optional('aor', 'user@domain; everybody when not given')],
    doc: 'List the short numbers of a user.',
    examples: ['speeddial list alice@example.org'],
    run: list,
  },
  {
    name: 'speeddial add',
    args: [aor, short, required('uri', 'sip:user@domain'), optional('description', 'a text')],
    doc: 'Add a short number.',
    examples: ['speeddial add alice@example.org 11@example.org sip:bob@example.org Bob'],
    run: addRow(dials, (session, args) => [
      ...both(session, args),
      text('new_uri', target(args)),
      text('description', args.word('description')),
    ]),
  },
  {
    name: 'speeddial rm',
    args: [aor, short],
    doc: 'Remove a short number.',
    examples: ['speeddial rm alice@example.org 11@example.org'],
    run: removeRows(dials, (session, args) => where(...both(session, args))),
  },
]
