/** The nodes: one line each, with what they do now. */
import { type Line, type Tone, span } from '../../rpc/fleet/line.ts'
import type { Rates } from '../model/history.ts'
import type { NodeModel } from '../model/node-model.ts'
import { age, megabytes, rate, short, sparkline } from './numbers.ts'
import type { Section } from './record.ts'
import type { Column } from './table.ts'

type Row = NodeModel

const snapshotOf = (row: Row) => row.history.latest

/** What a node does now; null when it is silent or only just known. */
const nowOf = (row: Row, value: (rates: Rates) => number): number | null =>
  row.isUp ? row.history.now(value) : null

const rateColumn = (
  title: string,
  value: (rates: Rates) => number,
  more: Partial<Column<Row>> = {},
): Column<Row> => ({
  title,
  right: true,
  text: row => {
    const now = nowOf(row, value)
    return now === null ? '-' : rate(now)
  },
  value: row => nowOf(row, value) ?? 0,
  ...more,
})

/** `up`, or how long it has been silent. Never by colour alone: the dot is filled or not. */
export function stateText(row: Row): string {
  if (row.isUp) return '● up'
  const silent = row.silentFor
  return silent === null ? '○ down' : `○ ${age(silent)}`
}

export function stateTone(row: Row): Tone {
  if (row.isUp) return 'good'
  return row.heardAt === 0 && row.trouble === 'connecting' ? 'dim' : 'bad'
}

const SPARK_WIDTH = 16
const cpuOf = (row: Row): number => nowOf(row, rates => rates.cpuPercent) ?? 0

export const nodeColumns: readonly Column<Row>[] = [
  { title: 'node', text: row => row.name, tone: () => 'accent', flexible: true },
  { title: 'state', text: stateText, tone: stateTone },
  {
    title: 'up',
    right: true,
    text: row => (row.isUp ? age(snapshotOf(row)?.uptime ?? 0) : '-'),
    value: row => snapshotOf(row)?.uptime ?? 0,
  },
  rateColumn('req/s', rates => rates.requests),
  rateColumn('calls/s', rates => rates.calls),
  rateColumn('reg/s', rates => rates.registers),
  {
    title: 'active',
    right: true,
    text: row => (row.isUp ? short(snapshotOf(row)?.transactions.active ?? 0) : '-'),
    value: row => snapshotOf(row)?.transactions.active ?? 0,
  },
  {
    title: 'users',
    right: true,
    text: row => (snapshotOf(row) === null ? '-' : short(snapshotOf(row)!.registrations.users)),
    value: row => snapshotOf(row)?.registrations.users ?? 0,
  },
  rateColumn('5xx/s', rates => rates.replies['5xx'], {
    tone: row => ((nowOf(row, rates => rates.replies['5xx']) ?? 0) > 0 ? 'bad' : 'plain'),
  }),
  {
    title: 'cpu',
    right: true,
    text: row => (row.isUp ? `${Math.round(cpuOf(row))}%` : '-'),
    value: cpuOf,
    tone: row => (cpuOf(row) > 80 ? 'warn' : 'plain'),
  },
  {
    title: 'calls',
    text: row =>
      sparkline(
        row.history.series(rates => rates.calls, SPARK_WIDTH),
        SPARK_WIDTH,
      ),
    value: row => nowOf(row, rates => rates.calls) ?? 0,
    tone: () => 'info',
    wide: true,
  },
  {
    title: 'memory',
    right: true,
    text: row => (snapshotOf(row) === null ? '-' : megabytes(snapshotOf(row)!.memory.rss)),
    value: row => snapshotOf(row)?.memory.rss ?? 0,
    wide: true,
  },
  {
    title: 'env',
    text: row => (row.node.environment === 'prod' ? 'PROD' : row.node.environment),
    tone: row => (row.node.environment === 'prod' ? 'bad' : 'plain'),
    wide: true,
  },
  { title: 'endpoint', text: row => row.node.endpoint, flexible: true, wide: true },
]

/** The whole fleet over the last minutes: sums of all nodes, second by second. */
export function fleetCurves(nodes: readonly Row[], width: number): Line[] {
  const bars = Math.max(10, Math.min(150, width - 26))
  const curve = (name: string, value: (rates: Rates) => number, tone: Tone): Line => {
    const sums = sumSeries(nodes, value, bars)
    return [
      span(name.padEnd(14), 'dim'),
      span(sparkline(sums, bars), tone),
      span(`  ${rate(sums.at(-1) ?? 0)}`, 'strong'),
      span('/s', 'dim'),
    ]
  }
  return [
    curve('requests', rates => rates.requests, 'info'),
    curve('calls', rates => rates.calls, 'info'),
    curve('answered', rates => rates.answered, 'good'),
    curve('registrations', rates => rates.registers, 'info'),
    curve('4xx', rates => rates.replies['4xx'], 'warn'),
    curve('5xx', rates => rates.replies['5xx'], 'bad'),
  ]
}

function sumSeries(
  nodes: readonly Row[],
  value: (rates: Rates) => number,
  length: number,
): number[] {
  const all = nodes.filter(({ isUp }) => isUp).map(({ history }) => history.series(value, length))
  const longest = Math.max(0, ...all.map(series => series.length))
  // The newest values stand under one another, however long a node has been watched.
  return Array.from({ length: longest }, (_, index) =>
    all.reduce((sum, series) => sum + (series[index - longest + series.length] ?? 0), 0),
  )
}

/** What Enter shows of one node. */
export function nodeSections(row: Row, width: number): Section[] {
  const { info, history } = row
  const bars = Math.max(20, Math.min(120, width - 40))
  const line = (name: string, value: (rates: Rates) => number, unit = '/s') => {
    const current = history.now(value)
    const now = current === null ? '-' : rate(current)
    const text = `${sparkline(history.series(value, bars), bars)}  ${now}${unit}`
    return { name, value: text, tone: 'info' as const }
  }
  return [
    { title: row.name, fields: aboutFields(row) },
    {
      title: 'The last minutes',
      fields: [
        line('requests', rates => rates.requests),
        line('calls', rates => rates.calls),
        line('answered', rates => rates.answered),
        line('registrations', rates => rates.registers),
        line('4xx', rates => rates.replies['4xx']),
        line('5xx', rates => rates.replies['5xx']),
        line('cpu', rates => rates.cpuPercent, ' %'),
      ],
    },
    { title: 'Since the start', fields: totalFields(row) },
    {
      title: 'Listens on',
      fields: (info?.listeners ?? []).map(({ proto, address, port, advertised }) => ({
        name: proto,
        value: `${address}:${port}${advertised === undefined ? '' : ` as ${advertised}`}`,
      })),
    },
  ]
}

function aboutFields(row: Row) {
  const { info, node } = row
  return [
    {
      name: 'state',
      value: row.isUp ? (info?.state ?? 'up') : `${stateText(row)}: ${row.complaint}`,
      tone: stateTone(row),
    },
    { name: 'endpoint', value: node.endpoint },
    { name: 'environment', value: node.environment },
    { name: 'calls itself', value: info?.name ?? '' },
    { name: 'version', value: info === null ? '' : `${info.version}, as ${info.compat}` },
    { name: 'config', value: info?.config ?? '' },
    { name: 'run directory', value: info?.run_dir ?? '' },
    { name: 'process', value: String(info?.pid ?? '') },
    { name: 'up for', value: age(row.history.latest?.uptime ?? 0) },
  ]
}

function totalFields({ history: { latest } }: Row) {
  if (latest === null) return []
  const { requests, calls, registrations, transactions, memory, loop } = latest
  return [
    { name: 'requests', value: `${requests.received} received, ${requests.forwarded} forwarded` },
    {
      name: 'calls',
      value: `${calls.attempted} tried, ${calls.answered} answered, ${calls.failed} failed`,
    },
    {
      name: 'registrations',
      value:
        `${registrations.accepted} accepted, ${registrations.rejected} rejected; ` +
        `${registrations.users} users with ${registrations.contacts} contacts now`,
    },
    { name: 'transactions', value: `${transactions.total}, ${transactions.active} active` },
    { name: 'memory', value: `${megabytes(memory.rss)}, heap ${megabytes(memory.heap_used)}` },
    { name: 'event loop', value: `99 % within ${loop.p99_ms.toFixed(1)} ms` },
  ]
}
