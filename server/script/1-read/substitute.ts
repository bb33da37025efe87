/**
 * `#!subst "/expression/replacement/flags"`: what it does to every string, variable and include
 * name read after it.
 */
import { BadValue } from '../../core/module/index.ts'
import { compileRegex, GLOBAL, IGNORE_CASE, LINES } from '../../core/regex.ts'

export interface Replacement {
  apply(text: string): string
}

/** The three parts of a substitution, as written; null when there are not three separators. */
export interface Parts {
  readonly pattern: string
  readonly replacement: string
  readonly flags: string
}

/** The first character is the separator; a backslash keeps one from separating. */
export function substitutionParts(text: string): Parts | null {
  const separator = text[0]
  if (separator === undefined || /[\w\s\\]/.test(separator)) return null
  const pieces: string[] = ['']
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\' && text[i + 1] === separator) {
      pieces.push(`${pieces.pop()}${separator}`)
      i++
    } else if (text[i] === separator && pieces.length < 3) pieces.push('')
    else pieces.push(`${pieces.pop()}${text[i]}`)
  }
  if (pieces.length < 3) return null
  return { pattern: pieces[0]!, replacement: pieces[1]!, flags: pieces[2]! }
}

/** Throws BadValue. Flags: g every match, i either case, s a dot matches a line end. */
export function compileReplacement(parts: Parts): Replacement {
  let options = LINES
  for (const flag of parts.flags) {
    if (flag === 'g') options |= GLOBAL
    else if (flag === 'i') options |= IGNORE_CASE
    else if (flag === 's') options &= ~LINES
    else throw new BadValue(`unknown flag '${flag}' of a substitution`, 'flags are g, i and s')
  }
  const regex = compileRegex(parts.pattern, options | GLOBAL)
  return { apply: text => replaced(text, regex, parts.replacement, (options & GLOBAL) !== 0) }
}

/** Where the expression matches nothing but the place between two letters, replacing ends. */
function replaced(text: string, regex: RegExp, replacement: string, everywhere: boolean): string {
  let result = ''
  let at = 0
  regex.lastIndex = 0
  for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
    if (found[0] === '') break
    result += text.slice(at, found.index) + expand(replacement, found)
    at = regex.lastIndex
    if (!everywhere) break
  }
  return result + text.slice(at)
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/** The replacement with the groups of a match; `$$` and `\\$` are a dollar sign. */
export function expand(replacement: string, groups: readonly string[]): string {
  return replacement.replace(/\\(.)|\$\$/g, (_, code?: string) => {
    if (code === undefined) return '$'
    if (code >= '0' && code <= '9') return groups[Number(code)] ?? ''
    return ESCAPES[code] ?? code
  })
}
