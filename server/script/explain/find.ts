/**
 * What stands on a line: something outside of the routes, the head of a route, statements of one.
 */
import type { Place, SourceFile } from '../1-read/source.ts'
import type {
  CaseNode,
  Expression,
  IfNode,
  RouteNode,
  Script,
  Statement,
  TopNode,
} from '../2-parse/ast.ts'

/** A line of a file that was read. */
export interface Line {
  readonly file: SourceFile
  readonly number: number
}

export type Found =
  | { readonly kind: 'top'; readonly node: TopNode }
  | { readonly kind: 'statement'; readonly node: Statement; readonly route: RouteNode }
  | { readonly kind: 'case'; readonly node: CaseNode; readonly route: RouteNode }
  | { readonly kind: 'else'; readonly node: IfNode; readonly route: RouteNode }
  /** The brace that closes a block or route. */
  | { readonly kind: 'end'; readonly of: Place }

/** All that begins on the line; when nothing does, what goes on there. */
export function findOn(script: Script, line: Line): Found[] {
  const all: Found[] = []
  for (const node of script.items) {
    if (node.kind === 'route') all.push(...insideRoute(node))
    else all.push({ kind: 'top', node })
  }
  const begins = all.filter(each =>
    each.kind === 'else' ? elseIsOn(each.node, line) : startsOn(placeOf(each), line),
  )
  const alone = begins.filter(each => !isBlock(each))
  if (alone.length > 0) return alone
  if (begins.length > 0) return begins
  const covers = all.filter(each => each.kind !== 'else' && covering(placeOf(each), line))
  const innermost = covers.at(-1)
  if (innermost !== undefined && !isBlock(innermost)) return [innermost]
  const closed = all.find(each => isBlock(each) && endsOn(placeOf(each), line))
  return closed === undefined ? [] : [{ kind: 'end', of: placeOf(closed) }]
}

/** The first line behind this one on which something begins; 0 when there is none. */
export function nextAfter(script: Script, { file, number }: Line): number {
  let next = 0
  for (const node of script.items)
    for (const each of node.kind === 'route'
      ? insideRoute(node)
      : [{ kind: 'top', node } as const]) {
      const { file: own, start } = placeOf(each)
      if (own !== file || isBlock(each) || each.kind === 'else') continue
      const line = own.lineOf(start)
      if (line > number && (next === 0 || line < next)) next = line
    }
  return next
}

export function placeOf(found: Found): Place {
  return found.kind === 'end' ? found.of : found.node.at
}

const isBlock = (found: Found): boolean => found.kind === 'statement' && found.node.kind === 'block'

const startsOn = (place: Place, { file, number }: Line): boolean =>
  place.file === file && file.lineOf(place.start) === number

const endsOn = (place: Place, { file, number }: Line): boolean =>
  place.file === file && file.lineOf(place.end - 1) === number

const covering = (place: Place, { file, number }: Line): boolean =>
  place.file === file && file.lineOf(place.start) <= number && number <= file.lineOf(place.end - 1)

/** The word else stands between the two bodies. */
function elseIsOn({ yes, no }: IfNode, { file, number }: Line): boolean {
  if (no === null || yes.at.file !== file || no.at.file !== file) return false
  const between = file.text.slice(yes.at.end, no.at.start)
  const word = between.lastIndexOf('else')
  return word >= 0 && file.lineOf(yes.at.end + word) === number
}

function* insideRoute(route: RouteNode): Generator<Found> {
  yield { kind: 'top', node: route }
  for (const node of route.body) yield* insideStatement(node, route)
}

function* insideStatement(node: Statement, route: RouteNode): Generator<Found> {
  yield { kind: 'statement', node, route }
  switch (node.kind) {
    case 'block':
      for (const each of node.body) yield* insideStatement(each, route)
      break
    case 'if':
      yield* insideExpression(node.condition, route)
      yield* insideStatement(node.yes, route)
      if (node.no === null) break
      yield { kind: 'else', node, route }
      yield* insideStatement(node.no, route)
      break
    case 'while':
      yield* insideStatement(node.body, route)
      break
    case 'switch':
      for (const each of node.cases) {
        yield { kind: 'case', node: each, route }
        for (const statement of each.body) yield* insideStatement(statement, route)
      }
      break
    default:
  }
}

/** Blocks that are operands. */
function* insideExpression(node: Expression, route: RouteNode): Generator<Found> {
  if (node.kind === 'block') yield* insideStatement(node, route)
  else if (node.kind === 'binary') {
    yield* insideExpression(node.left, route)
    yield* insideExpression(node.right, route)
  } else if (node.kind === 'unary') yield* insideExpression(node.operand, route)
}
