/**
 * Step 4: the whole program as text. A function a route block, named after it, with the config's
 * lines above what they became.
 */
import type { RouteKind } from '../../core/module/index.ts'
import type { Vars } from '../../core/vars.ts'
import { type Place, positionText } from '../1-read/source.ts'
import type { BlockNode, CallNode, RouteNode, Statement } from '../2-parse/ast.ts'
import { blockText, type Context } from '../3-check/context.ts'
import { type Reach, reachOf } from '../3-check/routes.ts'
import { HELPERS } from '../5-run/callable.ts'
import type { RouteScope } from './expressions.ts'
import { identifierPart } from './js.ts'
import { StatementEmitter } from './statements.ts'
import { type EmittedLine, type Manner, plain, Unit } from './unit.ts'

/** Text that is linked with `$` (helpers), `core` and `made`, and gives back what it defines. */
export interface Emitted {
  readonly text: string
  readonly unit: Unit
}

/** A route block of a program: where it is found in what the program gives back. */
export interface EmittedBlock {
  readonly kind: RouteKind
  readonly name: string
  readonly waits: boolean
}

export interface EmittedProgram extends Emitted {
  readonly blocks: readonly EmittedBlock[]
  /** What each line of the text was made of. */
  readonly places: readonly (Place | null)[]
}

export function emitProgram(
  ctx: Context,
  vars: Vars,
  path: string,
  manner: Manner,
): EmittedProgram {
  const unit = new Unit(ctx, vars, Object.keys(HELPERS), manner)
  const reach = reachOf(ctx)
  const nodes = ctx.routes.all()
  const functions = nodes.flatMap(node => emitRoute(unit, node, reach))
  const lines = [
    ...plain(
      `// ${path} as JavaScript. Above each part stands the line that it was made of.`,
      ...LEGEND,
    ),
    ...preamble(unit, functions),
    ...functions,
    ...plain('return [', ...wrapped(nodes.map(node => unit.route(node))), '];', ''),
  ]
  return {
    text: lines.map(({ text }) => text).join('\n'),
    unit,
    blocks: nodes.map(node => {
      const { route: kind, name } = node
      return { kind, name, waits: reach.waits.has(node) }
    }),
    places: lines.map(({ at }) => at),
  }
}

/** What a reader of the routes should know. */
const LEGEND = [
  '// m is the message, m.rc is $rc; m.scriptState is not 0 once exit or drop has ended it all.',
  '// ok() and code() keep in $rc what a function gave; ok() says whether it is true.',
]

const MADE = '// Functions of modules, their instances (self_...), blocks, arguments read at load:'
const MOST_COLUMNS = 100

/** What emitted text uses without being a helper: name -> what it is. */
const SURROUNDINGS: readonly (readonly [name: string, value: string])[] = [
  ['vars', 'core.vars.values'],
  ['NONE', '$.NONE'],
  ['ALL', '$.ALL'],
  ['BAD', '$.BAD'],
  ['progress', '$.progress'],
]

/** The helpers and values that the text uses, by name. */
export function preamble(unit: Unit, functions: readonly EmittedLine[]): EmittedLine[] {
  const all = [...unit.header, ...[...unit.blocks, ...functions].map(({ text }) => text)]
  const used = SURROUNDINGS.filter(([name]) => {
    const word = new RegExp(`\\b${name}\\b`)
    return all.some(text => word.test(text))
  })
  const names = used.map(([name, value]) => `${name} = ${value}`)
  const helpers = [...unit.helpers].sort()
  return [
    ...plain('"use strict";'),
    ...(names.length === 0 ? [] : plain(`const ${names.join(', ')};`)),
    ...(helpers.length === 0 ? [] : plain(`const { ${helpers.join(', ')} } = $;`)),
    ...(unit.madeNames.length === 0
      ? []
      : plain(MADE, 'const [', ...wrapped(unit.madeNames), '] = made;')),
    ...plain(...unit.header),
    ...plain(''),
    ...unit.blocks,
  ]
}

/** The names with commas in lines of some width. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = []
  let line = ''
  for (const name of names) {
    if (line !== '' && line.length + name.length + 2 > MOST_COLUMNS) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '  ' : ' '}${name},`
  }
  return line === '' ? lines : [...lines, line]
}

function emitRoute(unit: Unit, node: RouteNode, reach: Reach): EmittedLine[] {
  const name = unit.route(node)
  const waits = reach.waits.has(node)
  const { routes } = unit.ctx
  const rests = new Map<CallNode, string>()
  const scope: RouteScope = {
    async: waits,
    waits: target => reach.waits.has(routes.find('route', target)!),
    anyWaits: routes.all().some(each => each.route === 'route' && reach.waits.has(each)),
    block: block => emitBlock(unit, scope, block),
    rest: (call, statements) => {
      let name = rests.get(call)
      if (name === undefined) {
        name = emitRest(unit, scope, node, call, statements)
        rests.set(call, name)
      }
      return name
    },
  }
  unit.current = node
  const body = new StatementEmitter(unit, scope).body(node.body)
  // What waits gives its promise to whoever runs the route (core/waiting-run.ts).
  const word = waits ? 'function*' : 'function'
  const head = plain(`// ${positionText(node.at)}  ${blockText(node.route, node.name)}`)
  const temporary = waits ? plain('  let t;') : []
  if (!reach.recursive.has(node))
    return [...head, ...plain(`${word} ${name}(m) {`), ...temporary, ...body, ...plain('}', '')]
  const inner = unit.name(`${name}_body`)
  const call = waits ? `yield* ${inner}(m)` : `${inner}(m)`
  return [
    ...head,
    ...plain(
      `${word} ${name}(m) {`,
      `  if (${unit.helper('tooDeep')}()) return -1;`,
      '  progress.depth++;',
      `  try { return ${call}; } finally { progress.depth--; }`,
      '}',
      `${word} ${inner}(m) {`,
    ),
    ...temporary,
    ...body,
    ...plain('}', ''),
  ]
}

/**
 * `{ ... }` in an expression is a function of its own: what returns or breaks in it leaves only it.
 */
function emitBlock(unit: Unit, scope: RouteScope, node: BlockNode): string {
  const name = unit.name('block')
  const body = new StatementEmitter(unit, scope).body(node.body)
  const word = scope.async ? 'function*' : 'function'
  const temporary = scope.async ? plain('  let t;') : []
  unit.blocks.push(...plain(`${word} ${name}(m) {`), ...temporary, ...body, ...plain('}', ''))
  return name
}

/** What stands behind a call, as a block of its own that its function may run later. */
function emitRest(
  unit: Unit,
  scope: RouteScope,
  node: RouteNode,
  call: CallNode,
  statements: readonly Statement[],
): string {
  if (statements.length === 0) return 'null'
  const { route, name } = node
  const wanted = `block_${route}_${identifierPart(name)}`
  const whole = unit.made(`block ${route} ${name}`, wanted, env => env.block(route, name))
  const rest = unit.name(`behind_${identifierPart(call.name)}`)
  const body = new StatementEmitter(unit, scope).body(statements)
  const word = scope.async ? 'function*' : 'function'
  const temporary = scope.async ? plain('  let t;') : []
  const head = plain(`const ${rest} = { ...${whole}, run: ${word}(m) {`)
  unit.blocks.push(...head, ...temporary, ...body, ...plain('} };', ''))
  return rest
}
