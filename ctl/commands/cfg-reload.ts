/** `cfg reload`: the config file of one node or of all, taken in while they run. */
import { hostname } from 'node:os'
import type { Result } from '../../rpc/contract/index.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import type { Args, Command } from '../command.ts'
import { changesText, type Changes, notesOf, routesText, summaryOf } from '../config-changes.ts'
import { diagnosticRemarks } from '../config-diagnostics.ts'
import { confirm } from '../confirm.ts'
import { EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Column, type Report, column, itemsOf, remarksAbout, rightColumn } from '../report.ts'

type Difference = Result<'ohana.cfg.diff'>
type Outcome = Result<'ohana.cfg.reload'>
type Verdict = Result<'ohana.cfg.check'>

/** What became of one node; `held back` because another one refused. */
type Row = Omit<Difference, 'same' | 'good'> & {
  readonly result: 'reloaded' | 'refused' | 'held back'
  /** Milliseconds on the node; not there when it was held back. */
  readonly took_ms?: number
}

/** How the history of a node calls whoever sits here. */
export const ourselves = (io: Io): string =>
  `${io.env.USER ?? io.env.LOGNAME ?? 'somebody'}@${hostname()}`

const changeColumns: readonly Column[] = [
  column('routes', 'routes', { show: routes => routesText(routes as Changes['routes']) }),
  column('changed', 'parameters', { show: rows => changesText(rows as Changes['parameters']) }),
  rightColumn('kept', 'kept', rows => String((rows as unknown[]).length)),
  rightColumn('restart', 'restart_needed', rows => String((rows as unknown[]).length)),
]

async function reload(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  if (args.flag('check')) return check(fleet)
  if (args.flag('diff')) return diff(io, fleet)
  // All are asked before one changes: a fleet with two configs is worse than one with the old one.
  const looked = await fleet.ask('ohana.cfg.diff')
  const good = looked.filter(answer => answer.ok && answer.value.good)
  const all = good.length === looked.length
  const willing = all || args.flag('force') ? good.map(answer => answer.node) : []
  if (willing.length > 0) {
    const refusal = await confirm(io, fleet, args, `reload the config (${summaryOf(good)})`)
    if (refusal !== null) return refusal
  }
  const by = ourselves(io)
  const done = await fleet.each(client => client.call('ohana.cfg.reload', by), willing)
  const answers = looked.map(answer => rowAnswer(answer, done))
  return {
    kind: 'ConfigReload',
    columns: [
      column('result', 'result'),
      rightColumn('generation', 'generation'),
      ...changeColumns,
    ],
    items: itemsOf(answers, row => [row]),
    answers,
    name: 'generation',
    verdict: verdictOf(answers),
    remarks: [
      ...diagnosticRemarks(answers),
      ...refusalsOf(answers, 'not reloaded'),
      ...notesOf(answers),
      ...heldBack(answers),
    ],
  }
}

function rowAnswer(looked: Answer<Difference>, done: readonly Answer<Outcome>[]): Answer<Row> {
  const outcome = done.find(({ node }) => node === looked.node)
  if (outcome !== undefined) {
    if (!outcome.ok) return outcome
    const { reloaded, ...rest } = outcome.value
    return { ...outcome, value: { result: reloaded ? 'reloaded' : 'refused', ...rest } }
  }
  if (!looked.ok) return looked
  const { same: _, good, ...rest } = looked.value
  return { ...looked, value: { result: good ? 'held back' : 'refused', ...rest } }
}

const resultsOf = (answers: readonly Answer<Row>[]): string[] =>
  answers.flatMap(answer => (answer.ok ? [answer.value.result] : []))

function verdictOf(answers: readonly Answer<Row>[]): number {
  const results = resultsOf(answers)
  if (!results.includes('refused')) return EXIT.ok
  return results.includes('reloaded') ? EXIT.partial : EXIT.rejected
}

function heldBack(answers: readonly Answer<Row>[]): string[] {
  if (!resultsOf(answers).includes('held back')) return []
  return ['no node was reloaded, because not all would take the config; --force reloads the others']
}

const refusalsOf = (answers: readonly Answer<{ refused?: string }>[], what: string): string[] =>
  remarksAbout(answers, ({ refused }) =>
    refused === undefined ? [] : [visible(`${what}: ${refused}`)],
  )

// ---- --check

async function check(fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('ohana.cfg.check')
  const bad = answers.some(answer => answer.ok && !answer.value.good)
  return {
    kind: 'ConfigCheck',
    columns: [
      column('result', 'good', { show: good => (good === true ? 'good' : 'bad') }),
      column('hash', 'hash', { show: hash => String(hash).slice(0, 12) }),
      rightColumn('routes', 'routes'),
      rightColumn('files', 'files', files => String((files as Verdict['files']).length)),
    ],
    items: itemsOf(answers, verdict => [verdict]),
    answers,
    name: 'good',
    verdict: bad ? EXIT.rejected : EXIT.ok,
    remarks: diagnosticRemarks(answers),
  }
}

// ---- --diff

/** One row a change. */
type DiffRow = {
  readonly change: string
  readonly what: string
  readonly old: string | number | null
  readonly new: string | number | null
  readonly at: string
}

function diffRows({ routes, modules, parameters, kept, restart_needed }: Changes): DiffRow[] {
  const named = (change: string, names: readonly string[]): DiffRow[] =>
    names.map(what => ({ change, what, old: null, new: null, at: '' }))
  return [
    ...named('route added', routes.added),
    ...named('route changed', routes.changed),
    ...named('route removed', routes.removed),
    ...named('module added', modules),
    ...parameters.map(row => ({ change: 'value', ...row })),
    ...kept.map(({ what, value, config, at }) => ({
      ...{ change: 'kept', what, at },
      ...{ old: value, new: config },
    })),
    ...restart_needed.map(row => ({ change: 'restart needed', ...row })),
  ]
}

async function diff(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('ohana.cfg.diff')
  const bad = answers.some(answer => answer.ok && !answer.value.good)
  const same = answers.every(answer => answer.ok && answer.value.same)
  const shown = (value: unknown): string =>
    value === null ? '-' : value === '' ? '""' : String(value)
  return {
    kind: 'ConfigChange',
    columns: [
      column('change', 'change'),
      column('what', 'what'),
      column('old', 'old', { show: shown }),
      column('new', 'new', { show: shown }),
      column('at', 'at'),
    ],
    items: itemsOf(answers, diffRows),
    answers,
    name: 'what',
    verdict: bad ? EXIT.rejected : same ? EXIT.ok : EXIT.no,
    remarks: [...diagnosticRemarks(answers), ...refusalsOf(answers, 'a reload would be refused')],
  }
}

// ---- undo

async function undo(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  const refusal = await confirm(io, fleet, args, 'undo the last reload of the config')
  if (refusal !== null) return refusal
  const answers = await fleet.ask('ohana.cfg.undo', ourselves(io))
  return {
    kind: 'ConfigUndo',
    columns: [
      rightColumn('generation', 'generation'),
      rightColumn('undone', 'undone'),
      ...changeColumns,
    ],
    items: itemsOf(answers, row => [row]),
    answers,
    name: 'generation',
    remarks: notesOf(answers),
  }
}

// ---- history

async function history(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('ohana.cfg.history')
  return {
    kind: 'ConfigGeneration',
    columns: [
      rightColumn('generation', 'generation'),
      column('action', 'action'),
      column('at', 'at'),
      column('by', 'by', { show: by => (by === '' ? '-' : String(by)) }),
      column('door', 'door', { show: door => (door === '' ? '-' : String(door)) }),
      column('hash', 'hash', { show: hash => String(hash).slice(0, 12) }),
      rightColumn('routes', 'routes'),
      column('state', 'state'),
      { ...column('loaded at', 'loaded_at'), wide: true },
      { ...column('files', 'files', { show: files => (files as string[]).join(' ') }), wide: true },
    ],
    items: itemsOf(answers, events =>
      events.map(event => ({
        ...event,
        at: new Date(event.at).toISOString(),
        loaded_at: new Date(event.loaded_at).toISOString(),
        state: event.in_force ? 'in force' : event.undo ? 'undo brings it back' : 'past',
      })),
    ),
    answers,
    name: 'generation',
  }
}

const YES = { flags: '-y, --yes', doc: 'answer the question of a production fleet beforehand' }

export const cfgReloadCommands: readonly Command[] = [
  {
    name: 'cfg reload',
    args: [],
    options: [
      { flags: '--check', doc: 'only say whether the config is good' },
      { flags: '--diff', doc: 'only show what would change' },
      { flags: '--force', doc: 'reload the nodes that would take it, whatever the others say' },
      YES,
    ],
    doc: 'Take in the config file while the node runs: all nodes that were chosen, or none.',
    examples: ['cfg reload --check', 'cfg reload', 'cfg reload --nodes n1'],
    run: reload,
  },
  {
    name: 'cfg diff',
    args: [],
    doc: 'Show what a reload would change; exit code 1 when there is something.',
    examples: ['cfg diff', 'cfg diff -o json'],
    run: diff,
  },
  {
    name: 'cfg undo',
    args: [],
    options: [YES],
    doc: 'Go back to the config before the last reload; a second undo takes that back.',
    examples: ['cfg undo', 'cfg undo --nodes n1'],
    run: undo,
  },
  {
    name: 'cfg history',
    args: [],
    doc: 'Show which configs were in force, since when and by whom.',
    examples: ['cfg history', 'cfg history -o wide'],
    run: history,
  },
]
