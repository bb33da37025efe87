/** Calls of functions that want what stands behind them (restFn) where nothing does. */
import type { Statement } from '../2-parse/ast.ts'
import type { Context } from './context.ts'
import { visitCalls } from './routes.ts'

/** They always fail there. */
export function checkRests(ctx: Context): void {
  for (const node of ctx.routes.all()) {
    const good = new Set<Statement>()
    noteLists(node.body, [], good)
    visitCalls(node.body, call => {
      const wantsRest = ctx.registry.function(call.name)?.row.rest === true
      if (wantsRest && !good.has(call)) ctx.report.warn(call.at, 'CFG_NOTHING_BEHIND', call.name)
    })
  }
}

/** Notes the calls that have something behind them in their list. */
function noteLists(
  list: readonly Statement[],
  more: readonly Statement[],
  good: Set<Statement>,
): void {
  for (const [i, node] of list.entries()) {
    if (node.kind === 'call' && (i + 1 < list.length || more.length > 0)) good.add(node)
    noteInside(node, good)
  }
}

function noteInside(node: Statement, good: Set<Statement>): void {
  switch (node.kind) {
    case 'block':
      noteLists(node.body, [], good)
      break
    case 'if':
      noteInside(node.yes, good)
      if (node.no !== null) noteInside(node.no, good)
      break
    case 'while':
      noteInside(node.body, good)
      break
    case 'switch':
      for (const [i, { body }] of node.cases.entries())
        noteLists(
          body,
          node.cases.slice(i + 1).flatMap(each => each.body),
          good,
        )
      break
    default:
  }
}
