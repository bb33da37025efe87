/** A function that may wait, in the text: a generator, with a plain function in front of it. */
import type { AnyNode, ClassBody, MethodDefinition, Program, Property } from 'acorn'
import type { Edit } from '../edits.ts'
import type { Token } from '../tokens.ts'
import { insertAt, type Opened, tokenAt } from './call-edits.ts'
import { ARGUMENTS, AWAITS, METHODS, NOW, PAIR, SUFFIX, WAITS } from './names.ts'
import { childrenOf, isFunction, propertyName, type SourceTree, type Unit } from './syntax.ts'

export interface Shape {
  /** A value of its parameters waits, so that they are read by its body. */
  readonly patterns: boolean
  /** It is called where it stands, by a function that waits for it. */
  readonly called: boolean
}

export function functionEdits(node: Unit & AnyNode, file: SourceTree, shape: Shape): Opened {
  const parent = file.parents.get(node)
  const params = shape.patterns ? paramEdits(node, file.tokens) : []
  if (parent?.type === 'MethodDefinition') return withParams(methodEdits(parent, file), params)
  if (parent?.type === 'Property' && parent.method)
    return withParams(memberEdits(parent, file), params)
  const unasync = asyncWord(node, node.start, file.tokens)
  if (node.type === 'FunctionDeclaration' && node.id)
    return { edits: [...unasync, starBehindWord(node, file.tokens), ...params], close: [] }
  const { before, behind } = wrapped(node, nameOf(node, parent), shape.called)
  if (node.type === 'ArrowFunctionExpression')
    return arrowEdits(node, file, { before, behind, unasync, patterns: shape.patterns })
  const { id } = node
  // The pair has its name, so that it finds both of its forms by it.
  const nameless = id ? [{ start: id.start, end: id.end, insert: '' }] : []
  const star = starBehindWord(node, file.tokens)
  return {
    edits: [insertAt(node.start, before), ...unasync, star, ...nameless, ...params],
    close: [insertAt(node.end, behind)],
  }
}

/** What stands around a function expression that waits. */
function wrapped(
  node: Unit & AnyNode,
  name: string,
  called: boolean,
): { readonly before: string; readonly behind: string } {
  const own = node.type === 'FunctionExpression' && node.id ? node.id.name : ''
  const mark = asyncMark(node)
  const pair = own === '' ? [`${PAIR}(`, `,${JSON.stringify(name)}${mark})`] : ['', '']
  if (own !== '') {
    pair[0] = `(()=>{const ${own}=${PAIR}(`
    pair[1] = `,${JSON.stringify(own)}${mark});return ${own}})()`
  }
  // Out of its object, so that it finds no `this`, as before.
  if (!called) return { before: pair[0]!, behind: pair[1]! }
  return { before: `(0,${pair[0]}`, behind: `${pair[1]}.${node.async ? AWAITS : WAITS})` }
}

const withParams = ({ edits, close }: Opened, params: readonly Edit[]): Opened => ({
  edits: [...edits, ...params],
  close,
})

const asyncMark = (node: Unit): string => (node.async ? ',true' : '')

interface ArrowParts {
  readonly before: string
  readonly behind: string
  readonly unasync: readonly Edit[]
  readonly patterns: boolean
}

/** `(a) => a + 1` becomes `function*(a) {return(a + 1)}`, with the `this` of its surroundings. */
function arrowEdits(
  node: Unit & AnyNode,
  { tokens }: SourceTree,
  { before, behind, unasync, patterns }: ArrowParts,
): Opened {
  const arrow = arrowOf(node, tokens)
  const [first] = node.params
  const isBare = first !== undefined && tokens[indexOf(tokens, arrow) - 1]!.text !== ')'
  const isBlock = node.body.type === 'BlockStatement'
  const bound = usesThis(node) ? '.bind(this)' : ''
  // A function's own call of bind is part of no expression that begins with `function`.
  const bracket = bound === '' ? ['', ''] : ['(', `)${bound}`]
  const opened = patterns ? '' : '{'
  const close = isBlock ? '' : ')}'
  const edits = [insertAt(node.start, `${before}${bracket[0]}function*`), ...unasync]
  if (isBare && !patterns) edits.push(insertAt(first.start, '('), insertAt(first.end, ')'))
  if (patterns) edits.push(...paramEdits(node, tokens))
  edits.push({ start: arrow.start, end: arrow.end, insert: isBlock ? '' : `${opened}return(` })
  return { edits, close: [insertAt(node.end, `${close}${bracket[1]}${behind}`)] }
}

const indexOf = (tokens: readonly Token[], token: Token): number => tokens.indexOf(token)

/** The `=>` of an arrow function: the last one before its body. */
function arrowOf(node: Unit & AnyNode, tokens: readonly Token[]): Token {
  let found = tokenAt(tokens, node.start)!
  for (let i = tokens.indexOf(found); tokens[i]!.start < node.body.start; i++)
    if (tokens[i]!.text === '=>') found = tokens[i]!
  return found
}

/** Does an arrow function read the `this` around it? */
function usesThis(node: AnyNode): boolean {
  if (node.type === 'ThisExpression') return true
  for (const child of childrenOf(node)) {
    if (isFunction(child) && child.type !== 'ArrowFunctionExpression') continue
    if (usesThis(child)) return true
  }
  return false
}

function asyncWord(node: Unit, at: number, tokens: readonly Token[]): Edit[] {
  if (!node.async) return []
  const { start, end } = tokenAt(tokens, at)!
  return [{ start, end, insert: '' }]
}

function starBehindWord(node: Unit, tokens: readonly Token[]): Edit {
  const first = tokens.indexOf(tokenAt(tokens, node.start)!)
  return insertAt(tokens[node.async ? first + 1 : first]!.end, '*')
}

/** `(a, b = wait()) {` becomes `(...list){var[a, b = wait()]=list;` */
function paramEdits(node: Unit & AnyNode, tokens: readonly Token[]): Edit[] {
  const isArrow = node.type === 'ArrowFunctionExpression'
  const body = tokenAt(tokens, node.body.start)!
  const isBlock = node.body.type === 'BlockStatement'
  const before = isArrow ? arrowOf(node, tokens) : body
  const close = tokens[tokens.indexOf(before) - 1]!
  const open = tokens[close.partner]!
  const edits = [
    insertAt(open.end, `...${ARGUMENTS}){var[`),
    { start: close.start, end: close.end, insert: `]=${ARGUMENTS};` },
  ]
  if (isBlock) edits.push({ start: body.start, end: body.end, insert: '' })
  return edits
}

/** A method of a class; METHODS makes both of its forms, NOW those of a private one. */
function methodEdits({ key, value, start, static: isStatic }: MethodDefinition, file: SourceTree) {
  const first = tokenAt(file.tokens, start)!
  const behindStatic = isStatic ? file.tokens[file.tokens.indexOf(first) + 1]!.start : start
  const edits = asyncWord(value, behindStatic, file.tokens)
  const name = propertyName(key, false)!
  // The value of a field may stand above it, and would be multiplied.
  if (key.type !== 'PrivateIdentifier')
    return { edits: [...edits, insertAt(key.start, isStatic ? '*' : ';*')], close: [] }
  const self = `this.${name}${SUFFIX}`
  const word = isStatic ? 'static ' : ''
  const mark = value.async ? ',true' : ''
  const plain = `${name}(...${ARGUMENTS}){return ${NOW}(${self},this,${ARGUMENTS}${mark})}`
  return {
    edits: [...edits, insertAt(key.start, `${plain}${word}*`), insertAt(key.end, SUFFIX)],
    close: [],
  }
}

/** What stands first in a class: its methods get their other form. */
export function classEdits(body: ClassBody, waits: (unit: Unit) => boolean): Edit[] {
  const methods = body.body.filter(
    each =>
      each.type === 'MethodDefinition' &&
      waits(each.value) &&
      each.key.type !== 'PrivateIdentifier',
  ) as MethodDefinition[]
  if (methods.length === 0) return []
  const listed = (isStatic: boolean): string =>
    JSON.stringify(
      methods
        .filter(each => each.static === isStatic)
        .map(({ key, value }) => [propertyName(key, false), value.async]),
    )
  return [insertAt(body.start + 1, `static{${METHODS}(this,${listed(false)},${listed(true)})}`)]
}

/** `{ m(a) {} }` becomes `{ m:PAIR({*m(a) {}}.m) }`. */
function memberEdits({ key, value, start, end }: Property & AnyNode, file: SourceTree): Opened {
  const text = file.text.slice(key.start, key.end)
  const name = propertyName(key, false)!
  const unasync = asyncWord(value as Unit, start, file.tokens)
  const mark = (value as Unit).async ? ',true' : ''
  return {
    edits: [insertAt(start, `${text}:${PAIR}({`), ...unasync, insertAt(key.start, '*')],
    close: [insertAt(end, `}[${JSON.stringify(name)}],${JSON.stringify(name)}${mark})`)],
  }
}

/** Functions declared in a block get their other form where it begins. */
export function declaredEdits(
  block: AnyNode & { body: readonly AnyNode[] },
  file: SourceTree,
  waits: (unit: Unit) => boolean,
): Edit[] {
  const names = new Map<string, boolean>()
  for (const statement of block.body) {
    const declared = declarationIn(statement)
    if (declared?.id && waits(declared)) names.set(declared.id.name, declared.async)
  }
  if (names.size === 0) return []
  const made = [...names].map(
    ([name, isAsync]) =>
      `${name}=${PAIR}(${name},${JSON.stringify(name)}${isAsync ? ',true' : ''});`,
  )
  return [insertAt(firstPlace(block, file), `;${made.join('')}`)]
}

function declarationIn(statement: AnyNode): Unit | null {
  if (statement.type === 'FunctionDeclaration') return statement
  if (
    statement.type === 'ExportNamedDeclaration' &&
    statement.declaration?.type === 'FunctionDeclaration'
  )
    return statement.declaration
  if (
    statement.type === 'ExportDefaultDeclaration' &&
    statement.declaration.type === 'FunctionDeclaration'
  )
    return statement.declaration as Unit
  return null
}

/** Behind directives like "use strict", and behind the first line when that is for a shell. */
function firstPlace(block: AnyNode & { body: readonly AnyNode[] }, { text }: SourceTree): number {
  const directives = block.body.filter(
    each => each.type === 'ExpressionStatement' && each.directive !== undefined,
  )
  const last = directives.at(-1)
  if (last !== undefined) return last.end
  if ((block as Program).type !== 'Program') return block.start + 1
  return text.startsWith('#!') ? Math.max(text.indexOf('\n'), 0) + 1 : 0
}

function nameOf(node: Unit & AnyNode, parent: AnyNode | undefined): string {
  if (node.id) return node.id.name
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : ''
    case 'Property':
    case 'PropertyDefinition':
      return propertyName(parent.key, parent.computed) ?? ''
    case 'AssignmentExpression':
      return parent.left.type === 'Identifier' ? parent.left.name : ''
    case 'ExportDefaultDeclaration':
      return 'default'
    default:
      return ''
  }
}
