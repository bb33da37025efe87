/** Calls of functions: does it exist, with so many arguments, in this kind of route? */
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  CORE_ONREPLY_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
  type RouteKind,
  TM_ONREPLY_ROUTE,
} from '../../core/module.ts'
import type { FunctionEntry, Registry } from '../../core/registry.ts'
import type { Expression } from '../2-parse/ast.ts'
import { type Report, suggestion } from '../messages.ts'

type Call = Extract<Expression, { kind: 'call' }>

const NAMES: readonly (readonly [number, string])[] = [
  [REQUEST_ROUTE, 'request_route'],
  [FAILURE_ROUTE, 'failure_route'],
  [BRANCH_ROUTE, 'branch_route'],
  [TM_ONREPLY_ROUTE, 'onreply_route'],
  [CORE_ONREPLY_ROUTE, 'reply_route'],
  [ONSEND_ROUTE, 'onsend_route'],
  [BRANCH_FAILURE_ROUTE, 'event_route[tm:branch-failure]'],
  [LOCAL_ROUTE, 'event_route[tm:local-request]'],
]

/** The bits of a block; a route[X] may be called from anywhere, so it is not judged. */
export function routeBits(kind: RouteKind, name: string): number {
  switch (kind) {
    case 'request':
      return REQUEST_ROUTE
    case 'failure':
      return FAILURE_ROUTE
    case 'branch':
      return BRANCH_ROUTE
    case 'onreply':
      return name === '' ? CORE_ONREPLY_ROUTE : TM_ONREPLY_ROUTE
    case 'onsend':
      return ONSEND_ROUTE
    case 'event':
      return EVENT_ROUTE | ANY_ROUTE
    case 'route':
      return ANY_ROUTE
  }
}

const listOf = (bits: number): string =>
  NAMES.filter(([bit]) => (bits & bit) !== 0)
    .map(([, name]) => name)
    .join(', ')

/** The function behind a call, or null after reporting why it cannot be called. */
export function resolveCall(
  registry: Registry,
  report: Report,
  call: Call,
  bits: number,
): FunctionEntry | null {
  const entry = registry.function(call.name)
  if (entry === null) {
    const hint = suggestion(call.name, registry.functionNames()) || 'missing loadmodule?'
    report.add('CFG_UNKNOWN_FUNCTION', call.place, call.name, hint)
    return null
  }
  const { args, routes } = entry.row
  const least = args.filter(arg => !arg.optional).length
  if (call.args.length < least || call.args.length > args.length) {
    const wanted =
      least === args.length
        ? `${least} argument${least === 1 ? '' : 's'}`
        : `${least} to ${args.length} arguments`
    report.add(
      'CFG_ARITY',
      call.place,
      call.name,
      wanted,
      call.args.length,
      `${call.name}(${args.map(arg => arg.name).join(', ')})`,
    )
    return null
  }
  if ((bits & routes) === 0) {
    report.add('CFG_ROUTE_NOT_ALLOWED', call.place, call.name, listOf(bits), listOf(routes))
    return null
  }
  return entry
}
