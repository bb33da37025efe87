/** `log`: what the nodes write, merged by time. */
import type { Client, Subscription } from '../../rpc/client/client.ts'
import type { TopicData } from '../../rpc/contract/index.ts'
import { type Fleet, failureOf } from '../../rpc/fleet/fleet.ts'
import type { FleetNode } from '../../rpc/fleet/fleet-file.ts'
import { type Line, type Tone, span, toAnsi } from '../../rpc/fleet/line.ts'
import { saidBy } from '../../rpc/fleet/calls.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import type { Args, Command } from '../command.ts'
import { EXIT, UsageError } from '../exit.ts'
import { type Io, pause } from '../io.ts'
import { json } from '../output.ts'
import { type Item, type Report, column } from '../report.ts'

type LogLine = TopicData<'log'>

const LEVELS = ['alert', 'bug', 'crit2', 'crit', 'err', 'warn', 'notice', 'info', 'dbg']
const LOWEST = -5

/** `warn`, `WARNING`, `0`: as Kamailio numbers them. */
function levelOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^-?\d+$/.test(text)) return Number(text)
  const word = text.toLowerCase().replace(/^l_/, '')
  const found = LEVELS.findIndex(name => word.startsWith(name))
  if (found < 0) throw new UsageError(`no level ${text}; there are ${LEVELS.join(' ')}`)
  return found + LOWEST
}

const itemOf = (line: LogLine): Readonly<Record<string, unknown>> => ({
  time: new Date(line.time).toISOString(),
  level: line.level,
  levelName: line.name,
  source: line.source,
  prefix: line.prefix,
  text: line.text,
  seq: line.seq,
})

function toneOf(level: number): Tone {
  if (level < 0) return 'bad'
  return level === 0 ? 'warn' : level >= 3 ? 'dim' : 'plain'
}

/** `12:00:00.123  n1  WARNING: <script>: text` */
function lineFor(node: string, log: LogLine, tagged: boolean): Line {
  const time = new Date(log.time)
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0')
  const clock = `${time.toTimeString().slice(0, 8)}.${milliseconds}`
  const head = [span(`${clock}  `, 'dim'), ...(tagged ? [span(`${node}  `, 'info')] : [])]
  const text = `${log.name}: ${log.prefix}${saidBy(log.source, log.text)}`
  return [...head, span(visible(text), toneOf(log.level))]
}

function countOf(args: Args): number {
  const text = args.option('lines') ?? '20'
  if (!/^\d+$/.test(text)) throw new UsageError('--lines takes a number')
  return Number(text)
}

async function log(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  const level = levelOf(args.option('level'))
  if (args.flag('follow')) return follow(io, fleet, args, level)
  const lines = countOf(args)
  const answers = await fleet.ask('ohana.log.tail', lines)
  const wanted = (line: LogLine): boolean => level === undefined || line.level <= level
  const tail = answers.flatMap(answer =>
    answer.ok ? answer.value.map(line => ({ node: answer.node.name, line })) : [],
  )
  const newest = tail
    .filter(({ line }) => wanted(line))
    .toSorted((a, b) => a.line.time - b.line.time)
    .slice(-lines)
  const tagged = fleet.nodes.length > 1
  return {
    kind: 'LogLine',
    columns: [
      column('time', 'time'),
      column('level', 'levelName'),
      column('source', 'source'),
      column('text', 'text'),
    ],
    items: newest.map(({ node, line }): Item => ({ node, ...itemOf(line) })),
    answers,
    name: 'text',
    text: newest.map(({ node, line }) => lineFor(node, line, tagged)),
  }
}

const RETRY_MS = 1000

/**
 * Prints lines as they come until it is interrupted; a node that goes away is named and tried
 * again.
 */
async function follow(
  io: Io,
  fleet: Fleet,
  args: Args,
  level: number | undefined,
): Promise<number> {
  const backlog = countOf(args)
  const tagged = fleet.nodes.length > 1
  const machine = ['json', 'ndjson'].includes(args.option('output') ?? '')
  const print = (node: FleetNode, line: LogLine): void => {
    if (machine) io.out(`${json({ node: node.name, ...itemOf(line) }, false)}\n`)
    else io.out(`${toAnsi(lineFor(node.name, line, tagged), io.style)}\n`)
  }
  const followNode = async (node: FleetNode): Promise<void> => {
    let trouble = ''
    let first = true
    while (!io.stop.aborted) {
      const lost = await followOnce(
        io,
        fleet,
        node,
        { level, backlog: first ? backlog : 0 },
        line => {
          trouble = ''
          print(node, line)
        },
      )
      first = false
      // The same trouble is told once, not every second.
      if (!io.stop.aborted && lost !== trouble) io.err(`${node.name}: ${visible(lost)}\n`)
      trouble = lost
      await pause(io, RETRY_MS)
    }
  }
  await Promise.all(fleet.nodes.map(followNode))
  return EXIT.interrupted
}

/** Until the connection is gone; returns why. */
async function followOnce(
  io: Io,
  fleet: Fleet,
  node: FleetNode,
  { level, backlog }: { level: number | undefined; backlog: number },
  onLine: (line: LogLine) => void,
): Promise<string> {
  let client: Client
  let subscription: Subscription
  try {
    client = await fleet.reconnect(node)
    subscription = await client.subscribe(
      'log',
      event => {
        if ('data' in event) onLine(event.data)
        else io.err(`${node.name}: ${event.dropped} lines left out, this reader is too slow\n`)
      },
      level === undefined ? { backlog } : { backlog, level },
    )
  } catch (error) {
    return failureOf(error, fleet.timeoutMs).message
  }
  const stopped = new Promise<null>(resolve =>
    io.stop.addEventListener('abort', () => resolve(null), { once: true }),
  )
  const gone = await Promise.race([client.closed, stopped])
  if (io.stop.aborted) await subscription.close().catch(() => undefined)
  return gone === null ? 'the connection was closed' : gone.message
}

export const logCommands: readonly Command[] = [
  {
    name: 'log',
    args: [],
    options: [
      { flags: '-f, --follow', doc: 'go on with what is written from now on' },
      { flags: '-n, --lines <count>', doc: 'so many of the newest lines first (default: 20)' },
      { flags: '--level <level>', doc: 'only lines as grave as this: err, warn, notice, info ...' },
    ],
    doc: 'Show the log of every node, merged by time.',
    examples: ['log', 'log -f', 'log -f --nodes n1 --level err', 'log -n 200 -o ndjson'],
    run: log,
  },
]
