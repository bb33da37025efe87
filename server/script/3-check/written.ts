/**
 * Arguments of the language's own functions: how they are written is a matter of its grammar, which
 * takes `strip(1)` and neither `strip("1")` nor `strip($var(x))`.
 */
import { type Arg, BadValue, type Written } from '../../core/module/index.ts'
import type { CallNode, Expression } from '../2-parse/ast.ts'
import type { ArgPlan, ArgProblem } from './arguments.ts'
import type { RuntimeGroups } from './runtime-variables.ts'
import { suggest } from './suggest.ts'

/** The names that a config declares. */
export interface DeclaredNames {
  /** Names of `flags` declarations. */
  readonly flags: ReadonlyMap<string, number>
  /** Names of `avpflags` declarations. */
  readonly avpFlags: ReadonlyMap<string, number>
  /** Groups of runtime parameters. */
  readonly groups: RuntimeGroups
}

const WANTED: Readonly<Record<Written, string>> = {
  number: 'a number, without quotes',
  text: 'a text in quotes, without variables',
  host: 'a host',
  port: 'a port',
  log: 'a text in quotes',
  flag: 'a number or the name of a flag',
  avpflag: 'the name of a flag',
  avp: 'an AVP: %name',
  group: 'the name of a group of runtime parameters, in quotes',
}

export function writtenPlan(
  call: CallNode,
  node: Expression,
  arg: Arg<unknown>,
  names: DeclaredNames,
): ArgPlan | ArgProblem {
  const plan = planOf(call, node, arg.written!, names)
  if (plan !== null) return plan
  const wanted = arg.written === 'log' && call.args.length > 1 ? 'number' : arg.written!
  throw new BadValue(`${arg.name} must be ${WANTED[wanted]}`)
}

function planOf(
  call: CallNode,
  node: Expression,
  how: Written,
  names: DeclaredNames,
): ArgPlan | ArgProblem | null {
  switch (how) {
    case 'number':
    case 'text':
      return literalOf(node, how)
    case 'log':
      // log(text), log(level, text)
      return literalOf(node, call.args.length > 1 ? 'number' : 'text')
    case 'host':
      return hostPlan(node)
    case 'port':
      if (node.kind === 'text' && node.value === 'uri:port') return portOfUri(call)
      return literalOf(node, 'number')
    case 'flag':
      if (node.kind === 'number') return { how: 'parsed', text: String(node.value) }
      return flagPlan(node, names.flags)
    case 'avpflag':
      return flagPlan(node, names.avpFlags)
    case 'group':
      return groupPlan(node, names.groups)
    case 'avp':
      if (node.kind !== 'pvar' || node.name !== 'avp' || node.inner === null) return null
      return { how: 'parsed', text: node.inner }
  }
}

function literalOf(node: Expression, kind: 'number' | 'text'): ArgPlan | null {
  if (node.kind !== 'number' && node.kind !== 'text') return null
  return node.kind === kind ? { how: 'literal', value: node.value } : null
}

/** An address, a name, or `uri:host`; a port behind it is an argument of its own. */
function hostPlan(node: Expression): ArgPlan | null {
  if (node.kind === 'number') return { how: 'literal', value: String(node.value) }
  if (node.kind !== 'text') return null
  const { value } = node
  if (value === 'uri:host') return { how: 'uriPart', part: 'host' }
  if (value === 'uri:port') return null
  if (/^[^:]+:\d+$|\]:\d+$/.test(value))
    throw new BadValue(`${value} is no host`, 'as forward(HOST, PORT)')
  return { how: 'literal', value }
}

function groupPlan(node: Expression, groups: RuntimeGroups): ArgPlan | null {
  if (node.kind !== 'text') return null
  if (groups.has(node.value)) return { how: 'literal', value: node.value }
  throw new BadValue(
    `configuration group "${node.value}" not found`,
    suggest(node.value, groups.keys())[0],
  )
}

function portOfUri(call: CallNode): ArgPlan {
  const [host] = call.args
  if (host?.kind === 'text' && host.value === 'uri:host') return { how: 'uriPart', part: 'port' }
  throw new BadValue('uri:port goes with uri:host', 'as forward(uri:host, uri:port)')
}

function flagPlan(
  node: Expression,
  flags: ReadonlyMap<string, number>,
): ArgPlan | ArgProblem | null {
  if (node.kind !== 'word' && node.kind !== 'text') return null
  const number = flags.get(node.value)
  return number === undefined ? 'no flag' : { how: 'parsed', text: String(number) }
}
