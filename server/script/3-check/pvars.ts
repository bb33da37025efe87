/**
 * Variables: do they exist, is their name in parentheses right, may they be assigned to, are their
 * transformations known?
 */
import { BadValue } from '../../core/module/index.ts'
import type { PvarEntry, Registry } from '../../core/registry.ts'
import type { Place } from '../1-read/source.ts'
import type { PvarNode } from '../2-parse/ast.ts'
import { constantText, type FormatPart, readFormat } from '../2-parse/formats.ts'
import { BadPvar, readPvar } from '../2-parse/pvars.ts'
import type { Context } from './context.ts'
import { arityText } from './arity.ts'
import { absentOwner, pvarAdvice, reportMissing, transformationAdvice } from './missing.ts'
import { checkRuntimeSelect } from './runtime-variables.ts'
import { suggest } from './suggest.ts'

/** What the name in parentheses becomes. */
export type PvarKey =
  | { readonly how: 'none' }
  /** A text that is read once, at load. */
  | { readonly how: 'text'; readonly text: string }
  /** A text with variables, put together and read per access. */
  | { readonly how: 'format'; readonly parts: readonly FormatPart[] }
  /** A text with variables that is read once, at load. */
  | { readonly how: 'compiled'; readonly text: string }
  /** A variable of its own: $cnt($avp(x)). */
  | { readonly how: 'pvar'; readonly node: PvarNode }
  /** A format of its own: $_s(x$rU). */
  | { readonly how: 'nested'; readonly parts: readonly FormatPart[] }

export type ResolvedPvar =
  | { readonly how: 'null' }
  | { readonly how: 'rc' }
  /** $var(name): a slot. */
  | { readonly how: 'var'; readonly name: string }
  | { readonly how: 'row'; readonly entry: PvarEntry; readonly key: PvarKey }

const WITH_INDEX = ['ai', 'pu', 'pU', 'pd', 'pn']
const RETURN_CODES = ['?', 'rc', 'retcode']

/**
 * The variable behind a node. Throws BadPvar or BadValue where its name in parentheses is wrong,
 * null when it is unknown.
 */
export function resolvePvar(registry: Registry, node: PvarNode): ResolvedPvar | null {
  if (node.inner === null) {
    if (node.name === 'null') return { how: 'null' }
    if (RETURN_CODES.includes(node.name)) return { how: 'rc' }
  }
  let entry = registry.pvar(node.name)
  let { inner } = node
  // Written as SER did: $name is an AVP when no variable has that name.
  if (entry === null && node.compat) {
    entry = registry.pvar('avp')
    inner = node.name
  }
  if (entry === null) return null
  if (node.name === 'var' && inner !== null && !inner.includes('$'))
    return { how: 'var', name: inner }
  return { how: 'row', entry, key: keyOf(entry, inner, node.at) }
}

function keyOf(entry: PvarEntry, inner: string | null, at: Place): PvarKey {
  if (inner === null) return { how: 'none' }
  if (entry.row.compile !== undefined) return { how: 'compiled', text: inner }
  if (entry.row.nested === 'pvar') return { how: 'pvar', node: readPvar(inner, at) }
  if (entry.row.nested === 'format') return { how: 'nested', parts: readFormat(inner, at) }
  if (!inner.includes('$')) return { how: 'text', text: inner }
  const parts = readFormat(inner, at)
  const text = constantText(parts)
  return text === null ? { how: 'format', parts } : { how: 'text', text }
}

/** Where the variable itself stands: in a string its place is the whole string. */
function placeOf({ text, at }: PvarNode): Place {
  const { file, start, end } = at
  const found = file.text.slice(start, end).indexOf(text)
  if (found < 0) return at
  return { file, start: start + found, end: start + found + text.length }
}

/** Reports what is wrong with a variable; true when nothing is. */
export function checkPvar(ctx: Context, node: PvarNode): boolean {
  let resolved: ResolvedPvar | null
  try {
    resolved = resolvePvar(ctx.registry, node)
    if (resolved === null) return unknown(ctx, node)
    if (resolved.how === 'row' && !checkRow(ctx, node, resolved.entry, resolved.key)) return false
  } catch (error) {
    if (!(error instanceof BadPvar) && !(error instanceof BadValue)) throw error
    ctx.report.error(placeOf(node), 'CFG_BAD_VALUE', `${node.text}: ${error.message}`, error.hint)
    return false
  }
  if (node.index !== null && !takesIndex(node, resolved)) {
    ctx.report.error(node.at, 'CFG_PVAR_INDEX', node.name)
    return false
  }
  if (typeof node.index === 'object' && node.index !== null && !checkPvar(ctx, node.index))
    return false
  return checkTransformations(ctx, node)
}

/** Among the variables without a name in parentheses few have more than one value. */
function takesIndex({ name }: PvarNode, resolved: ResolvedPvar): boolean {
  if (resolved.how !== 'row') return false
  return resolved.key.how !== 'none' || WITH_INDEX.includes(name)
}

function checkTransformations(ctx: Context, node: PvarNode): boolean {
  try {
    return node.transformations.every(each => checkTransformation(ctx, node, each))
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    ctx.report.error(placeOf(node), 'CFG_BAD_VALUE', `${node.text}: ${error.message}`, error.hint)
    return false
  }
}

function unknown(ctx: Context, node: PvarNode): boolean {
  const { registry, report } = ctx
  const dot = node.name.indexOf('.')
  const short = dot < 0 ? '' : node.name.slice(0, dot)
  if (short !== '' && registry.pvar(short) !== null)
    report.error(placeOf(node), 'CFG_PVAR_DOT', node.name, short)
  else {
    const alike = suggest(node.name, registry.pvarNames()).map(name => `$${name}`)
    report.error(placeOf(node), 'CFG_UNKNOWN_PVAR', node.name, alike, pvarAdvice(ctx, node.name))
  }
  return false
}

function checkRow(ctx: Context, node: PvarNode, entry: PvarEntry, key: PvarKey): boolean {
  const { row } = entry
  if (absentOwner(ctx, entry.module) !== null)
    reportMissing(ctx, placeOf(node), 'CFG_MISSING_PVAR', node.name, entry.module)
  if (row.since6 === true && ctx.strict56)
    ctx.report.error(placeOf(node), 'CFG_ONLY_6', `the variable $${node.name}`)
  if (row.inner === 'required' && key.how === 'none') {
    ctx.report.error(placeOf(node), 'CFG_PVAR_INNER', node.name)
    return false
  }
  if (row.inner === 'none' && key.how !== 'none') {
    ctx.report.error(placeOf(node), 'CFG_PVAR_NO_INNER', node.name)
    return false
  }
  if (key.how === 'text') {
    row.parse?.(key.text)
    if (node.name === 'sel') return checkRuntimeSelect(ctx, key.text, placeOf(node))
  }
  if (key.how === 'compiled') row.compile!(key.text, ctx.formats)
  if (key.how === 'pvar') return checkPvar(ctx, key.node)
  if (key.how === 'format' || key.how === 'nested') return checkFormat(ctx, key.parts)
  return true
}

/** The variables of a format. */
export function checkFormat(ctx: Context, parts: readonly FormatPart[]): boolean {
  let good = true
  for (const part of parts) if (typeof part !== 'string' && !checkPvar(ctx, part)) good = false
  return good
}

function checkTransformation(
  ctx: Context,
  node: PvarNode,
  transformation: PvarNode['transformations'][number],
): boolean {
  const { registry, report } = ctx
  const name = `${transformation.group}.${transformation.name}`
  const entry = registry.transformation(transformation.group, transformation.name)
  if (entry === null) {
    report.error(
      placeOf(node),
      'CFG_UNKNOWN_TRANSFORMATION',
      name,
      suggest(name, registry.transformationNames()).map(each => `{${each}}`),
      transformationAdvice(ctx, name),
    )
    return false
  }
  if (absentOwner(ctx, entry.module) !== null)
    reportMissing(ctx, placeOf(node), 'CFG_MISSING_TRANSFORMATION', name, entry.module)
  const { minArgs, maxArgs, prepare, since6 } = entry.row
  if (since6 === true && ctx.strict56)
    report.error(placeOf(node), 'CFG_ONLY_6', `the transformation {${name}}`)
  if (prepare !== undefined) {
    prepare(transformation.written, ctx.formats)
    return true
  }
  const given = transformation.args.length
  if (given < minArgs || given > maxArgs) {
    report.error(
      placeOf(node),
      'CFG_TRANSFORMATION_ARITY',
      name,
      given,
      arityText(minArgs, maxArgs),
    )
    return false
  }
  return transformation.args.every(arg => typeof arg === 'string' || checkPvar(ctx, arg))
}

/** Reports a variable that cannot stand left of `=`. */
export function checkTarget(ctx: Context, node: PvarNode): boolean {
  if (!checkPvar(ctx, node)) return false
  if (node.transformations.length > 0) {
    ctx.report.error(placeOf(node), 'CFG_TRANSFORMED_TARGET', node.text)
    return false
  }
  const resolved = resolvePvar(ctx.registry, node)!
  const writable =
    resolved.how === 'var' || (resolved.how === 'row' && resolved.entry.row.set !== undefined)
  if (!writable) ctx.report.error(placeOf(node), 'CFG_READ_ONLY', node.text)
  return writable
}
