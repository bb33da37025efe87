/**
 * `--explain FILE:LINE`: what the line does, in plain words. It knows no more than the config says
 * and the surfaces of its modules tell.
 */
import { basename, resolve } from 'node:path'
import type { Defines } from '../1-read/defines.ts'
import type { SourceFile } from '../1-read/source.ts'
import type { CaseNode, RouteNode, Statement } from '../2-parse/ast.ts'
import { blockText, type Context } from '../3-check/context.ts'
import { readable } from '../diagnostic-text.ts'
import { leaveLines } from './blocks.ts'
import { Details } from './details.ts'
import { type Found, findOn, type Line, nextAfter } from './find.ts'
import { outsideLines } from './outside.ts'
import { directiveLines, skippedText } from './reading.ts'
import { truth, value } from './words.ts'

export interface Explanation {
  readonly text: string
  /** False when there is nothing to explain: the text says why. */
  readonly found: boolean
}

/** What there is to look at: the files as they were read, and what was made of them. */
export interface Explained {
  readonly files: readonly SourceFile[]
  readonly defines: Defines
  readonly ctx: Context
}

const nothing = (text: string): Explanation => ({ text: `${text}\n`, found: false })

export function explainLine(source: Explained, path: string, number: number): Explanation {
  const file = fileNamed(source.files, path)
  if (file === null)
    return nothing(
      `${path} is not a part of this config, which consists of ${source.files
        .map(each => each.path)
        .join(', ')}`,
    )
  const lines = file.text.split('\n').length
  if (number < 1 || number > lines)
    return nothing(`${file.path} has no line ${number}: it has ${lines}`)
  return explain(source, { file, number })
}

/** By its whole path, or by its name alone when only one file has it. */
function fileNamed(files: readonly SourceFile[], path: string): SourceFile | null {
  const exact = files.find(file => file.path === path || resolve(file.path) === resolve(path))
  if (exact !== undefined) return exact
  const named = files.filter(file => basename(file.path) === path)
  return named.length === 1 ? named[0]! : null
}

function explain({ defines, ctx }: Explained, line: Line): Explanation {
  const { file, number } = line
  const place = `${file.path}:${number}`
  const skipped = skippedText(line, defines)
  if (skipped !== '') return nothing(`${place}: ${skipped}`)
  const directives = directiveLines(line, defines)
  const found = findOn(ctx.script, line).filter(each => each.kind !== 'end')
  if (found.length === 0 && directives.length === 0) return nothing(`${place}: ${empty(ctx, line)}`)
  const route = found.map(each => ('route' in each ? each.route : null)).find(each => each !== null)
  const within = route === undefined ? '' : `, in ${blockText(route!.route, route!.name)}`
  const text = [
    `${place}${within}`,
    `    ${readable(file.lineText(number)).trim()}`,
    ...(directives.length === 0 ? [] : ['', ...directives.map(readable)]),
    ...found.flatMap(each => ['', ...foundLines(ctx, each).map(readable)]),
  ]
  return { text: `${text.join('\n')}\n`, found: true }
}

function empty(ctx: Context, line: Line): string {
  const [end] = findOn(ctx.script, line)
  if (end?.kind === 'end') {
    const opened = end.of.file.lineOf(end.of.start)
    return `there is no statement on this line: it closes what was opened in line ${opened}.`
  }
  const next = nextAfter(ctx.script, line)
  const hint = next === 0 ? 'and none behind it' : `the next one is in line ${next}`
  return `there is no statement on this line; ${hint}.`
}

function foundLines(ctx: Context, found: Found): string[] {
  switch (found.kind) {
    case 'top':
      return outsideLines(ctx, found.node)
    case 'case':
      return caseLines(found.node)
    case 'else': {
      const { condition } = found.node
      const at = condition.at.file.lineOf(condition.at.start)
      return [`Else: runs when this does not hold (line ${at}): ${truth(condition)}.`]
    }
    case 'statement':
      return statementLines(ctx, found.node, found.route)
    default:
      return []
  }
}

function caseLines({ label, regex }: CaseNode): string[] {
  if (label === null) return ['Default: runs when no other label fits.']
  const how = regex ? 'matches the expression' : 'is'
  const rule = regex ? ' The expression regards case here.' : ''
  return [
    `Case: the statements from here to the next break run when the value ${how} ` +
      `${value(label)}.${rule}`,
  ]
}

function statementLines(ctx: Context, node: Statement, route: RouteNode): string[] {
  const details = new Details(ctx)
  switch (node.kind) {
    case 'if':
      details.expression(node.condition)
      return [
        `A condition. What follows runs when it holds: ${truth(node.condition)}.`,
        ...details.lines(),
      ]
    case 'while':
      details.expression(node.condition)
      return [
        `A loop. It goes round as long as this holds: ${truth(node.condition)}.`,
        'The core parameter max_while_loops bounds the rounds.',
        ...details.lines(),
      ]
    case 'switch':
      details.expression(node.subject)
      return [
        `A choice by a value: the case that equals ${value(node.subject)} runs, up to its break.`,
        ...details.lines(),
      ]
    case 'call':
      details.expression(node)
      return [callLine(node.name), ...details.lines()]
    case 'assign':
      details.expression(node)
      return [assignment(node), ...details.lines()]
    case 'leave':
      if (node.value !== null) details.expression(node.value)
      return [...leaveLines(node, route), ...details.lines()]
    case 'break':
      return ['Leaves the loop or switch around it.']
    case 'block':
      return ['A block of statements.']
    case 'empty':
      return ['An empty statement: it does nothing.']
  }
}

const callLine = (name: string): string =>
  name === 'route' ? 'Calls a route.' : `Calls the function ${name}.`

function assignment(node: Extract<Statement, { kind: 'assign' }>): string {
  const { target, value: given } = node
  if (given.kind === 'pvar' && given.name === 'null' && given.inner === null)
    return `Takes its value from ${target.text}: it is $null then.`
  return `Sets ${target.text} to ${value(given)}.`
}
