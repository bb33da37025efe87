/**
 * fnmatch(): shell patterns, `*`, `?` and `[a-z]`, matched without going back more than once a
 * star.
 */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Textopsx } from './textopsx.ts'

export function matchPattern(
  _self: Textopsx,
  _msg: SipMessage,
  value: string,
  pattern: string,
  flags = '',
): Verdict {
  const ignoreCase = flags.includes('i')
  return ignoreCase ? verdict(value.toLowerCase(), pattern.toLowerCase()) : verdict(value, pattern)
}

const verdict = (value: string, pattern: string): Verdict => (matches(value, pattern) ? 1 : -1)

function matches(value: string, pattern: string): boolean {
  let at = 0
  let p = 0
  let star = -1
  let starAt = 0
  while (at < value.length) {
    if (pattern[p] === '*') {
      star = p++
      starAt = at
      continue
    }
    const next = one(value[at]!, pattern, p)
    if (next >= 0) {
      at++
      p = next
    } else if (star >= 0) {
      // The last star takes one character more.
      at = ++starAt
      p = star + 1
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** The offset behind the piece of the pattern that takes this character, -1 when it does not. */
function one(character: string, pattern: string, p: number): number {
  const code = pattern[p]
  if (code === undefined) return -1
  if (code === '?') return p + 1
  if (code === '[') {
    const end = bracketEnd(pattern, p)
    if (end > 0) return inBracket(character, pattern.slice(p + 1, end)) ? end + 1 : -1
  }
  if (code === '\\' && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : -1
  return code === character ? p + 1 : -1
}

/** The offset of the `]`, -1 when the bracket is an ordinary character. */
function bracketEnd(pattern: string, p: number): number {
  let i = p + 1
  if (pattern[i] === '!' || pattern[i] === '^') i++
  // As the first character `]` stands for itself.
  if (pattern[i] === ']') i++
  for (; i < pattern.length; i++) {
    if (pattern.startsWith('[:', i)) {
      const end = pattern.indexOf(':]', i)
      if (end > 0) i = end + 1
    } else if (pattern[i] === ']') return i
  }
  return -1
}

const CLASSES: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t\n\v\f\r]/,
  blank: /[ \t]/,
  xdigit: /[0-9A-Fa-f]/,
  punct: /[!-/:-@[-`{-~]/,
}

function inBracket(character: string, inner: string): boolean {
  const negated = inner.startsWith('!') || inner.startsWith('^')
  let found = false
  for (let i = negated ? 1 : 0; i < inner.length; i++) {
    const klass = /^\[:([a-z]+):\]/.exec(inner.slice(i))
    if (klass !== null) {
      if (CLASSES[klass[1]!]?.test(character) === true) found = true
      i += klass[0].length - 1
    } else if (inner[i + 1] === '-' && i + 2 < inner.length) {
      if (character >= inner[i]! && character <= inner[i + 2]!) found = true
      i += 2
    } else if (inner[i] === character) found = true
  }
  return found !== negated
}
