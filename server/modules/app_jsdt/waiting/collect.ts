/**
 * The functions of a script with the calls in them, and the names under which each may be called.
 */
import type { AnyNode, CallExpression, MemberExpression } from 'acorn'
import { type Alias, type Binding, countAssignments, type Scope, scopesOf } from './scopes.ts'
import { childrenOf, isFunction, propertyName, type SourceTree, type Unit } from './syntax.ts'

export type KsrPath = readonly (string | null)[]

/** What a call calls, as far as the text tells. */
export type Target =
  /** A function of KSR; a part of its way that is computed is null. `how`: by call() or apply(). */
  | { readonly kind: 'ksr'; readonly path: KsrPath; readonly how: 'name' | 'call' }
  /** This function and no other; `by` tells whether it is reached by call() or apply(). */
  | { readonly kind: 'unit'; readonly unit: Unit; readonly how: 'name' | 'here' | 'call' }
  /** Whatever has this name, null for any; a variable may also hold one that has another. */
  | {
      readonly kind: 'named'
      readonly name: string | null
      readonly from: 'name' | 'variable' | 'object'
    }

export interface Site {
  readonly node: CallExpression
  readonly file: SourceTree
  readonly target: Target
  /** The functions among its arguments. */
  readonly callbacks: readonly Unit[]
  /** The same of KSR. */
  readonly handed: readonly KsrPath[]
}

export interface ScriptFunction {
  readonly node: Unit
  readonly file: SourceTree
  readonly name: string
  readonly sites: Site[]
  /** Its value goes where the text does not follow it. */
  escapes: boolean
  /** It is kept under a name of an object, where o[name]() finds it. */
  held: boolean
  /** Of a class. */
  readonly isMethod: boolean
  /** Why it cannot be left in its midst; '' when it can. */
  readonly obstacle: string
}

export interface Script {
  readonly functions: ReadonlyMap<Unit, ScriptFunction>
  readonly named: ReadonlyMap<string, ReadonlySet<Unit>>
  /** Calls outside of all functions. */
  readonly loose: readonly Site[]
  /** Functions of KSR whose value goes where the text does not follow it. */
  readonly handed: readonly KsrPath[]
}

export function collect(files: readonly SourceTree[]): Script {
  const script = {
    functions: new Map(),
    named: new Map<string, Set<Unit>>(),
    loose: [],
    handed: [],
  }
  const passes = files.map(file => new Pass(file, script))
  for (const pass of passes) pass.functionsOf(pass.file.program)
  for (const pass of passes) pass.visit(pass.file.program, pass.top, null)
  return script
}

interface Growing {
  readonly functions: Map<Unit, ScriptFunction>
  readonly named: Map<string, Set<Unit>>
  readonly loose: Site[]
  readonly handed: KsrPath[]
}

class Pass {
  readonly file: SourceTree
  readonly top: Scope
  private readonly scopes: ReadonlyMap<AnyNode, Scope>
  private readonly script: Growing

  constructor(file: SourceTree, script: Growing) {
    this.file = file
    this.script = script
    this.scopes = scopesOf(file)
    this.top = this.scopes.get(file.program)!
    this.count(file.program, this.top)
  }

  private count(node: AnyNode, scope: Scope): void {
    const inner = this.scopes.get(node) ?? scope
    countAssignments(node, inner)
    for (const child of childrenOf(node)) this.count(child, inner)
  }

  /** All functions first: a call may stand above the one that it calls. */
  functionsOf(node: AnyNode): void {
    if (isFunction(node)) {
      const names = this.namesOf(node)
      const obstacle = obstacleOf(node, this.file)
      const name = names[0] ?? ''
      const { file } = this
      this.script.functions.set(node, {
        node,
        file,
        name,
        sites: [],
        escapes: isLoose(node, this.parent(node)),
        held: isHeld(this.parent(node)),
        isMethod: this.parent(node)?.type === 'MethodDefinition',
        obstacle,
      })
      for (const each of names) this.name(each, node)
    }
    for (const child of childrenOf(node)) this.functionsOf(child)
  }

  private name(name: string, unit: Unit): void {
    const units = this.script.named.get(name)
    if (units === undefined) this.script.named.set(name, new Set([unit]))
    else units.add(unit)
  }

  private parent(node: AnyNode): AnyNode | undefined {
    return this.file.parents.get(node)
  }

  /** The names under which it is made. */
  private namesOf(node: Unit & AnyNode): string[] {
    const parent = this.parent(node)
    const names = node.id ? [node.id.name] : []
    switch (parent?.type) {
      case 'VariableDeclarator':
        if (parent.id.type === 'Identifier') names.unshift(parent.id.name)
        break
      case 'AssignmentExpression': {
        const { left } = parent
        if (left.type === 'Identifier') names.push(left.name)
        if (left.type === 'MemberExpression')
          names.push(propertyName(left.property, left.computed) ?? '')
        break
      }
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (parent.value === node) names.unshift(propertyName(parent.key, parent.computed) ?? '')
        break
      case 'ExportDefaultDeclaration':
        names.push('default')
    }
    return names.filter(name => name !== '')
  }

  /** `unit`: the function around, null at the top. */
  visit(node: AnyNode, outer: Scope, around: Unit | null): void {
    const scope = this.scopes.get(node) ?? outer
    const unit = isFunction(node) ? node : outsideOf(node) ? null : around
    if (node.type === 'CallExpression') this.call(node, scope, unit)
    if (node.type === 'Identifier') this.reference(node, scope)
    if (node.type === 'MemberExpression') this.handOn(node, scope)
    if (node.type === 'ExportSpecifier') this.exported(node.local, node.exported, scope)
    for (const child of childrenOf(node)) this.visit(child, scope, unit)
  }

  private call(node: CallExpression, scope: Scope, unit: Unit | null): void {
    const callbacks = node.arguments
      .map(arg => this.unitOf(arg, scope))
      .filter(each => each !== null)
    const handed = node.arguments.map(arg => this.ksrPath(arg, scope)).filter(each => each !== null)
    const target = this.targetOf(node, scope)
    const site = { node, file: this.file, target, callbacks, handed }
    const owner = unit === null ? undefined : this.script.functions.get(unit)
    ;(owner?.sites ?? this.script.loose).push(site)
  }

  private targetOf({ callee }: CallExpression, scope: Scope): Target {
    const path = this.ksrPath(callee, scope)
    const isThrough = path?.at(-1) === 'call' || path?.at(-1) === 'apply'
    if (path !== null && isThrough && path.length > 1)
      return { kind: 'ksr', path: path.slice(0, -1), how: 'call' }
    if (path !== null && path.length > 0) return { kind: 'ksr', path, how: 'name' }
    if (isFunction(callee)) return { kind: 'unit', unit: callee, how: 'here' }
    if (callee.type === 'Identifier') {
      const binding = scope.find(callee.name)
      const unit = settledUnit(binding)
      if (unit !== null) return { kind: 'unit', unit, how: 'name' }
      const name = binding?.imported ?? callee.name
      const isVariable = binding !== null && binding.imported === null
      return { kind: 'named', name, from: isVariable ? 'variable' : 'name' }
    }
    if (callee.type !== 'MemberExpression') return { kind: 'named', name: null, from: 'variable' }
    const name = propertyName(callee.property, callee.computed)
    const unit = this.unitOf(callee.object, scope)
    if (unit !== null && (name === 'call' || name === 'apply'))
      return { kind: 'unit', unit, how: 'call' }
    return { kind: 'named', name, from: callee.computed ? 'variable' : 'object' }
  }

  /** The function that an expression certainly is. */
  private unitOf(node: AnyNode, scope: Scope): Unit | null {
    if (isFunction(node)) return node
    return node.type === 'Identifier' ? settledUnit(scope.find(node.name)) : null
  }

  /** `KSR.sqlops.sql_query`, also through constants that stand for a part of it. */
  private ksrPath(node: AnyNode, scope: Scope, depth = 0): (string | null)[] | null {
    if (depth > 9) return null
    switch (node.type) {
      case 'Identifier': {
        const binding = scope.find(node.name)
        if (binding === null) return node.name === 'KSR' ? [] : null
        if (binding.alias === null || binding.values !== 1) return null
        return this.aliased(binding.alias, scope, depth)
      }
      case 'ChainExpression':
        return this.ksrPath(node.expression, scope, depth)
      case 'MemberExpression': {
        const before = this.ksrPath(node.object, scope, depth)
        return before && [...before, propertyName(node.property, node.computed)]
      }
      default:
        return null
    }
  }

  private aliased({ of, path }: Alias, scope: Scope, depth: number): (string | null)[] | null {
    const before = this.ksrPath(of, scope, depth + 1)
    return before && [...before, ...path]
  }

  /** A name that is not called, but handed on. */
  private reference(node: AnyNode & { name: string }, scope: Scope): void {
    const parent = this.parent(node)
    if (parent === undefined || !isValue(node, parent)) return
    const unit = settledUnit(scope.find(node.name))
    if (unit === null) return
    const names = this.heldAs(node, parent)
    const one = this.script.functions.get(unit)!
    if (names === null) one.escapes = true
    else for (const name of names) this.name(name, unit)
    if (isHeld(parent)) one.held = true
  }

  /** A function of KSR that is not called. */
  private handOn(node: MemberExpression & AnyNode, scope: Scope): void {
    const parent = this.parent(node)
    if (parent?.type === 'MemberExpression' && parent.object === node) return
    if (parent?.type === 'CallExpression' && parent.callee === node) return
    const path = this.ksrPath(node, scope)
    if (path !== null && path.length > 1) this.script.handed.push(path)
  }

  private exported(local: AnyNode, exported: AnyNode, scope: Scope): void {
    const unit = this.unitOf(local, scope)
    const name = propertyName(exported, false)
    if (unit !== null && name !== null) this.name(name, unit)
  }

  /** The names under which it is kept; null when it goes elsewhere. */
  private heldAs(node: AnyNode, parent: AnyNode): string[] | null {
    if (parent.type === 'CallExpression' && (parent.callee === node || goesThrough(parent)))
      return []
    if (parent.type === 'Property' || parent.type === 'PropertyDefinition') {
      const name = propertyName(parent.key, parent.computed)
      return name === null ? null : [name]
    }
    if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier')
      return [parent.id.name]
    if (parent.type === 'ExportDefaultDeclaration') return ['default']
    if (parent.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
      const name = propertyName(parent.left.property, parent.left.computed)
      return name === null ? null : [name]
    }
    return null
  }
}

const isHeld = (parent: AnyNode | undefined): boolean =>
  parent?.type === 'Property' ||
  parent?.type === 'PropertyDefinition' ||
  parent?.type === 'MethodDefinition' ||
  (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression')

/** Functions of the language that call another one for each item, and can wait for it here. */
export const ITERATING: ReadonlySet<string> = new Set(
  `forEach map filter some every find findIndex findLast findLastIndex flatMap reduce reduceRight
    from`.split(/\s+/),
)

const goesThrough = ({ callee }: CallExpression): boolean =>
  callee.type === 'MemberExpression' &&
  ITERATING.has(propertyName(callee.property, callee.computed) ?? '')

const settledUnit = (binding: Binding | null): Unit | null =>
  binding !== null && binding.values === 1 && !binding.given ? binding.unit : null

/** Is a name here read for its value? */
function isValue(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node ? !isOwnWord(parent) : parent.computed
    case 'Property':
    case 'PropertyDefinition':
      return parent.value === node
    case 'VariableDeclarator':
      return parent.init === node
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return parent.right === node
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'ExportSpecifier':
    case 'ImportSpecifier':
    case 'MethodDefinition':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false
    case 'ArrowFunctionExpression':
      return parent.body === node
    default:
      return true
  }
}

/** What a function has itself, which does not hand it on. */
const isOwnWord = ({ property, computed }: MemberExpression): boolean =>
  ['call', 'apply', 'name', 'length'].includes(propertyName(property, computed) ?? '')

/** Does a function expression stand where the text does not follow its value? */
function isLoose(node: Unit & AnyNode, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case 'CallExpression':
      return parent.callee !== node && !goesThrough(parent)
    case 'VariableDeclarator':
    case 'MethodDefinition':
    case 'ExportDefaultDeclaration':
    case 'Property':
    case 'PropertyDefinition':
      return false
    case 'AssignmentExpression':
      return parent.left.type !== 'MemberExpression' || parent.left.computed
    default:
      return node.type !== 'FunctionDeclaration'
  }
}

/** What belongs to a class is run when there is no function to be left. */
const outsideOf = (node: AnyNode): boolean =>
  node.type === 'StaticBlock' || node.type === 'PropertyDefinition'

function obstacleOf(node: Unit & AnyNode, file: SourceTree): string {
  const parent = file.parents.get(node)
  if (node.generator) return 'a generator of its own'
  if (parent?.type === 'Property' && parent.value === node && parent.kind !== 'init')
    return `a ${parent.kind === 'get' ? 'getter' : 'setter'}`
  if (parent?.type === 'MethodDefinition') {
    if (parent.kind === 'constructor') return 'a constructor'
    if (parent.kind !== 'method') return `a ${parent.kind === 'get' ? 'getter' : 'setter'}`
    if (parent.computed) return 'a method with a computed name'
  }
  if (parent?.type === 'Property' && parent.value === node && parent.method && parent.computed)
    return 'a method with a computed name'
  if (node.type === 'FunctionDeclaration' && !DECLARING.has(parent?.type ?? ''))
    return 'a function that is declared without a block around it'
  return innerObstacle(node)
}

const DECLARING = new Set(
  'Program BlockStatement StaticBlock ExportNamedDeclaration ExportDefaultDeclaration'.split(' '),
)

/** Words that mean something else in the function that it becomes. */
function innerObstacle(node: Unit & AnyNode): string {
  const parts = [...node.params, node.body]
  const isArrow = node.type === 'ArrowFunctionExpression'
  const found = parts
    .map(part => wordIn(part, isArrow, node.async === true))
    .find(word => word !== '')
  return found ?? ''
}

function wordIn(node: AnyNode, isArrow: boolean, isAsync: boolean): string {
  if (isFunction(node) && node.type !== 'ArrowFunctionExpression') return ''
  if (isFunction(node) && !isArrow) return ''
  if (isArrow) {
    if (node.type === 'Super') return 'an arrow function with super'
    if (node.type === 'MetaProperty') return 'an arrow function with new.target'
    if (node.type === 'Identifier' && node.name === 'arguments')
      return 'an arrow function with arguments'
    if (node.type === 'ClassBody') return ''
  }
  if (isAsync && node.type === 'ForOfStatement' && node.await) return 'a function with for await'
  for (const child of childrenOf(node)) {
    const word = wordIn(child, isArrow, isAsync)
    if (word !== '') return word
  }
  return ''
}
