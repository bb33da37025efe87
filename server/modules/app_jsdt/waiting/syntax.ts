/** The tree of a script file, as acorn gives it, and how to go through it. */
import { type AnyNode, type Function, type Program, parse } from 'acorn'
import type { Token } from '../tokens.ts'

export type Unit = Function
export type Parents = ReadonlyMap<AnyNode, AnyNode>

export interface Source {
  readonly path: string
  readonly text: string
  readonly tokens: readonly Token[]
  /** It has import or export statements. */
  readonly isModule: boolean
}

export interface SourceTree extends Source {
  readonly program: Program
  readonly parents: Parents
}

/** null: acorn does not understand it, and the engine will say what is wrong with it. */
export function readTree(source: Source): SourceTree | null {
  try {
    const program = parse(source.text, {
      ecmaVersion: 'latest',
      sourceType: source.isModule ? 'module' : 'script',
      allowReturnOutsideFunction: true,
      allowHashBang: true,
    })
    return { ...source, program, parents: parentsOf(program) }
  } catch {
    return null
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string'

/** The nodes right below one. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = []
  for (const value of Object.values(node) as unknown[]) {
    if (isNode(value)) children.push(value)
    else if (Array.isArray(value)) children.push(...value.filter(isNode))
  }
  return children
}

function parentsOf(program: Program): Parents {
  const parents = new Map<AnyNode, AnyNode>()
  const visit = (node: AnyNode): void => {
    for (const child of childrenOf(node)) {
      parents.set(child, node)
      visit(child)
    }
  }
  visit(program)
  return parents
}

export const isFunction = (node: AnyNode | undefined): node is Unit & AnyNode =>
  node?.type === 'FunctionDeclaration' ||
  node?.type === 'FunctionExpression' ||
  node?.type === 'ArrowFunctionExpression'

/** `file:line:col` as the diagnostics of a config have it. */
export function placeIn({ path, text }: Source, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return `${path}:${line}:${at - before.lastIndexOf('\n')}`
}

/** The name of a property that is known from the text; null when it is computed. */
export function propertyName(key: AnyNode, computed: boolean): string | null {
  if (!computed && key.type === 'Identifier') return key.name
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  return key.type === 'Literal' ? String(key.value) : null
}
