/** Pseudo-variables: `$ru`, `$hdr(Via)`, `$(avp(x)[1]{s.len})`, in code and in the midst of format strings. */
import { balanced } from '../1-read/lexer.ts'
import type { Place } from '../1-read/source.ts'
import type { PvarNode } from './ast.ts'

/** What is wrong with a variable, as a sentence. */
export class PvarError extends Error {}

const NAME = /[A-Za-z_?][A-Za-z0-9_.]*/y

/** Reads a whole token `$...`; throws PvarError. */
export function parsePvar(text: string, place: Place, known: (name: string) => boolean): PvarNode {
  const found = pvarAt(text, 0, place, known)
  if (found === null || found.end !== text.length)
    throw new PvarError('it is not of the form $name, $name(x) or $(name...)')
  return found.node
}

/** Reads the variable that starts at the `$` at `at`; null when there is none. */
export function pvarAt(
  text: string,
  at: number,
  place: Place,
  known: (name: string) => boolean,
): { node: PvarNode; end: number } | null {
  if (text[at + 1] === '(') {
    const close = balanced(text, at + 1)
    if (close < 0) throw new PvarError('a parenthesis is missing')
    return {
      node: parseInner(text.slice(at + 2, close), text.slice(at, close + 1), place, known),
      end: close + 1,
    }
  }
  if (text[at + 1] === '?')
    return { node: simple(text.slice(at, at + 2), '?', null, place), end: at + 2 }
  NAME.lastIndex = at + 1
  let name = NAME.exec(text)?.[0]
  if (name === undefined) return null
  // `$ruri.user` is one name where it is known; in "call to $rU." the dot ends the sentence.
  while (name.includes('.') && !known(name)) name = name.slice(0, name.lastIndexOf('.'))
  let end = at + 1 + name.length
  let inner: string | null = null
  if (text[end] === '(') {
    const close = balanced(text, end)
    if (close < 0) throw new PvarError('a parenthesis is missing')
    inner = text.slice(end + 1, close)
    end = close + 1
  }
  return { node: simple(text.slice(at, end), name, inner, place), end }
}

const simple = (text: string, name: string, inner: string | null, place: Place): PvarNode => ({
  place,
  text,
  name,
  inner,
  index: null,
  transformations: [],
})

function parseInner(
  body: string,
  text: string,
  place: Place,
  known: (name: string) => boolean,
): PvarNode {
  NAME.lastIndex = 0
  const trimmed = body.trim()
  const name = NAME.exec(trimmed)?.[0]
  if (name === undefined) throw new PvarError('a name is expected')
  let at = name.length
  let inner: string | null = null
  if (trimmed[at] === '(') {
    const close = balanced(trimmed, at)
    if (close < 0) throw new PvarError('a parenthesis is missing')
    inner = trimmed.slice(at + 1, close)
    at = close + 1
  }
  let index: PvarNode['index'] = null
  if (trimmed[at] === '[') {
    const close = trimmed.indexOf(']', at)
    if (close < 0) throw new PvarError('a ] is missing')
    index = readIndex(trimmed.slice(at + 1, close).trim(), place, known)
    at = close + 1
  }
  const transformations: { class: string; name: string; args: string[] }[] = []
  while (at < trimmed.length) {
    if (trimmed[at] !== '{')
      throw new PvarError(`unexpected text ${JSON.stringify(trimmed.slice(at))}`)
    const close = closingBrace(trimmed, at)
    if (close < 0) throw new PvarError('a } is missing')
    transformations.push(readTransformation(trimmed.slice(at + 1, close)))
    at = close + 1
  }
  return { place, text, name, inner, index, transformations }
}

function readIndex(
  text: string,
  place: Place,
  known: (name: string) => boolean,
): PvarNode['index'] {
  if (text === '*') return '*'
  if (/^-?\d+$/.test(text)) return Number(text)
  if (text.startsWith('$')) return parsePvar(text, place, known)
  throw new PvarError(`index ${text} is no number, variable or *`)
}

function closingBrace(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '{') depth++
    else if (text[i] === '}' && --depth === 0) return i
  }
  return -1
}

/** `s.substr,2,0`; the expression of re.subst keeps its commas. */
function readTransformation(text: string): { class: string; name: string; args: string[] } {
  const comma = text.indexOf(',')
  const head = (comma < 0 ? text : text.slice(0, comma)).trim()
  const dot = head.indexOf('.')
  if (dot <= 0) throw new PvarError(`transformation {${text}} is not {class.function}`)
  const group = head.slice(0, dot)
  const name = head.slice(dot + 1)
  const rest = comma < 0 ? null : text.slice(comma + 1)
  const whole = group === 're' || (group === 's' && name === 'ftime')
  const args = rest === null ? [] : whole ? [rest] : splitArgs(rest)
  return { class: group, name, args }
}

function splitArgs(text: string): string[] {
  const args: string[] = []
  let from = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (text[i] === ',' && depth === 0) {
      // A separator that is itself a comma: the argument before it is empty and nothing follows.
      if (i === text.length - 1 && i === from) break
      args.push(text.slice(from, i))
      from = i + 1
    }
  }
  args.push(text.slice(from))
  return args.map(arg => arg.replace(/\\([\\,])/g, '$1'))
}
