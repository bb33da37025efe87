/** `cr`: the tables of carrierroute. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { line } from '../../rpc/fleet/line.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { rowsReport } from '../database/rows.ts'
import { type Session, int, select, text, where, whole, withDatabase } from '../database/session.ts'
import {
  RELOAD,
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  tableOf,
} from '../database/table-commands.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'
import { tableLines } from '../table.ts'

const reload = ['cr.reload_routes', 'cr reload'] as const
const carriers: TableSpec = {
  kind: 'Carrier',
  table: ['CARRIER_NAME_TABLE', 'carrier_name'],
  reload,
}
const domains: TableSpec = {
  kind: 'RoutingDomain',
  table: ['DOMAIN_NAME_TABLE', 'domain_name'],
  reload,
}
const routes: TableSpec = { kind: 'Route', table: ['CARRIERROUTE_TABLE', 'carrierroute'], reload }

async function show(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const part = async (title: string, spec: TableSpec, order: string) => ({
      title,
      report: rowsReport(spec.kind, await rows(session, spec, order)),
    })
    const parts = [
      await part('cr carrier names', carriers, 'id'),
      await part('cr domain names', domains, 'id'),
      await part('cr routes', routes, 'carrier, scan_prefix, domain, prob'),
    ]
    const { piped: _piped, ...last } = parts[2]!.report
    return {
      ...last,
      items: parts.flatMap(({ report }) =>
        report.items.map(item => ({ ...item, kind: report.kind })),
      ),
      text: parts.flatMap(({ title, report }) => [
        line(title, 'strong'),
        ...tableLines(report.columns, report.items, io.columns),
      ]),
    }
  })
}

const rows = (session: Session, spec: TableSpec, order: string) =>
  session.db.run(select(tableOf(session, spec), [], { order }))

const id = required('id', 'its number')
const name = required('name', 'its name')

/** A name for a number, in a table of two columns. */
const named = (spec: TableSpec, column: string): Command['run'] =>
  addRow(spec, (_, args) => [int('id', whole(args, 'id')), text(column, args.word('name'))])
const unnamed = (spec: TableSpec): Command['run'] =>
  removeRows(spec, (_, args) => where(int('id', whole(args, 'id'))))

const carrier = required('carrier', 'the number of the carrier')
const prefix = required('prefix', 'the first digits')
const domain = required('domain', 'the number of the routing domain')

export const carrierrouteCommands: readonly Command[] = [
  {
    name: 'cr show',
    args: [],
    doc: 'Show carriers, routing domains and routes in the database.',
    examples: ['cr show'],
    run: show,
  },
  {
    name: 'cr dump',
    args: [],
    doc: 'Show the routes that nodes have in memory.',
    examples: ['cr dump'],
    run: callRun('cr.dump_routes'),
  },
  {
    name: 'cr addcn',
    args: [id, name],
    options: [RELOAD],
    doc: 'Name a carrier.',
    examples: ['cr addcn 1 cheap'],
    run: named(carriers, 'carrier'),
  },
  {
    name: 'cr rmcn',
    args: [id],
    options: [RELOAD],
    doc: 'Remove the name of a carrier.',
    examples: ['cr rmcn 1'],
    run: unnamed(carriers),
  },
  {
    name: 'cr adddn',
    args: [id, name],
    options: [RELOAD],
    doc: 'Name a routing domain.',
    examples: ['cr adddn 1 start'],
    run: named(domains, 'domain'),
  },
  {
    name: 'cr rmdn',
    args: [id],
    options: [RELOAD],
    doc: 'Remove the name of a routing domain.',
    examples: ['cr rmdn 1'],
    run: unnamed(domains),
  },
  {
    name: 'cr addcarrier',
    args: [
      carrier,
      prefix,
      domain,
      required('host', 'where the call goes'),
      optional('prob', 'its share; 1 when not given'),
      optional('strip', 'digits taken away; 0 when not given'),
      optional('rewrite_prefix', 'put before the number'),
      optional('rewrite_suffix', 'put behind it'),
      optional('mask', 'of the flags; 0 when not given'),
      optional('flags', '0 when not given'),
      optional('comment', 'a text for people'),
    ],
    options: [RELOAD],
    doc: 'Add a route.',
    examples: ['cr addcarrier 1 49 1 gw.example.org 0.5'],
    run: addRow(routes, (_, args) => [
      int('carrier', whole(args, 'carrier')),
      text('scan_prefix', args.word('prefix')),
      int('domain', whole(args, 'domain')),
      { column: 'prob', type: 'double', value: Number(args.word('prob') || 1) },
      int('strip', whole(args, 'strip', 0)),
      text('rewrite_host', args.word('host')),
      text('rewrite_prefix', args.word('rewrite_prefix')),
      text('rewrite_suffix', args.word('rewrite_suffix')),
      text('description', args.word('comment')),
      int('flags', whole(args, 'flags', 0)),
      int('mask', whole(args, 'mask', 0)),
    ]),
  },
  {
    name: 'cr rmcarrier',
    args: [carrier, prefix, domain],
    options: [RELOAD],
    doc: 'Remove a route.',
    examples: ['cr rmcarrier 1 49 1'],
    run: removeRows(routes, (_, args) =>
      where(
        int('carrier', whole(args, 'carrier')),
        text('scan_prefix', args.word('prefix')),
        int('domain', whole(args, 'domain')),
      ),
    ),
  },
  {
    name: 'cr reload',
    args: [],
    doc: 'Have nodes read their routes again.',
    examples: ['cr reload'],
    run: callRun('cr.reload_routes'),
  },
]
