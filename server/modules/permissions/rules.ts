/** Files of rules, `left : right`: lists of expressions, ALL, and exceptions behind EXCEPT. */
import { BadValue } from '../../core/module/index.ts'
import { IGNORE_CASE, regexFor } from '../../core/regex.ts'

/** One side of a rule: null fits all. */
interface Side {
  readonly expressions: readonly RegExp[] | null
  readonly exceptions: readonly RegExp[]
}

interface Rule {
  readonly left: Side
  readonly right: Side
}

export type Rules = readonly Rule[]

/** Where `wanted` stands outside of quotes, -1 when it does not. */
function outsideQuotes(text: string, wanted: string): number {
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted
    else if (!quoted && text.startsWith(wanted, i)) return i
  }
  return -1
}

function splitOutsideQuotes(text: string, by: string): string[] {
  const at = outsideQuotes(text, by)
  if (at < 0) return [text]
  return [text.slice(0, at), ...splitOutsideQuotes(text.slice(at + by.length), by)]
}

function expression(text: string): RegExp {
  const pattern = text.trim().replace(/^"(.*)"$/, '$1')
  const regex = pattern === '' ? null : regexFor(pattern, IGNORE_CASE)
  if (regex === null) throw new BadValue(`invalid expression ${text.trim()}`)
  return regex
}

function side(text: string): Side {
  const [list = '', ...exceptions] = splitOutsideQuotes(` ${text} `, ' EXCEPT ')
  if (exceptions.length > 1) throw new BadValue('EXCEPT stands there twice')
  const expressions =
    list.trim() === 'ALL' ? null : splitOutsideQuotes(list, ',').map(one => expression(one))
  const [excepted] = exceptions
  return {
    expressions,
    exceptions: excepted === undefined ? [] : splitOutsideQuotes(excepted, ',').map(expression),
  }
}

/** Throws BadValue with the number of the line that is no rule. */
export function readRules(text: string): Rules {
  const rules: Rule[] = []
  for (const [index, whole] of text.split('\n').entries()) {
    const comment = outsideQuotes(whole, '#')
    const line = (comment < 0 ? whole : whole.slice(0, comment)).trim()
    if (line === '') continue
    const halves = splitOutsideQuotes(line, ':')
    try {
      if (halves.length !== 2) throw new BadValue('a rule is `expressions : expressions`')
      rules.push({ left: side(halves[0]!), right: side(halves[1]!) })
    } catch (error) {
      throw new BadValue(`parse error in line ${index + 1}: ${(error as Error).message}`)
    }
  }
  return rules
}

function fitsSide({ expressions, exceptions }: Side, uri: string): boolean {
  if (expressions !== null && !expressions.some(regex => regex.test(uri))) return false
  return !exceptions.some(regex => regex.test(uri))
}

export const fits = (rules: Rules, left: string, right: string): boolean =>
  rules.some(rule => fitsSide(rule.left, left) && fitsSide(rule.right, right))
