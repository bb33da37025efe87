/** What runs, since when, and as which processes. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { type Report, column, itemsOf, rightColumn, wideColumn } from '../report.ts'

/** `2d 3h 4m 5s`, without leading zeros. */
export function age(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [Math.floor(seconds % 60), 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  const shown = parts.slice(first < 0 ? 3 : first)
  return shown.map(([value, unit]) => `${value}${unit}`).join(' ')
}

async function uptime(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.uptime')
  return {
    kind: 'Uptime',
    columns: [
      rightColumn('uptime', 'uptime', value => age(Number(value))),
      column('up since', 'upSince'),
      column('now', 'now'),
    ],
    items: itemsOf(answers, ({ uptime: seconds, up_since, now }) => [
      { uptime: seconds, upSince: up_since, now },
    ]),
    answers,
    name: 'uptime',
  }
}

async function processes(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.psx')
  return {
    kind: 'Process',
    columns: [
      rightColumn('index', 'index'),
      rightColumn('pid', 'pid'),
      column('description', 'description'),
    ],
    items: itemsOf(answers, rows =>
      rows.map(({ IDX, PID, DSC }) => ({ index: IDX, pid: PID, description: DSC })),
    ),
    answers,
    name: 'pid',
  }
}

async function nodes(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('ohana.node')
  const items = answers.map(answer => {
    const { name, endpoint, environment } = answer.node
    const node = { node: name, environment, endpoint }
    if (!answer.ok) return { ...node, state: answer.failure.message, up: false }
    const { value, ms } = answer
    const listeners = value.listeners.map(({ proto, address, port }) => {
      const host = address.includes(':') ? `[${address}]` : address
      return `${proto}:${host}:${port}`
    })
    return {
      ...node,
      state: value.state,
      up: true,
      name: value.name,
      version: value.version,
      compat: value.compat,
      pid: value.pid,
      uptime: value.uptime,
      config: value.config,
      listeners,
      answeredInMs: Number(ms.toFixed(1)),
    }
  })
  return {
    kind: 'Node',
    columns: [
      column('node', 'node'),
      column('env', 'environment', { show: value => (value === 'prod' ? 'PROD' : String(value)) }),
      column('state', 'state'),
      rightColumn('uptime', 'uptime', value => (value === undefined ? '' : age(Number(value)))),
      column('version', 'version'),
      rightColumn('answer', 'answeredInMs', ms => (typeof ms === 'number' ? `${ms} ms` : '')),
      column('listens on', 'listeners', {
        show: value => (Array.isArray(value) ? value.join(' ') : ''),
      }),
      wideColumn('pid', 'pid'),
      wideColumn('name', 'name'),
      wideColumn('config', 'config'),
      wideColumn('endpoint', 'endpoint'),
    ],
    items,
    answers,
    name: 'node',
  }
}

export const processCommands: readonly Command[] = [
  {
    name: 'nodes',
    args: [],
    doc: 'Show the nodes of the fleet: which are up, how old, where they listen.',
    examples: ['nodes', 'nodes -o wide', 'nodes --fleet paris.yaml'],
    run: nodes,
  },
  {
    name: 'uptime',
    args: [],
    doc: 'Show since when each node runs.',
    examples: ['uptime', 'uptime -o json'],
    run: uptime,
  },
  {
    name: 'ps',
    args: [],
    doc: 'Show the processes of each node.',
    examples: ['ps'],
    run: processes,
  },
]
