/** `monitor`: the fleet at a glance, again and again. */
import type { Result } from '../../rpc/contract/index.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import type { Args, Command } from '../command.ts'
import { EXIT, UsageError } from '../exit.ts'
import { type Io, pause } from '../io.ts'
import { type OutputOptions, printReport } from '../output.ts'
import { type Item, type Report, column, rightColumn } from '../report.ts'
import { age } from './process.ts'

type Snapshot = Result<'ohana.snapshot'>
type Snapshots = Map<string, Snapshot>

const CLEAR = '\x1b[H\x1b[J'

function numberOption(args: Args, name: string, fallback: number): number {
  const text = args.option(name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!(value > 0)) throw new UsageError(`--${name} takes a number greater than 0`)
  return value
}

async function monitor(io: Io, fleet: Fleet, args: Args): Promise<number> {
  const seconds = numberOption(args, 'interval', 2)
  const times = io.columns === null ? 1 : Infinity
  const count = numberOption(args, 'count', times)
  const format = args.option('output') ?? 'table'
  // Several documents after one another: JSON has one form for that.
  const options: OutputOptions = {
    format: format === 'json' || format === 'ndjson' ? 'ndjson' : 'table',
    columns: null,
    sortBy: '',
    headers: true,
    unasked: false,
    tagged: true,
  }
  const redraws = io.columns !== null && options.format === 'table' && count > 1
  let before: Snapshots = await snapshots(fleet)
  let code: number = EXIT.ok
  for (let done = 0; done < count; done++) {
    // Rates need two looks; the first one comes soon.
    await pause(io, done === 0 ? 500 : seconds * 1000)
    if (io.stop.aborted) return EXIT.interrupted
    const answers = await fleet.ask('ohana.snapshot')
    if (redraws) io.out(`${CLEAR}${fleet.name}  ${new Date(io.now()).toTimeString().slice(0, 8)}\n`)
    code = printReport(io, monitorReport(answers, before), options)
    before = snapshotsOf(answers)
  }
  return code
}

const snapshots = async (fleet: Fleet): Promise<Snapshots> =>
  snapshotsOf(await fleet.ask('ohana.snapshot'))

const snapshotsOf = (answers: readonly Answer<Snapshot>[]): Snapshots =>
  new Map(answers.flatMap(answer => (answer.ok ? [[answer.node.name, answer.value]] : [])))

function monitorReport(answers: readonly Answer<Snapshot>[], before: Snapshots): Report {
  const items = answers.flatMap((answer): Item[] => {
    if (!answer.ok) return []
    const { name } = answer.node
    return [{ node: name, ...row(answer.value, before.get(name) ?? answer.value) }]
  })
  const rate = (value: unknown): string => Number(value).toFixed(1)
  return {
    kind: 'Monitor',
    columns: [
      rightColumn('uptime', 'uptime', value => age(Number(value))),
      rightColumn('req/s', 'requestsPerSecond', rate),
      rightColumn('calls/s', 'invitesPerSecond', rate),
      rightColumn('reg/s', 'registersPerSecond', rate),
      rightColumn('4xx/s', 'clientErrorsPerSecond', rate),
      rightColumn('5xx/s', 'serverErrorsPerSecond', rate),
      rightColumn('active', 'transactions'),
      rightColumn('users', 'users'),
      rightColumn('contacts', 'contacts'),
      rightColumn('cpu', 'cpuPercent', value => `${rate(value)}%`),
      rightColumn('memory', 'rss', value => `${Math.round(Number(value) / 1_048_576)} MB`),
      column('loop p99', 'loopP99Ms', { right: true, show: value => `${rate(value)} ms` }),
    ],
    items,
    answers,
    name: 'node',
  }
}

function row(now: Snapshot, old: Snapshot): Readonly<Record<string, unknown>> {
  const seconds = Math.max(0.001, (now.now - old.now) / 1000)
  const perSecond = (later: number, earlier: number): number =>
    Number((Math.max(0, later - earlier) / seconds).toFixed(3))
  const cpu = (snapshot: Snapshot): number => snapshot.cpu.user_us + snapshot.cpu.system_us
  return {
    uptime: now.uptime,
    requestsPerSecond: perSecond(now.requests.received, old.requests.received),
    invitesPerSecond: perSecond(now.requests.invite, old.requests.invite),
    registersPerSecond: perSecond(now.requests.register, old.requests.register),
    clientErrorsPerSecond: perSecond(now.sent['4xx'], old.sent['4xx']),
    serverErrorsPerSecond: perSecond(now.sent['5xx'], old.sent['5xx']),
    transactions: now.transactions.active,
    users: now.registrations.users,
    contacts: now.registrations.contacts,
    cpuPercent: Number((((cpu(now) - cpu(old)) / seconds / 1e6) * 100).toFixed(2)),
    rss: now.memory.rss,
    loopP99Ms: now.loop.p99_ms,
  }
}

export const monitorCommands: readonly Command[] = [
  {
    name: 'monitor',
    args: [],
    options: [
      { flags: '-i, --interval <seconds>', doc: 'time between two looks (default: 2)' },
      { flags: '-c, --count <times>', doc: 'end after so many looks (default: 1 into a pipe)' },
    ],
    doc: 'Watch rates, transactions, registrations and health of every node.',
    examples: ['monitor', 'monitor -i 5', 'monitor -c 10 -o ndjson'],
    run: monitor,
  },
]
