/** `acc`: records of calls. */
import type { DbTerm } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, type Option, optional } from '../command.ts'
import { changeReport, rowsReport } from '../database/rows.ts'
import { select, text, where, whole, withDatabase } from '../database/session.ts'
import { type TableSpec, showRows } from '../database/table-commands.ts'
import { UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'

const records: TableSpec = { kind: 'Record', table: ['ACC_TABLE', 'acc'] }

const TABLES = ['acc', 'missed_calls', 'acc_cdrs']

/** Columns that the default config accounts beside those of the table. */
const EXTRA: readonly (readonly [string, number])[] = [
  ['src_user', 64],
  ['src_domain', 128],
  ['src_ip', 64],
  ['dst_ouser', 64],
  ['dst_user', 64],
  ['dst_domain', 128],
]

/** Asks for no row, to learn the columns. */
const isNowhere: DbTerm = { column: 'id', type: 'int', value: -1, op: '=' }

async function addColumns(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const tables = [session.table('ACC_TABLE', 'acc'), 'missed_calls']
    let added = 0
    for (const table of tables) {
      // A second run, or one after a failure, adds what is missing; the original fails.
      const { columns } = await session.db.run(select(table, [isNowhere]))
      const there = new Set(columns.map(({ name }) => name.toLowerCase()))
      for (const [column, length] of EXTRA) {
        if (there.has(column)) continue
        const what = `ADD COLUMN ${column} VARCHAR(${length}) DEFAULT '' NOT NULL`
        await session.db.run({ do: 'raw', sql: `ALTER TABLE ${table} ${what}` })
        added++
      }
    }
    const before = added === 0 ? ': the columns are there already' : ''
    const item = { tables: tables.join(' '), added }
    return changeReport('Table', item, `ok - acc db init${before}`)
  })
}

/** The newest first: what happened lately is what somebody looks for. */
async function show(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const table = args.option('table') ?? session.table('ACC_TABLE', 'acc')
    if (!/^\w+$/.test(table)) throw new UsageError(`${table} is no name of a table`)
    const terms: DbTerm[] = where(
      ...(['method', 'callid', 'code'] as const).flatMap(option => {
        const word = args.option(option)
        return word === undefined ? [] : [text(option === 'code' ? 'sip_code' : option, word)]
      }),
    )
    const seconds = args.has('seconds') ? whole(args, 'seconds') : null
    const time = table === 'acc_cdrs' ? 'start_time' : 'time'
    if (seconds !== null) terms.push(since(time, io.now() / 1000 - seconds))
    const found = await session.db.run(select(table, terms, { order: `${time} DESC, id DESC` }))
    const lines = Number(args.option('lines') ?? Infinity)
    if (!(lines > 0)) throw new UsageError('--lines takes a number')
    const truncated = found.rows.length > lines
    const rows = truncated ? found.rows.slice(0, lines) : found.rows
    return rowsReport('Record', { ...found, rows }, { truncated })
  })
}

const since = (column: string, seconds: number): DbTerm => ({
  column,
  type: 'datetime',
  value: Math.floor(seconds),
  op: '>=',
})

/** Five minutes when nobody says how long. */
const RECENT = 300

async function recent(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const from = io.now() / 1000 - whole(args, 'seconds', RECENT)
  return (await showRows(records, () => [since('time', from)])(io, fleet, args)) as Report
}

const CHOICE: readonly Option[] = [
  { flags: '--table <name>', doc: `${TABLES.join(', ')} (default: acc)` },
  { flags: '--method <method>', doc: 'INVITE, BYE ...' },
  { flags: '--callid <id>', doc: 'of one call' },
  { flags: '--code <code>', doc: 'of the reply: 200, 486 ...' },
  { flags: '-n, --lines <count>', doc: 'not more than these' },
]

export const accCommands: readonly Command[] = [
  {
    name: 'acc show',
    args: [optional('seconds', 'only the last ones')],
    options: CHOICE,
    doc: 'Show records, the newest first.',
    examples: ['acc show 3600', 'acc show --table missed_calls -n 20', 'acc show --callid 7f3a@pc'],
    run: show,
  },
  {
    name: 'acc showdb',
    args: [],
    doc: 'Show all records.',
    examples: ['acc showdb'],
    run: showRows(records),
  },
  {
    name: 'acc recent',
    args: [optional('seconds', 'how far back; 300 when not given')],
    doc: 'Show the records of the last minutes.',
    examples: ['acc recent 60'],
    run: recent,
  },
  {
    name: 'acc initdb',
    args: [],
    doc: 'Add the columns that the default config accounts, where they are missing.',
    examples: ['acc initdb'],
    run: addColumns,
  },
]
