/** Route blocks as a whole: one of each name; what a route reaches. */
import { waitsGiven } from '../../core/module/index.ts'
import { positionText } from '../1-read/source.ts'
import type { CallNode, Expression, RouteNode, Script, Statement } from '../2-parse/ast.ts'
import type { Report } from '../diagnostic.ts'
import { routeName } from './calls.ts'
import { blockText, type Context, RouteTable } from './context.ts'

export function collectRoutes(script: Script, report: Report): RouteTable {
  const table = new RouteTable()
  for (const node of script.items) {
    if (node.kind !== 'route') continue
    const first = table.find(node.route, node.name)
    if (first === null) {
      table.add(node)
      continue
    }
    const what = blockText(node.route, node.name)
    if (node.route === 'route' || node.name !== '') {
      report.error(node.at, 'CFG_DUPLICATE_ROUTE', what, positionText(first.at))
      continue
    }
    // The statements of blocks without a name run one after the other.
    report.warn(node.at, 'CFG_ROUTE_GOES_ON', what, positionText(first.at))
    table.add({ ...first, body: [...first.body, ...node.body] })
  }
  return table
}

/** Calls `visit` for every call in statements, those in expressions and blocks included. */
export function visitCalls(body: readonly Statement[], visit: (call: CallNode) => void): void {
  for (const node of body) visitStatement(node, visit)
}

function visitStatement(node: Statement, visit: (call: CallNode) => void): void {
  switch (node.kind) {
    case 'call':
    case 'assign':
    case 'block':
      visitExpression(node, visit)
      break
    case 'if':
      visitExpression(node.condition, visit)
      visitStatement(node.yes, visit)
      if (node.no !== null) visitStatement(node.no, visit)
      break
    case 'while':
      visitExpression(node.condition, visit)
      visitStatement(node.body, visit)
      break
    case 'switch':
      visitExpression(node.subject, visit)
      for (const each of node.cases) visitCalls(each.body, visit)
      break
    case 'leave':
      if (node.value !== null) visitExpression(node.value, visit)
      break
    default:
  }
}

function visitExpression(node: Expression, visit: (call: CallNode) => void): void {
  switch (node.kind) {
    case 'call':
      visit(node)
      break
    case 'binary':
      visitExpression(node.left, visit)
      visitExpression(node.right, visit)
      break
    case 'unary':
      visitExpression(node.operand, visit)
      break
    case 'choice':
      visitExpression(node.condition, visit)
      visitExpression(node.yes, visit)
      visitExpression(node.no, visit)
      break
    case 'assign':
      visitExpression(node.value, visit)
      break
    case 'block':
      visitCalls(node.body, visit)
      break
    default:
  }
}

/** What the emitted code of a route needs to know of the others. */
export interface Reach {
  /** It waits for something, or calls a route that does: it is emitted as an async function. */
  readonly waits: ReadonlySet<RouteNode>
  /** It may be called again before it has ended: its depth is counted. */
  readonly recursive: ReadonlySet<RouteNode>
}

function waitsHere(ctx: Context, call: CallNode): boolean {
  const entry = ctx.registry.function(call.name)
  return entry !== null && waitsGiven(entry.row, call.args.length)
}

/** Follows the calls between routes. `route($var(x))` may reach every one of them. */
export function reachOf(ctx: Context): Reach {
  const nodes = ctx.routes.all()
  const named = nodes.filter(node => node.route === 'route')
  const calls = new Map<RouteNode, Set<RouteNode>>()
  const waits = new Set<RouteNode>()
  for (const node of nodes) {
    const targets = new Set<RouteNode>()
    visitCalls(node.body, call => {
      if (call.name !== 'route') {
        if (waitsHere(ctx, call)) waits.add(node)
        return
      }
      const name = call.args[0] === undefined ? null : routeName(call.args[0])
      const target = name === null ? null : ctx.routes.find('route', name)
      if (target !== null) targets.add(target)
      else if (name === null) for (const any of named) targets.add(any)
    })
    calls.set(node, targets)
  }
  for (let size = -1; size !== waits.size; ) {
    size = waits.size
    for (const [node, targets] of calls)
      if ([...targets].some(target => waits.has(target))) waits.add(node)
  }
  return { waits, recursive: new Set(nodes.filter(node => reaches(calls, node, node))) }
}

/** Tells of functions that wait in the onsend_route, where replies cannot. */
export function checkWaits(ctx: Context): void {
  for (const node of ctx.routes.all()) {
    const seen = new Set<RouteNode>([node])
    if (node.route !== 'onsend') continue
    // A set is gone through in the order of insertion, those that are added meanwhile included.
    for (const each of seen)
      visitCalls(each.body, call => {
        const name = call.name === 'route' && call.args[0] ? routeName(call.args[0]) : null
        const target = name === null ? null : ctx.routes.find('route', name)
        if (target !== null) seen.add(target)
        if (waitsHere(ctx, call))
          ctx.report.warn(call.at, 'CFG_CANNOT_WAIT', blockText(node.route, node.name), call.name)
      })
  }
}

function reaches(
  calls: ReadonlyMap<RouteNode, ReadonlySet<RouteNode>>,
  from: RouteNode,
  to: RouteNode,
): boolean {
  const seen = new Set<RouteNode>()
  const open = [...(calls.get(from) ?? [])]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true
    if (seen.has(node)) continue
    seen.add(node)
    open.push(...(calls.get(node) ?? []))
  }
  return false
}
