/** `rpc`: any method, with parameters typed by what the method declares. */
import { stringify } from 'yaml'
import { contract, methodOf } from '../../rpc/contract/index.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import { type Line, line } from '../../rpc/fleet/line.ts'
import { visible, visibleDeep } from '../../rpc/fleet/visible.ts'
import { type ShapeNode, usage } from '../../rpc/schema.ts'
import { type Args, type Command, optional, rest } from '../command.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Item, type Report, column } from '../report.ts'
import { tableLines } from '../table.ts'

async function rpc(_io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const method = args.word('method')
  if (args.flag('list')) return listMethods(method)
  if (method === '') throw new UsageError('which method? `kamctl rpc --list` names them')
  if (args.flag('explain')) return explain(method)
  return callAll(fleet, method, typedParams(method, args.rest('params')))
}

/** Calls a method on every node chosen; what they say is the report. */
export async function callAll(
  fleet: Fleet,
  method: string,
  params: readonly unknown[] = [],
): Promise<Report> {
  const answers = await fleet.each(client => client.raw(method, params))
  const items = answers.flatMap(answer =>
    answer.ok ? [{ node: answer.node.name, result: answer.value }] : [],
  )
  return {
    kind: 'RpcReply',
    columns: [column('result', 'result')],
    items,
    answers,
    name: 'result',
    text: answers.flatMap(answer => replyLines(answer, fleet.nodes.length > 1)),
  }
}

/** Methods of this version; a word chooses those that contain it. */
function listMethods(word: string): Report {
  const names = Object.keys(contract).filter(name => name.includes(word))
  const items = names.map(name => {
    const method = methodOf(name)!
    return {
      node: '',
      method: name,
      usage: usage(name, method),
      class: method.class,
      doc: method.doc,
    }
  })
  return {
    kind: 'Method',
    columns: [column('usage', 'usage'), column('class', 'class'), column('doc', 'doc')],
    items,
    answers: [],
    name: 'method',
    untagged: true,
    verdict: items.length > 0 ? EXIT.ok : EXIT.no,
  }
}

function explain(name: string): Report {
  const method = methodOf(name)
  if (method === undefined) throw new UsageError(`this version knows no method ${name}`)
  const text = [
    line(usage(name, method), 'strong'),
    line(method.doc),
    ...method.params.map(param => line(`  ${param.help || param.kind}: ${kindText(param)}`)),
    line(`gives: ${kindText(method.result)}`),
  ]
  const item = { node: '', method: name, doc: method.doc, class: method.class }
  const columns = [column('method', 'method'), column('doc', 'doc')]
  return {
    kind: 'Method',
    columns,
    items: [item],
    answers: [],
    name: 'method',
    untagged: true,
    text,
  }
}

function kindText(shape: ShapeNode): string {
  switch (shape.kind) {
    case 'maybe':
      return `${kindText(shape.of)}, may be left out`
    case 'orNull':
      return `${kindText(shape.of)} or null`
    case 'rest':
      return `any number of ${kindText(shape.of)}`
    case 'list':
    case 'rows':
    case 'several':
      return `list of ${kindText(shape.of)}`
    case 'record':
      return `{ ${Object.keys(shape.members).join(', ')} }`
    case 'either':
      return shape.of.map(kindText).join(' or ')
    default:
      return shape.kind
  }
}

/** The words of a command line as the method wants them. Exported for tests. */
export function typedParams(method: string, words: readonly string[]): unknown[] {
  const shapes = methodOf(method)?.params ?? []
  return words.map((word, index) => {
    const shape = shapes[index] ?? shapes.at(-1)
    const within = index < shapes.length || shape?.kind === 'rest' ? shape : undefined
    return typed(word, within, `parameter ${index + 1} of ${method}`)
  })
}

/** `s:`, `i:`, `d:` and `f:` say the type as for kamctl and kamcmd. */
function typed(word: string, shape: ShapeNode | undefined, what: string): unknown {
  const [, prefix, value = ''] = /^([sidf]):(.*)$/s.exec(word) ?? []
  if (prefix === 's') return value
  if (prefix !== undefined) return numberFrom(value, prefix !== 'f', what)
  return shape === undefined ? guessed(word) : fitting(word, shape, what)
}

function fitting(word: string, shape: ShapeNode, what: string): unknown {
  switch (shape.kind) {
    case 'maybe':
    case 'orNull':
    case 'rest':
      return fitting(word, shape.of, what)
    case 'text':
      return word
    case 'int':
    case 'long':
      return numberFrom(word, true, what)
    case 'double':
      return numberFrom(word, false, what)
    case 'flag':
      return ['1', 'true', 'yes', 'on'].includes(word.toLowerCase())
    case 'record':
    case 'map':
    case 'list':
      return jsonFrom(word, what)
    default:
      return guessed(word)
  }
}

const guessed = (word: string): unknown => (/^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word)

function numberFrom(word: string, whole: boolean, what: string): number {
  const pattern = whole ? /^[-+]?(\d+|0x[\da-f]+)$/i : /^[-+]?(\d+\.?\d*|\.\d+)$/
  if (!pattern.test(word))
    throw new UsageError(`${what} is ${whole ? 'an integer' : 'a number'}, not ${word}`)
  return Number(word)
}

function jsonFrom(word: string, what: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    throw new UsageError(`${what} is written as JSON`)
  }
}

/** A list of flat structures is a table, one value is a line, all else is YAML. */
function replyLines(answer: Answer<unknown>, tagged: boolean): Line[] {
  if (!answer.ok) return []
  const title = tagged ? [line(`# ${answer.node.name}`, 'info')] : []
  return [...title, ...valueLines(visibleDeep(answer.value))]
}

function valueLines(value: unknown): Line[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'string') return value.split('\n').map(text => line(text))
  if (typeof value !== 'object') return [line(visible(String(value as number | boolean)))]
  if (Array.isArray(value) && value.length > 0 && value.every(isFlat)) {
    const keys = [...new Set(value.flatMap(row => Object.keys(row as object)))]
    const columns = keys.map(key => ({ title: key, key }))
    return tableLines(columns, value as Item[], null)
  }
  if (Object.keys(value).length === 0) return []
  return stringify(value)
    .trimEnd()
    .split('\n')
    .map(text => line(text))
}

const isFlat = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(member => typeof member !== 'object')

export const rpcCommands: readonly Command[] = [
  {
    name: 'rpc',
    args: [
      optional('method', 'method, Kamailio’s or ours', 'method'),
      rest('params', 'parameters; s: and i: before them are accepted, never needed'),
    ],
    options: [
      { flags: '-l, --list', doc: 'name the methods instead (those that contain METHOD)' },
      { flags: '-e, --explain', doc: 'say what METHOD takes and gives' },
    ],
    doc: 'Call any RPC method.',
    examples: [
      'rpc core.uptime',
      'rpc ul.lookup location alice',
      'rpc cfg.seti core debug 3',
      'rpc --list stats',
      'rpc --explain ul.add',
    ],
    run: rpc,
  },
]
