/** `trace`: one call as all nodes saw it, as a ladder. */
import type { Client } from '../../rpc/client/client.ts'
import type { Result } from '../../rpc/contract/index.ts'
import type { NodeTrace } from '../../rpc/fleet/arrows.ts'
import type { Call } from '../../rpc/fleet/call.ts'
import { callsOf, gapNotes, notesFor } from '../../rpc/fleet/calls.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import { type LadderOptions, drawLadder, duration, listLines } from '../../rpc/fleet/ladder.ts'
import { type Line, line } from '../../rpc/fleet/line.ts'
import { type Args, type Command, optional } from '../command.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Item, type Report, column, rightColumn } from '../report.ts'

type Found = Result<'ohana.trace.find'>
interface Evidence {
  readonly found: Found
  readonly listeners: readonly string[]
  readonly log: Result<'ohana.log.tail'>
}
interface Wanted {
  readonly callid?: string
  readonly user?: string
}

const MESSAGES_OF_A_CALL = 2000
const MESSAGES_OF_A_LIST = 2000
const LOG_LINES = 2000

async function evidence(client: Client, wanted: Wanted): Promise<Evidence> {
  const one = wanted.callid !== undefined
  const limit = one ? MESSAGES_OF_A_CALL : MESSAGES_OF_A_LIST
  const [found, node, log] = await Promise.all([
    client.call('ohana.trace.find', { ...wanted, limit }),
    client.call('ohana.node'),
    client.call('ohana.log.tail', LOG_LINES),
  ])
  const listeners = node.listeners.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  )
  return { found, listeners, log }
}

const tracesOf = (answers: readonly Answer<Evidence>[]): NodeTrace[] =>
  answers.flatMap(answer => {
    if (!answer.ok) return []
    const { found, listeners } = answer.value
    return [{ node: answer.node.name, listeners, messages: found.messages }]
  })

async function trace(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const subject = args.word('subject')
  const clock = clockOf(args)
  const answers = await gather(fleet, args, subject)
  const traces = tracesOf(answers)
  const logs = answers.flatMap(answer =>
    answer.ok ? [{ node: answer.node.name, lines: answer.value.log }] : [],
  )
  const calls = callsOf(traces, callId => notesFor(callId, logs))
  const isList = args.flag('list') || subject === ''
  if (isList) return listReport(calls, answers)
  const [newest] = calls.filter(call => call.method !== 'REGISTER').concat(calls)
  if (newest === undefined)
    return { ...listReport([], answers), remarks: nothing(subject, answers) }
  const chosen = args.flag('all') ? calls.toReversed() : [newest]
  const remarks = othersNote(calls, chosen, subject)
  return callReport(chosen, call => callLines(io, args, call, clock), answers, remarks)
}

/** A word is a Call-ID when a node knows it as one, else it is a user. */
async function gather(fleet: Fleet, args: Args, subject: string): Promise<Answer<Evidence>[]> {
  if (subject === '') return fleet.each(client => evidence(client, {}))
  const user = subject.replace(/^sips?:/, '').replace(/@.*$/, '')
  if (args.flag('user')) return fleet.each(client => evidence(client, { user }))
  const byId = await fleet.each(client => evidence(client, { callid: subject }))
  const known = byId.some(answer => answer.ok && answer.value.found.messages.length > 0)
  if (known || args.flag('callid')) return byId
  const willing = byId.filter(answer => answer.ok).map(({ node }) => node)
  const byUser = await fleet.each(client => evidence(client, { user }), willing)
  return byId.map(answer => byUser.find(({ node }) => node === answer.node) ?? answer)
}

/** How far back each node remembers: without that, "nothing found" means nothing. */
function nothing(subject: string, answers: readonly Answer<Evidence>[]): string[] {
  const what = `no message with Call-ID or user ${subject} is kept`
  return [what, ...answers.flatMap(answer => (answer.ok ? [memory(answer)] : []))]
}

function memory({ node, value }: Answer<Evidence> & { ok: true }): string {
  const { enabled, oldest_us: oldest } = value.found.status
  if (!enabled) return `${node.name}: the trace is switched off (rpc ohana.trace.enable 1)`
  if (oldest === null) return `${node.name}: no message yet`
  return `${node.name}: messages since ${new Date(oldest / 1000).toISOString()}`
}

function othersNote(calls: readonly Call[], chosen: readonly Call[], subject: string): string[] {
  const others = calls.length - chosen.length
  if (others <= 0) return []
  return [`${others} more with ${subject}: --list names them, --all shows them`]
}

function callItem(call: Call): Readonly<Record<string, unknown>> {
  const { outcome } = call
  return {
    callId: call.callId,
    method: call.method,
    from: call.from,
    to: call.to,
    start: new Date(call.start / 1000).toISOString(),
    outcome: outcome.word,
    talkedSeconds: outcome.talked,
    postDialDelaySeconds: outcome.postDialDelay,
    messages: call.steps.length,
    retransmissions: call.repeats,
    nodes: call.nodes,
  }
}

function listReport(calls: readonly Call[], answers: readonly Answer<unknown>[]): Report {
  return {
    kind: 'Call',
    columns: [
      column('start', 'start', { show: value => String(value).slice(11, 23) }),
      column('method', 'method'),
      column('from', 'from'),
      column('to', 'to'),
      column('outcome', 'outcome'),
      rightColumn('talked', 'talkedSeconds', value =>
        typeof value === 'number' ? duration(value) : '',
      ),
      column('nodes', 'nodes', { show: value => (value as string[]).join(' ') }),
      column('call-id', 'callId'),
    ],
    items: calls.map(call => ({ node: call.nodes.join(','), ...callItem(call) })),
    answers,
    name: 'callId',
    untagged: true,
    verdict: calls.length > 0 ? EXIT.ok : EXIT.no,
  }
}

const WIDTH_OF_PAPER = 100

function callReport(
  calls: readonly Call[],
  draw: (call: Call) => Line[],
  answers: readonly Answer<Evidence>[],
  remarks: readonly string[],
): Report {
  const gaps = calls.flatMap(call => gapNotes(call, statusesOf(answers)))
  return {
    kind: 'TracedMessage',
    columns: [
      column('time', 'time'),
      column('from', 'src'),
      column('to', 'dst'),
      column('message', 'first'),
    ],
    items: calls.flatMap(messageItems),
    answers,
    name: 'callId',
    text: calls.flatMap((call, index) => [...(index > 0 ? [line('')] : []), ...draw(call)]),
    remarks: [...gaps, ...remarks],
  }
}

function statusesOf(answers: readonly Answer<Evidence>[]) {
  return answers.flatMap(answer =>
    answer.ok ? [{ node: answer.node.name, ...answer.value.found.status }] : [],
  )
}

function clockOf(args: Args): LadderOptions['clock'] {
  const clock = args.option('clock') ?? 'delta'
  if (clock === 'delta' || clock === 'offset' || clock === 'wall') return clock
  throw new UsageError(`--clock is delta, offset or wall, not ${clock}`)
}

function callLines(io: Io, args: Args, call: Call, clock: LadderOptions['clock']): Line[] {
  if (args.flag('plain')) return listLines(call)
  const width = io.columns ?? WIDTH_OF_PAPER
  const ladder = drawLadder(call, {
    width,
    clock,
    brief: args.flag('brief'),
    unfold: args.flag('unfold'),
    scroll: 0,
  })
  return [...ladder.head, ...ladder.rows.map(row => row.line)]
}

function messageItems(call: Call): Item[] {
  return call.steps.map(({ arrow, from, to }) => ({
    node: arrow.sentBy ?? arrow.receivedBy ?? '',
    callId: call.callId,
    time: new Date(arrow.time / 1000).toISOString().replace('Z', `${microseconds(arrow.time)}Z`),
    src: arrow.src,
    dst: arrow.dst,
    proto: arrow.proto,
    sentBy: arrow.sentBy,
    receivedBy: arrow.receivedBy,
    fromLane: call.lanes[from]!.name,
    toLane: call.lanes[to]!.name,
    first: arrow.text.split(/\r?\n/, 1)[0],
    repeat: arrow.repeat,
    text: arrow.text,
  }))
}

/** The three digits that a Date has no room for. */
const microseconds = (us: number): string => String(Math.floor(us % 1000)).padStart(3, '0')

export const traceCommands: readonly Command[] = [
  {
    name: 'trace',
    args: [optional('subject', 'Call-ID or user; a list of calls when not given', 'aor')],
    options: [
      { flags: '--callid', doc: 'SUBJECT is a Call-ID, whatever it looks like' },
      { flags: '--user', doc: 'SUBJECT is a user, whatever it looks like' },
      { flags: '-l, --list', doc: 'list the calls instead of drawing the newest' },
      { flags: '-a, --all', doc: 'draw all of them' },
      { flags: '--clock <kind>', doc: 'delta, offset (since the start) or wall' },
      { flags: '--brief', doc: 'leave out 100, relayed provisional replies and retransmissions' },
      { flags: '--unfold', doc: 'every retransmission in a row of its own' },
      { flags: '--plain', doc: 'one line a message instead of a ladder' },
    ],
    doc: 'Show one call over all nodes, in order, as a ladder.',
    examples: ['trace', 'trace alice', 'trace 7f3a91c2@192.0.2.7', 'trace alice --all -o json'],
    run: trace,
  },
]
