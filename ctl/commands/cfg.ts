/** `cfg`: runtime parameters, on one node or all of them. */
import type { Client } from '../../rpc/client/client.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import { type Line, span } from '../../rpc/fleet/line.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import { type Args, type Command, optional, required, rest } from '../command.ts'
import { confirm } from '../confirm.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Item, type Report, column, itemsOf, wideColumn } from '../report.ts'

type Value = string | number

async function list(_io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const group = args.word('group')
  const answers = await fleet.ask('ohana.parameters')
  const items = itemsOf(answers, rows => rows.filter(row => group === '' || row.group === group))
  const missing = items.length === 0 && group !== '' && answers.some(answer => answer.ok)
  return {
    kind: 'Parameter',
    columns: [
      column('group', 'group'),
      column('name', 'name'),
      column('value', 'value', { show: valueText }),
      column('default', 'default', { show: valueText }),
      column('type', 'type'),
      column('change', 'live', { show: live => (live === true ? 'live' : 'read-only') }),
      wideColumn('min', 'min'),
      wideColumn('max', 'max'),
      wideColumn('doc', 'doc'),
    ],
    items,
    answers,
    name: 'name',
    verdict: missing ? EXIT.no : EXIT.ok,
    remarks: missing ? [`no parameter group ${group}`] : [],
  }
}

const valueText = (value: unknown): string =>
  value === '' ? '""' : String((value as Value | null | undefined) ?? '')

interface Variable {
  readonly group: string
  /** '' is the whole group. */
  readonly name: string
}

/** `core debug`, `core.debug`, `core:debug`; a group may have an instance: `core[2].debug`. */
export function variableOf(words: readonly string[]): Variable {
  const [first = '', second] = words
  if (second !== undefined) return { group: first, name: second }
  const [, group = first, name = ''] = /^([\w-]+(?:\[\d+\])?)[.:](.+)$/.exec(first) ?? []
  return { group, name }
}

async function get(_io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const { group, name } = variableOf([args.word('group'), ...args.rest('name').slice(0, 1)])
  const answers = await fleet.ask('cfg.get', group, name === '' ? undefined : name)
  return {
    kind: 'Parameter',
    columns: [
      column('group', 'group'),
      column('name', 'name'),
      column('value', 'value', { show: valueText }),
    ],
    items: itemsOf(answers, reply =>
      typeof reply === 'object'
        ? Object.entries(reply).map(([key, value]) => ({ group, name: key, value }))
        : [{ group, name, value: reply }],
    ),
    answers,
    name: 'value',
  }
}

/** The words of `cfg set`: `core debug 3`, `core.debug 3` or `core.debug=3`. */
export function changeOf(words: readonly string[]): Variable & { value: string } {
  const [first = '', second, third] = words
  if (third !== undefined) return { group: first, name: second!, value: third }
  const [, left = '', right = ''] = /^([^=]+)=(.*)$/s.exec(first) ?? []
  const { group, name } = variableOf([left || first])
  const value = left === '' ? second : right
  if (name === '' || value === undefined)
    throw new UsageError('cfg set takes a group, a name and a value: cfg set core debug 3')
  return { group, name, value }
}

/** What kind of value it is, the node says; a `s:` or `i:` before it is accepted and not needed. */
function valueFor(text: string, old: Value): Value {
  const bare = text.replace(/^[si]:/, '')
  if (typeof old === 'string') return bare
  if (!/^-?\d+$/.test(bare)) throw new RejectedValue(`${bare} is not an integer`)
  return Number(bare)
}
class RejectedValue extends Error {}

interface Change {
  readonly old: Value
  readonly new: Value
  readonly result: string
}

async function set(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  const { group, name, value } = changeOf(args.rest('change'))
  const refusal = await confirm(io, fleet, args, `set ${group}.${name} = ${value}`)
  if (refusal !== null) return refusal
  const dry = args.flag('dryRun')
  const known = await fleet.each(client => read(client, group, name))
  let wanted: Value
  try {
    wanted = plan(known, value)
  } catch (error) {
    if (!(error instanceof RejectedValue)) throw error
    io.err(`${group}.${name}: ${error.message}\n`)
    return EXIT.rejected
  }
  const willing = known.filter(answer => answer.ok).map(answer => answer.node)
  const olds = new Map(known.map(answer => [answer.node, answer.ok ? answer.value : '']))
  const done = await fleet.each(
    (client, node) => change(client, group, name, olds.get(node)!, wanted, dry),
    willing,
  )
  const answers = known.map(
    answer => done.find(({ node }) => node === answer.node) ?? (answer as Answer<never>),
  )
  const items = itemsOf(answers, row => [{ parameter: `${group}.${name}`, ...row }])
  return {
    kind: 'ParameterChange',
    columns: [
      column('parameter', 'parameter'),
      column('old', 'old', { show: valueText }),
      column('new', 'new', { show: valueText }),
      column('result', 'result'),
    ],
    items,
    answers,
    name: 'new',
    text: items.map(changeLine),
  }
}

/** `n1  core.debug: 2 -> 3` */
function changeLine(item: Item): Line {
  const { node, parameter, old, new: now, result } = item
  const remark = result === 'set' ? '' : ` (${String(result)})`
  const change = `${valueText(old)} -> ${valueText(now)}`
  return [
    span(`${node}  `, 'info'),
    span(visible(`${String(parameter)}: `)),
    span(visible(change), result === 'unchanged' ? 'dim' : 'strong'),
    span(remark, 'dim'),
  ]
}

/** All nodes get the same value; one that has it as a number decides for all. */
function plan(known: readonly Answer<Value>[], text: string): Value {
  const olds = known.flatMap(answer => (answer.ok ? [answer.value] : []))
  return valueFor(text, olds.find(old => typeof old === 'number') ?? olds[0] ?? '')
}

async function read(client: Client, group: string, name: string): Promise<Value> {
  const value = await client.call('cfg.get', group, name)
  if (typeof value === 'object') throw new UsageError(`${group}.${name} is not one value`)
  return value
}

async function change(
  client: Client,
  group: string,
  name: string,
  old: Value,
  wanted: Value,
  dry: boolean,
): Promise<Change> {
  if (dry) return { old, new: wanted, result: old === wanted ? 'unchanged' : 'would be set' }
  if (typeof wanted === 'number') await client.call('cfg.seti', group, name, wanted)
  else await client.call('cfg.sets', group, name, wanted)
  // What counts is what the node has now, not what it was told.
  const now = await read(client, group, name)
  return { old, new: now, result: old === now ? 'unchanged' : 'set' }
}

export const cfgCommands: readonly Command[] = [
  {
    name: 'cfg list',
    args: [optional('group', 'only this group', 'group')],
    doc: 'Show every runtime parameter with its value, default and kind.',
    examples: ['cfg list', 'cfg list core', 'cfg list core -o wide'],
    run: list,
  },
  {
    name: 'cfg get',
    args: [
      required('group', 'group, or group.name', 'variable'),
      optional('name', 'parameter; all of the group when not given'),
    ],
    doc: 'Show the value of a runtime parameter, or of all in a group.',
    examples: ['cfg get core.debug', 'cfg get core debug', 'cfg get tm'],
    run: get,
  },
  {
    name: 'cfg set',
    args: [rest('change', 'also group.name=value, or group name value', 'variable')],
    words: 'GROUP.NAME VALUE',
    options: [
      { flags: '-n, --dry-run', doc: 'show what would change' },
      { flags: '-y, --yes', doc: 'answer the question of a production fleet beforehand' },
    ],
    doc: 'Change a runtime parameter on every node chosen; the next message is treated by it.',
    examples: [
      'cfg set core.debug 3',
      'cfg set core debug 3 --nodes n1',
      'cfg set tm.fr_timer=5000',
    ],
    run: set,
  },
]
