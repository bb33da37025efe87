/** What stands between brackets in an expression of PCRE. */
import { BadValue } from './module/index.ts'
import { CLASSES } from './regex.ts'

/** PCRE's blanks: those of C, and not the wider ones of JavaScript. */
export const SPACE = ' \\t\\n\\v\\f\\r'

const POSIX: Record<string, string> = {
  ...CLASSES,
  word: 'A-Za-z0-9_',
  ascii: '\\x00-\\x7f',
}

const SHORT: Record<string, string> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: SPACE,
  h: ' \\t\\xa0',
  v: '\\n\\v\\f\\r\\x85',
  D: '\\D',
  W: '\\W',
  S: '\\S',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  b: '\\x08',
  a: '\\x07',
  e: '\\x1b',
}

const inClass = (code: string): string => (/[\\\]^[-]/.test(code) ? `\\${code}` : code)

/** `[:alpha:]`, an escape, or one character; `at` is where it begins. */
function readMember(pattern: string, at: number): { out: string; next: number } {
  if (pattern.startsWith('[:', at)) {
    const end = pattern.indexOf(':]', at)
    const name = pattern.slice(at + 2, end)
    if (end > 0 && POSIX[name] !== undefined) return { out: POSIX[name], next: end + 2 }
    if (end > 0 && /^\^?[a-z]+$/.test(name))
      throw new BadValue(`[:${name}:] is no class of characters here`)
  }
  const code = pattern[at]!
  if (code !== '\\') return { out: inClass(code), next: at + 1 }
  const hex = /^\\x(?:\{([0-9a-fA-F]{1,2})\}|([0-9a-fA-F]{1,2}))/.exec(pattern.slice(at, at + 7))
  if (hex !== null)
    return { out: `\\x${(hex[1] ?? hex[2]!).padStart(2, '0')}`, next: at + hex[0].length }
  const escaped = pattern[at + 1]
  if (escaped === undefined) throw new BadValue('the expression ends in a backslash')
  if (/[A-Za-z]/.test(escaped) && SHORT[escaped] === undefined)
    throw new BadValue(`\\${escaped} is not supported between brackets`)
  return { out: SHORT[escaped] ?? inClass(escaped), next: at + 2 }
}

/** Reads on behind `[`. A `]` that comes first is a character, as in POSIX. */
export function readBracket(pattern: string, from: number): { out: string; next: number } {
  const negated = pattern[from] === '^'
  const start = negated ? from + 1 : from
  let out = ''
  for (let at = start; at < pattern.length; ) {
    if (pattern[at] === ']' && at > start)
      return { out: `[${negated ? '^' : ''}${out}]`, next: at + 1 }
    if (pattern[at] === '-' && at > start && pattern[at + 1] !== ']') {
      // A range: what follows stands by itself.
      out += '-'
      at++
      if (pattern[at] === undefined) break
    }
    const member = readMember(pattern, at)
    out += member.out
    at = member.next
  }
  throw new BadValue("missing ']'")
}
