/**
 * Calls: does the function exist, may it stand here, how many arguments has it, and are they what
 * it takes?
 */
import { knownModule } from '../../core/catalogue/catalogue.ts'
import { type Arg, argAt } from '../../core/module/index.ts'
import { ANY_ROUTE, ONSEND_ROUTE } from '../../core/route-bits.ts'
import type { FunctionEntry } from '../../core/registry.ts'
import { CORE_COMMANDS } from '../1-read/tokens.ts'
import type { CallNode, Expression, RouteNode } from '../2-parse/ast.ts'
import { type ArgPlan, type ArgProblem, argumentText, planArgument, refusal } from './arguments.ts'
import { allowedText, blockBits, blockText, type Context } from './context.ts'
import { absentOwner, checkAbsentCall, functionAdvice } from './missing.ts'
import { aritiesText, arityText } from './arity.ts'
import { checkFormat, checkPvar, checkTarget } from './pvars.ts'
import { suggest } from './suggest.ts'
import { constantOf } from './static-types.ts'

const ONSEND_COMMANDS = [
  ...['log', 'setflag', 'resetflag', 'isflagset', 'set_forward_no_connect'],
  ...['set_reply_no_connect', 'set_forward_close', 'set_reply_close'],
]

/** Checks a call; `checkValue` is for arguments that are expressions. */
export function checkCall(
  ctx: Context,
  block: RouteNode,
  call: CallNode,
  checkValue: (node: Expression) => void,
): void {
  if (call.name === 'route') {
    if (block.route === 'onsend')
      ctx.report.error(call.at, 'CFG_WRONG_BLOCK', 'route', 'onsend_route', 'all other blocks')
    checkRouteCall(ctx, call, checkValue)
    return
  }
  const entry = ctx.registry.function(call.name)
  if (entry === null) {
    const alike = suggest(call.name, [...ctx.registry.functionNames(), 'route'])
    const advice = functionAdvice(ctx, call.name, alike)
    ctx.report.error(call.at, 'CFG_UNKNOWN_FUNCTION', call.name, alike, advice)
    return
  }
  const { since6 } = entry.row
  const routes = allowedBlocks(entry)
  if (since6 === true && ctx.strict56)
    ctx.report.error(call.at, 'CFG_ONLY_6', `the function ${call.name}()`)
  if ((routes & blockBits(block.route, block.name)) === 0) {
    const where = blockText(block.route, block.name)
    ctx.report.error(call.at, 'CFG_WRONG_BLOCK', call.name, where, allowedText(routes))
  }
  const absent = absentOwner(ctx, entry.module)
  if (absent !== null) {
    checkAbsentCall(ctx, call, absent, checkValue)
    return
  }
  if (!checkArity(ctx, call, entry)) return
  call.args.forEach((_, i) => {
    const arg = argAt(entry.row.args, i, call.args.length)
    checkArgument(ctx, call, i, arg, checkValue)
  })
}

/** Functions of the language itself are for all blocks, but for few of them in onsend_route. */
function allowedBlocks({ name, module, row }: FunctionEntry): number {
  if (module !== 'core' || !CORE_COMMANDS.includes(name)) return row.routes
  return ONSEND_COMMANDS.includes(name) ? ANY_ROUTE : ANY_ROUTE & ~ONSEND_ROUTE
}

function checkArity(ctx: Context, call: CallNode, entry: FunctionEntry): boolean {
  const { args } = entry.row
  const least = args.filter(arg => !arg.optional).length
  const given = call.args.length
  const inRange = (number: number): boolean => number >= least && number <= args.length
  // Some take their last arguments together or not at all: t_relay() has none or two.
  const known = knownModule(entry.module)?.functions.get(call.name)?.arities.filter(inRange) ?? []
  if (inRange(given) && (known.length === 0 || known.includes(given))) return true
  const gaps = known.length > 0 && known.length <= args.length - least
  const wanted = gaps ? aritiesText(known) : arityText(least, args.length)
  ctx.report.error(
    call.at,
    'CFG_ARITY',
    `${call.name}()`,
    given,
    wanted,
    signature(call.name, args),
  )
  return false
}

/** `save(table [, flags [, aor]])` */
function signature(name: string, args: readonly Arg<unknown>[]): string {
  let text = ''
  let open = 0
  args.forEach((arg, i) => {
    if (arg.optional) open++
    const comma = i === 0 ? '' : ', '
    text += arg.optional ? `${i === 0 ? '' : ' '}[${comma}${arg.name}` : comma + arg.name
  })
  return `${name}(${text}${']'.repeat(open)})`
}

/** A call inside of an argument, at any depth. */
function nestedCall(node: Expression): CallNode | null {
  switch (node.kind) {
    case 'call':
      return node
    case 'binary':
      return nestedCall(node.left) ?? nestedCall(node.right)
    case 'unary':
      return nestedCall(node.operand)
    case 'choice':
      return nestedCall(node.condition) ?? nestedCall(node.yes) ?? nestedCall(node.no)
    default:
      return null
  }
}

function checkArgument(
  ctx: Context,
  call: CallNode,
  index: number,
  arg: Arg<unknown>,
  checkValue: (node: Expression) => void,
): void {
  const node = call.args[index]!
  const nested = nestedCall(node)
  if (nested !== null) {
    ctx.report.error(nested.at, 'CFG_NESTED_CALL', nested.name)
    return
  }
  let plan: ArgPlan | ArgProblem
  try {
    plan = planArgument(call, index, arg, ctx)
    if (typeof plan !== 'string' && plan.how === 'parsed') arg.parse!(plan.text, ctx.formats)
    const constant = arg.check === undefined ? null : argumentText(node)
    if (constant !== null && !constant.includes('$')) {
      arg.check!(constant, call.args.length, ctx.registry.given)
    }
  } catch (error) {
    const { text, hint } = refusal(error)
    ctx.report.error(node.at, 'CFG_BAD_VALUE', `${call.name}(): ${text}`, hint)
    return
  }
  if (typeof plan === 'string') reportProblem(ctx, call, index, plan)
  else checkPlan(ctx, node, arg, plan, checkValue)
}

function reportProblem(ctx: Context, call: CallNode, index: number, problem: ArgProblem): void {
  const { at } = call.args[index]!
  if (problem === 'not constant') ctx.report.error(at, 'CFG_NOT_CONSTANT', call.name, index + 1)
  else if (problem === 'no variable') ctx.report.error(at, 'CFG_NOT_PVAR', call.name, index + 1)
  else {
    const text = argumentText(call.args[index]!) ?? ''
    if (problem === 'no flag') ctx.report.error(at, 'CFG_FLAG_UNKNOWN', text)
    else ctx.report.error(at, 'CFG_NOT_NUMBER', call.name, index + 1, text)
  }
}

function checkPlan(
  ctx: Context,
  node: Expression,
  arg: Arg<unknown>,
  plan: ArgPlan,
  checkValue: (node: Expression) => void,
): void {
  if ('parts' in plan) checkFormat(ctx, plan.parts)
  else if ('value' in plan && typeof plan.value === 'object') checkValue(plan.value)
  else if (plan.how === 'pvar') {
    if (arg.writable === true) checkTarget(ctx, plan.node)
    else checkPvar(ctx, plan.node)
  } else if (plan.how === 'route' && plan.name !== '') {
    const { kind, name } = plan
    if (ctx.routes.find(kind, name) === null) {
      const alike = suggest(name, ctx.routes.names(kind))
      // Kamailio starts with it: a block that is not there does nothing.
      ctx.report.warn(node.at, 'CFG_NO_ROUTE', `${kind}_route`, name, alike)
    }
  }
}

function checkRouteCall(
  ctx: Context,
  call: CallNode,
  checkValue: (node: Expression) => void,
): void {
  const [arg] = call.args
  if (arg === undefined || call.args.length > 1) {
    ctx.report.error(call.at, 'CFG_ARITY', 'route()', call.args.length, '1 argument', 'route(NAME)')
    return
  }
  const name = routeName(arg)
  if (name === null) checkValue(arg)
  else if (ctx.routes.find('route', name) === null) {
    const alike = suggest(name, ctx.routes.names('route'))
    ctx.report.error(arg.at, 'CFG_NO_ROUTE', 'route', name, alike)
  }
}

/** The route that route(X) names; null when only a message will tell. */
export function routeName(arg: Expression): string | null {
  if (arg.kind === 'word') return arg.value
  const value = constantOf(arg)
  return value === null ? null : String(value)
}
