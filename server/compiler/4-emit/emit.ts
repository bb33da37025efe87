/** The whole program as one readable JavaScript text: the body of a function that is given what it stands on. */
import type { ConfigTree } from '../2-parse/ast.ts'
import { suggestion } from '../messages.ts'
import { RouteEmitter } from './statements.ts'
import type { Unit } from './unit.ts'

/** Names that the text takes from 5-run. */
export const RUNTIME_NAMES = [
  'int',
  'str',
  'show',
  'truth',
  'eq',
  'add',
  'divide',
  'modulo',
  'match',
  'called',
  'raw',
  'routed',
  'exit',
  'drop',
  'returned',
  'uriIsMyself',
  'ipIsMyself',
  'sameHost',
  'tooManyLoops',
  'callRoute',
] as const

/** Emits all routes; what is wrong with them goes into the unit's report. */
export function emitProgram(tree: ConfigTree, unit: Unit): string {
  for (const flag of tree.flags)
    unit.flags.set(flag.name, flag.number < 0 ? unit.flags.size : flag.number)
  const emitter = new RouteEmitter(unit)
  const routes = tree.routes.map(route => emitter.emit(route))
  checkRoutes(tree, unit)
  const head = [
    "'use strict'",
    `const { ${RUNTIME_NAMES.join(', ')} } = $`,
    'const { core, V, K, R } = $',
    ...[...unit.instances].map(
      module => `const ${module}_ = $.instance(${JSON.stringify(module)})`,
    ),
    ...[...unit.functions].map(([id, e]) => `const ${id} = $.function(${JSON.stringify(e.name)})`),
    ...[...unit.pvars].map(
      ([id, e]) =>
        `const ${id} = $.get(${JSON.stringify(e.name)}), ${id}_set = $.set(${JSON.stringify(e.name)})`,
    ),
    ...[...unit.transformations].map(
      ([id, e]) =>
        `const ${id} = $.transformation(${JSON.stringify(e.class)}, ${JSON.stringify(e.name)})`,
    ),
  ]
  if (unit.formats.length > 0)
    head.push('const F = [', ...unit.formats.map(text => `  (m) => ${text},`), ']')
  const table = [...unit.routes]
    .filter(([key]) => tree.routes.some(r => `${r.kind} ${r.name}` === key))
    .map(([key, id]) => `  ${JSON.stringify(key)}: ${id},`)
  return [...head, '', ...routes.flatMap(text => [text, '']), 'return {', ...table, '}', ''].join(
    '\n',
  )
}

/** Every block that a route() call or an argument names must be there. */
function checkRoutes(tree: ConfigTree, unit: Unit): void {
  for (const { kind, name, place } of unit.wantedRoutes) {
    if (tree.routes.some(r => r.kind === kind && r.name === name)) continue
    const names = tree.routes.filter(r => r.kind === kind).map(r => r.name)
    unit.report.add(
      'CFG_NO_ROUTE',
      place,
      kind === 'route' ? name : `${kind}_route[${name}]`,
      suggestion(name, names),
    )
  }
}
