/** What the commands of all tables have alike: rows are shown, added, removed, then reloaded. */
import type { DbCell, DbTerm } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import type { Args, Command, Option } from '../command.ts'
import { callAll } from '../commands/rpc.ts'
import { EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'
import { changeReport, rowsReport } from './rows.ts'
import { type Session, exists, select, withDatabase } from './session.ts'

type Run = Command['run']
type FromArgs<T> = (session: Session, args: Args, io: Io) => T

export interface TableSpec {
  /** Of its items: Domain, Destination ... */
  readonly kind: string
  /** The variable of kamctlrc that may name it, and its name. */
  readonly table: readonly [variable: string, name: string]
  /** The method that takes changes into a node, and the command that calls it. */
  readonly reload?: readonly [method: string, command: string]
}

export const tableOf = (session: Session, { table: [variable, name] }: TableSpec): string =>
  session.table(variable, name)

export const showRows =
  (spec: TableSpec, terms: FromArgs<DbTerm[]> = () => [], order = 'id'): Run =>
  (io, fleet, args) =>
    withDatabase(io, fleet, args, async session => {
      const statement = select(tableOf(session, spec), terms(session, args, io), { order })
      return rowsReport(spec.kind, await session.db.run(statement))
    })

/** `unless`: a row with these values must not be there already. */
export const addRow =
  (spec: TableSpec, row: FromArgs<DbCell[]>, unless?: FromArgs<DbCell[]>): Run =>
  (io, fleet, args) =>
    withDatabase(io, fleet, args, async session => {
      const table = tableOf(session, spec)
      const cells = row(session, args, io)
      const known = unless?.(session, args, io)
      if (known !== undefined && (await exists(session, table, ...known))) {
        io.err(`kamctl: ${String(known[0]!.value)} already in ${table} table\n`)
        return EXIT.no
      }
      await session.db.run({ do: 'insert', table, row: cells })
      return changed(fleet, args, spec, { table, result: 'added', rows: 1 })
    })

export const removeRows =
  (spec: TableSpec, terms: FromArgs<DbTerm[]>): Run =>
  (io, fleet, args) =>
    withDatabase(io, fleet, args, async session => {
      const table = tableOf(session, spec)
      const where = terms(session, args, io)
      const { rows } = await session.db.run(select(table, where))
      if (rows.length === 0) {
        io.err(`kamctl: no such row in ${table} table\n`)
        return EXIT.no
      }
      await session.db.run({ do: 'delete', table, where })
      return changed(fleet, args, spec, { table, result: 'removed', rows: rows.length })
    })

export const RELOAD: Option = {
  flags: '--reload',
  doc: 'and have the nodes take the table in at once',
}

export interface Change {
  readonly table: string
  readonly result: string
  readonly rows: number
}

/** A change of a table that nodes have in memory: they are told, or it is said how. */
export async function changed(
  fleet: Fleet,
  args: Args,
  { kind, reload }: TableSpec,
  change: Change,
): Promise<Report> {
  const { table, result, rows } = change
  const sentence = `${rows} row${rows === 1 ? '' : 's'} ${result} (${table})`
  const report = changeReport(kind, { ...change }, sentence)
  if (reload === undefined) return report
  const [method, command] = reload
  if (args.flag('reload')) {
    const { answers } = await callAll(fleet, method)
    if (answers.every(answer => answer.ok)) return { ...report, answers }
    const late = `${sentence}, which not every node has read: 'kamctl ${command}' in some seconds`
    return { ...report, answers, remarks: [late] }
  }
  const hint = `execute 'kamctl ${command}' to synchronize cache and database`
  return { ...report, remarks: [hint] }
}

/** A command that only calls a method of the nodes. */
export const callRun =
  (method: string, params: (args: Args) => readonly unknown[] = () => []): Run =>
  async (_io, fleet, args) => {
    const report = await callAll(fleet, method, params(args))
    const absent = report.answers.some(
      answer => !answer.ok && /^method not found/i.test(answer.failure.message),
    )
    if (!absent) return report
    const [module = ''] = method.split('.')
    return { ...report, remarks: [`is the module ${module} loaded there? it has ${method}`] }
  }
