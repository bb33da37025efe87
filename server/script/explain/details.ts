/**
 * What is behind the names in a statement: the functions, variables and transformations, each once,
 * with what their modules say of them, and the rules of the language that are at work.
 */
import { type Arg, BadValue, type RouteKind, waitsGiven } from '../../core/module/index.ts'
import type { FunctionEntry } from '../../core/registry.ts'
import { positionText } from '../1-read/source.ts'
import type { CallNode, Expression, PvarNode } from '../2-parse/ast.ts'
import { readFormat } from '../2-parse/formats.ts'
import { argumentText } from '../3-check/arguments.ts'
import { allowedText, blockText, type Context } from '../3-check/context.ts'
import { absentOwner } from '../3-check/missing.ts'
import { resolvePvar } from '../3-check/pvars.ts'
import { BadPvar, readPvar } from '../2-parse/pvars.ts'
import { callText, value } from './words.ts'

const ARGUMENTS: Readonly<Record<Arg<unknown>['kind'], string>> = {
  text: 'as it is written',
  format: 'with its variables filled in',
  lazyFormat: 'with its variables filled in',
  int: 'a number',
  parsed: 'read when the config is loaded',
  pvar: 'a variable',
  route: 'a route block',
}

export class Details {
  private readonly ctx: Context
  private readonly paragraphs = new Map<string, string[]>()
  private readonly rules = new Set<string>()

  constructor(ctx: Context) {
    this.ctx = ctx
  }

  lines(): string[] {
    const notes = [...this.rules].map(rule => `  ${rule}`)
    const parts = [...this.paragraphs.values()].flatMap(lines => ['', ...lines])
    return notes.length === 0 ? parts : [...parts, '', ...notes]
  }

  /** Collects what an expression names; `condition` tells that its truth is asked for. */
  expression(node: Expression): void {
    switch (node.kind) {
      case 'pvar':
        this.pvar(node)
        break
      case 'select':
        this.add(`@${node.path}`, ['a select, read as $sel(...) of module pv is'])
        break
      case 'text':
        break
      case 'call':
        this.call(node)
        break
      case 'unary':
        this.expression(node.operand)
        break
      case 'binary':
        this.operator(node.operator, node.left, node.right)
        this.expression(node.left)
        this.expression(node.right)
        break
      case 'choice':
        for (const each of [node.condition, node.yes, node.no]) this.expression(each)
        break
      case 'assign':
        this.pvar(node.target)
        this.expression(node.value)
        break
      case 'myself':
        this.rules.add(
          'myself: the sockets and aliases of this server, and what modules add to them.',
        )
        break
      default:
    }
  }

  private add(title: string, lines: readonly string[]): void {
    if (!this.paragraphs.has(title))
      this.paragraphs.set(title, [`  ${title}`, ...lines.map(line => `      ${line}`)])
  }

  private operator(operator: string, left: Expression, right: Expression): void {
    if (operator === '=~')
      this.rules.add('=~ compares with a POSIX extended expression, without regard to case.')
    const isNull = right.kind === 'pvar' && right.name === 'null'
    if ((operator === '==' || operator === '!=') && isNull)
      this.rules.add('$null asks whether there is a value at all; 0 and "" are values.')
    else if ((operator === '==' || operator === '!=' || operator === '+') && left.kind === 'pvar')
      this.rules.add(
        `The left side of ${operator} decides: a text makes it one of texts, ` +
          'a number one of numbers.',
      )
  }

  private call(call: CallNode): void {
    const title = callText(call)
    if (call.name === 'route') {
      this.add(title, this.routeCall(call))
    } else {
      const entry = this.ctx.registry.function(call.name)
      if (entry === null) this.add(title, ['no module that is loaded has this function'])
      else this.add(title, this.functionLines(call, entry))
    }
    for (const arg of call.args) this.argument(arg)
  }

  private routeCall(call: CallNode): string[] {
    const [arg] = call.args
    const name = arg === undefined ? null : argumentText(arg)
    if (name === null)
      return ['goes through the route whose name the argument gives, and comes back']
    return [
      ...this.blockLine('route', name),
      'comes back with its code, unless it ended the script',
    ]
  }

  private blockLine(kind: RouteKind, name: string): string[] {
    const block = this.ctx.routes.find(kind, name)
    if (block === null) return [`there is no ${blockText(kind, name)}`]
    return [`${blockText(kind, name)} is in ${positionText(block.at)}`]
  }

  private functionLines(call: CallNode, entry: FunctionEntry): string[] {
    const { row, module } = entry
    if (absentOwner(this.ctx, module) !== null)
      return [`a function of module ${module}, which is not here yet: it returns -1`]
    const owner = module === 'core' ? 'a function of the language itself' : `module ${module}`
    const lines = [`${row.doc} (${owner})`]
    call.args.forEach((node, i) => {
      const arg = row.args[i]
      if (arg !== undefined) lines.push(...this.argumentLines(node, arg))
    })
    if (allowedText(row.routes).split(', ').length < 7)
      lines.push(`allowed in ${allowedText(row.routes)}`)
    if (waitsGiven(row, call.args.length))
      lines.push('it may wait: other messages are processed in the meantime')
    lines.push('returns more than 0 for true, less than 0 for false; 0 ends the script')
    return lines
  }

  private argumentLines(node: Expression, arg: Arg<unknown>): string[] {
    const given = value(node)
    const lines = [`${arg.name} = ${given}: ${ARGUMENTS[arg.kind]}`]
    if (arg.kind === 'route' && node.kind === 'text')
      lines.push(...this.blockLine(arg.routeKind ?? 'route', node.value))
    return lines
  }

  /** Variables in texts: only functions read texts so. */
  private argument(node: Expression): void {
    this.expression(node)
    if (node.kind !== 'text' || !node.value.includes('$')) return
    try {
      for (const part of readFormat(node.value, node.at))
        if (typeof part !== 'string') this.pvar(part)
    } catch (error) {
      if (!(error instanceof BadPvar)) throw error
    }
  }

  pvar(node: PvarNode): void {
    if (node.name === 'null' && node.inner === null) return
    this.add(node.text, [...this.pvarLines(node), ...this.transformationLines(node)])
    for (const each of node.transformations)
      for (const arg of each.args) if (typeof arg !== 'string') this.pvar(arg)
    if (node.inner?.startsWith('$') === true) this.inner(node)
  }

  private inner(node: PvarNode): void {
    try {
      this.pvar(readPvar(node.inner!, node.at))
    } catch (error) {
      if (!(error instanceof BadPvar)) throw error
    }
  }

  private pvarLines(node: PvarNode): string[] {
    try {
      const resolved = resolvePvar(this.ctx.registry, node)
      if (resolved === null) return ['no module that is loaded has this variable']
      if (resolved.how === 'null') return []
      if (resolved.how === 'rc') return ['What the last function or route returned.']
      const entry = resolved.how === 'row' ? resolved.entry : this.ctx.registry.pvar('var')
      if (entry === null) return []
      const { module, row } = entry
      if (absentOwner(this.ctx, module) !== null)
        return [`a variable of module ${module}, which is not here yet: $null`]
      const write = row.set === undefined ? 'read only' : 'can be assigned to'
      const owner = module === 'core' ? 'the language itself' : `module ${module}`
      return [`${row.doc} (${owner}, ${write})`, ...indexLine(node)]
    } catch (error) {
      if (!(error instanceof BadPvar) && !(error instanceof BadValue)) throw error
      return [error.message]
    }
  }

  private transformationLines({ transformations }: PvarNode): string[] {
    return transformations.map(({ group, name, written }) => {
      const entry = this.ctx.registry.transformation(group, name)
      const args = written === '' ? '' : `,${written}`
      return `{${group}.${name}${args}}: ${entry?.row.doc ?? 'no module that is loaded has it'}`
    })
  }
}

function indexLine({ index }: PvarNode): string[] {
  if (index === null) return []
  if (index === 'all') return ['[*]: all of its values']
  if (typeof index !== 'number') return [`[${index.text}]: the value with this number`]
  if (index < 0) return [`[${index}]: counted from the last one`]
  return [`[${index}]: the value with this number, 0 is the first`]
}
