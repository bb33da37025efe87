/** Which declaration a name in a script file means. */
import type { AnyNode, Pattern } from 'acorn'
import { childrenOf, isFunction, type SourceTree, type Unit } from './syntax.ts'

/** What a name stands for. */
export interface Binding {
  readonly name: string
  /** The function that it always is. */
  unit: Unit | null
  /** What its value is taken from: `const { auth_db } = KSR`. */
  alias: Alias | null
  /** The name under which another file exports it. */
  imported: string | null
  /** The name of a function expression, inside of itself. */
  readonly own: boolean
  /** How often it gets a value; one that changes stands for nothing that is known. */
  values: number
  /** A parameter: anything may be in it. */
  readonly given: boolean
}

export interface Alias {
  readonly of: AnyNode
  readonly path: readonly string[]
}

export class Scope {
  readonly names = new Map<string, Binding>()
  readonly outer: Scope | null
  /** Where `var` goes. */
  readonly isFunction: boolean
  readonly node: AnyNode

  constructor(node: AnyNode, outer: Scope | null, isOfFunction: boolean) {
    this.node = node
    this.outer = outer
    this.isFunction = isOfFunction
  }

  find(name: string): Binding | null {
    return this.names.get(name) ?? this.outer?.find(name) ?? null
  }

  declare(name: string, { own = false, given = false } = {}): Binding {
    let binding = this.names.get(name)
    if (binding === undefined || binding.own) {
      binding = { name, unit: null, alias: null, imported: null, own, values: 0, given }
      this.names.set(name, binding)
    }
    return binding
  }

  get ofFunction(): Scope {
    return this.isFunction || this.outer === null ? this : this.outer.ofFunction
  }
}

/** The scopes of a file by the node that opens them. */
export type Scopes = ReadonlyMap<AnyNode, Scope>

const BLOCKS = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'StaticBlock',
])

export function scopesOf({ program }: SourceTree): Scopes {
  const scopes = new Map<AnyNode, Scope>()
  const top = new Scope(program, null, true)
  scopes.set(program, top)
  for (const child of childrenOf(program)) declareIn(child, top, scopes)
  return scopes
}

function declareIn(node: AnyNode, scope: Scope, scopes: Map<AnyNode, Scope>): void {
  let inner = scope
  if (isFunction(node)) inner = functionScope(node, scope)
  else if (BLOCKS.has(node.type)) inner = new Scope(node, scope, node.type === 'StaticBlock')
  if (inner !== scope) scopes.set(node, inner)
  switch (node.type) {
    case 'ClassDeclaration':
      scope.declare(node.id?.name ?? '').values++
      break
    case 'CatchClause':
      if (node.param) for (const name of namesIn(node.param)) inner.declare(name, { given: true })
      break
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations)
        declareVariable(node.kind === 'var' ? scope.ofFunction : scope, id, init ?? null)
      break
    case 'ImportDeclaration':
      for (const { local, ...specifier } of node.specifiers) {
        const binding = scope.declare(local.name)
        binding.values++
        if (specifier.type === 'ImportDefaultSpecifier') binding.imported = 'default'
        if (specifier.type === 'ImportSpecifier')
          binding.imported = exportedName(specifier.imported)
      }
  }
  for (const child of childrenOf(node)) declareIn(child, inner, scopes)
}

export const exportedName = (node: AnyNode): string =>
  node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : ''

function functionScope(node: Unit & AnyNode, outer: Scope): Scope {
  const inner = new Scope(node, outer, true)
  const { id } = node
  if (id && node.type === 'FunctionDeclaration') {
    declareFunction(outer, id.name, node)
    // Sloppy code sees a function of a block in all of the function around it.
    if (!outer.isFunction) outer.ofFunction.declare(id.name).values += 2
  }
  if (id && node.type === 'FunctionExpression') {
    const own = inner.declare(id.name, { own: true })
    own.values = 1
    own.unit = node
  }
  for (const param of node.params)
    for (const name of namesIn(param)) inner.declare(name, { given: true })
  return inner
}

function declareFunction(scope: Scope, name: string, unit: Unit): void {
  const binding = scope.declare(name)
  binding.unit = unit
  binding.values++
}

function declareVariable(scope: Scope, id: Pattern, init: AnyNode | null): void {
  if (id.type === 'Identifier') {
    const binding = scope.declare(id.name)
    if (init === null) return
    binding.values++
    if (isFunction(init)) binding.unit = init
    else binding.alias = { of: init, path: [] }
    return
  }
  for (const name of namesIn(id)) scope.declare(name).values++
  if (id.type !== 'ObjectPattern' || init === null) return
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.computed) continue
    const { key, value } = property
    const name = exportedName(key)
    if (value.type !== 'Identifier' || name === '') continue
    scope.declare(value.name).alias = { of: init, path: [name] }
  }
}

/** The names that a pattern binds. */
export function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap(each =>
        namesIn(each.type === 'Property' ? each.value : each.argument),
      )
    case 'ArrayPattern':
      return pattern.elements.flatMap(each => (each === null ? [] : namesIn(each)))
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    default:
      return []
  }
}

/** A value is given to names outside of their declaration. */
export function countAssignments(node: AnyNode, scope: Scope): void {
  const targets =
    node.type === 'AssignmentExpression'
      ? namesIn(node.left as Pattern)
      : node.type === 'UpdateExpression' && node.argument.type === 'Identifier'
        ? [node.argument.name]
        : (node.type === 'ForInStatement' || node.type === 'ForOfStatement') &&
            node.left.type !== 'VariableDeclaration'
          ? namesIn(node.left)
          : []
  for (const name of targets) {
    const binding = scope.find(name)
    if (binding !== null) binding.values++
  }
}
