/**
 * Step 4: the whole program as text. A function a route block, named after it, with the config's
 * lines above what they became.
 */
import type { RouteKind } from '../../core/module.ts'
import type { Vars } from '../../core/vars.ts'
import { positionText } from '../1-read/source.ts'
import type { BlockNode, RouteNode } from '../2-parse/ast.ts'
import { blockText, type Context } from '../3-check/context.ts'
import { type Reach, reachOf } from '../3-check/routes.ts'
import { HELPERS } from '../5-run/callable.ts'
import type { RouteScope } from './expressions.ts'
import { quote } from './js.ts'
import { StatementEmitter } from './statements.ts'
import { Unit } from './unit.ts'

/** Text that is linked with `$` (helpers), `core` and `made`, and gives back what it defines. */
export interface Emitted {
  readonly text: string
  readonly unit: Unit
}

/** A route block of a program: where it is found in what the program gives back. */
export interface EmittedBlock {
  readonly kind: RouteKind
  readonly name: string
}

export interface EmittedProgram extends Emitted {
  readonly blocks: readonly EmittedBlock[]
}

export function emitProgram(ctx: Context, vars: Vars, path: string): EmittedProgram {
  const unit = new Unit(ctx, vars, Object.keys(HELPERS))
  const reach = reachOf(ctx)
  const nodes = ctx.routes.all()
  const functions = nodes.map(node => emitRoute(unit, node, reach))
  const named = nodes.filter(node => node.route === 'route')
  const list = nodes.map(node => unit.route(node)).join(', ')
  const byName = named.map(node => `  [${quote(node.name)}, ${unit.route(node)}],`)
  const text = [
    `// ${path} as JavaScript. Above each part stands the line that it was made of.`,
    ...preamble(unit),
    'const progress = $.progress;',
    'const routes = new Map([',
    ...byName,
    ']);',
    '',
    ...functions.flat(),
    `return [${list}];`,
    '',
  ].join('\n')
  return { text, unit, blocks: nodes.map(({ route, name }) => ({ kind: route, name })) }
}

const HEADER =
  '// Functions of modules and their instances (self_...), arguments read at load, variables:'

/** The helpers and values that the text uses, by name. */
export function preamble(unit: Unit): string[] {
  const helpers = [...unit.helpers].sort()
  return [
    '"use strict";',
    'const vars = core.vars.values, NONE = $.NONE, ALL = $.ALL, BAD = $.BAD;',
    ...(helpers.length === 0 ? [] : [`const { ${helpers.join(', ')} } = $;`]),
    ...(unit.header.length === 0 ? [] : [HEADER]),
    ...unit.header,
    ...unit.blocks,
  ]
}

function emitRoute(unit: Unit, node: RouteNode, reach: Reach): string[] {
  const name = unit.route(node)
  const waits = reach.waits.has(node)
  const { routes } = unit.ctx
  const scope: RouteScope = {
    async: waits,
    waits: target => reach.waits.has(routes.find('route', target)!),
    anyWaits: routes.all().some(each => each.route === 'route' && reach.waits.has(each)),
    block: block => emitBlock(unit, scope, block),
  }
  unit.current = node
  const body = new StatementEmitter(unit, scope).body(node.body)
  // What waits gives its promise to whoever runs the route (core/waiting-run.ts).
  const word = waits ? 'function*' : 'function'
  const head = `// ${positionText(node.at)}  ${blockText(node.route, node.name)}`
  const temporary = waits ? ['  let t;'] : []
  if (!reach.recursive.has(node))
    return [head, `${word} ${name}(m) {`, ...temporary, ...body, '}', '']
  const inner = unit.name(`${name}_body`)
  const guard = `if (${unit.helper('tooDeep')}()) return -1;`
  const call = waits ? `yield* ${inner}(m)` : `${inner}(m)`
  return [
    head,
    `${word} ${name}(m) {`,
    `  ${guard}`,
    '  progress.depth++;',
    `  try { return ${call}; } finally { progress.depth--; }`,
    '}',
    `${word} ${inner}(m) {`,
    ...temporary,
    ...body,
    '}',
    '',
  ]
}

/**
 * `{ ... }` in an expression is a function of its own: what returns or breaks in it leaves only it.
 */
function emitBlock(unit: Unit, scope: RouteScope, node: BlockNode): string {
  const name = unit.name('block')
  const body = new StatementEmitter(unit, scope).body(node.body)
  const head = scope.async ? [`function* ${name}(m) {`, '  let t;'] : [`function ${name}(m) {`]
  unit.blocks.push(...head, ...body, '}')
  return name
}
