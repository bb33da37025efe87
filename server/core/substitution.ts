/**
 * Substitution expressions, `/expression/replacement/flags`, as subst(), dialplan and {re.subst}
 * take them.
 */
import type { SipMessage } from '../sip/message.ts'
import type { Formats } from './core.ts'
import { BadValue, type Format } from './module/index.ts'
import { compileRegex, GLOBAL, IGNORE_CASE, LINES } from './regex.ts'

/**
 * A piece of a replacement: a text, a text with variables, the number of a group, or the request
 * URI (`\u`).
 */
export type Piece = string | Format | number
/** Stands for `\u` where the numbers of groups stand. */
const REQUEST_URI = -1

/** One place where the expression matched, and what is to stand there instead. */
export interface Replacement {
  readonly at: number
  readonly remove: number
  readonly text: string
}

export class Substitution {
  private readonly regex: RegExp
  private readonly all: boolean
  private readonly pieces: readonly Piece[]

  constructor(regex: RegExp, all: boolean, pieces: readonly Piece[]) {
    this.regex = regex
    this.all = all
    this.pieces = pieces
  }

  /**
   * Where `text` changes, in order; without the flag g at most one place. An empty match is an
   * error: nothing changes.
   */
  matches(msg: SipMessage, text: string): Replacement[] {
    const found: Replacement[] = []
    for (const match of text.matchAll(this.regex)) {
      if (match[0] === '') return []
      found.push({
        at: match.index,
        remove: match[0].length,
        text: joinPieces(this.pieces, msg, match),
      })
      if (!this.all) break
    }
    return found
  }

  /** The text with its matches replaced, null when nothing matches. */
  apply(msg: SipMessage, text: string): string | null {
    const found = this.matches(msg, text)
    if (found.length === 0) return null
    let out = ''
    let at = 0
    for (const change of found) {
      out += text.slice(at, change.at) + change.text
      at = change.at + change.remove
    }
    return out + text.slice(at)
  }
}

/** The pieces put together. */
export function joinPieces(
  pieces: readonly Piece[],
  msg: SipMessage,
  match: RegExpExecArray | null,
): string {
  let out = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') out += piece
    else if (typeof piece === 'function') out += piece(msg)
    else if (piece === REQUEST_URI) out += msg.uri
    else out += match?.[piece] ?? ''
  }
  return out
}

/** Groups of an expression, without the match itself. */
export const groupsOf = (regex: RegExp): number =>
  new RegExp(`${regex.source}|`, regex.flags).exec('')!.length - 1

/** Reads `/expression/replacement/flags`; the first character is the separator. Throws BadValue. */
export function parseSubstitution(text: string, formats: Formats): Substitution {
  const separator = text[0]
  if (separator === undefined) throw new BadValue('the substitution is empty')
  if (separator === '\\') throw new BadValue("a backslash cannot separate the substitution's parts")
  const middle = separatorAfter(text, separator, 1)
  const last = middle < 0 ? -1 : endOfReplacement(text, separator, middle + 1)
  if (last < 0)
    throw new BadValue(`no substitution: ${text}`, "it is written '/expression/replacement/flags'")
  let options = LINES | GLOBAL
  let all = false
  for (const flag of text.slice(last + 1)) {
    if (flag === 'i') options |= IGNORE_CASE
    else if (flag === 's') options &= ~LINES
    else if (flag === 'g') all = true
    else throw new BadValue(`unknown substitution flag '${flag}'`, 'flags are i, g and s')
  }
  const regex = compileRegex(text.slice(1, middle), options)
  const pieces = readReplacement(text.slice(middle + 1, last), separator, groupsOf(regex), formats)
  return new Substitution(regex, all, pieces)
}

/** The next separator that no backslash precedes. */
function separatorAfter(text: string, separator: string, from: number): number {
  for (let i = from; i < text.length; i++)
    if (text[i] === separator && text[i - 1] !== '\\') return i
  return -1
}

/**
 * The separator behind the replacement, in which a backslash takes the character behind it with it.
 */
function endOfReplacement(text: string, separator: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === separator) return i
  }
  return -1
}

/** Reads a replacement: texts, variables, `\\1` for groups. Throws BadValue. */
export function readReplacement(
  text: string,
  separator: string,
  groups: number,
  formats: Formats,
): Piece[] {
  const pieces: Piece[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') pieces.push(plain.includes('$') ? formats.compile(plain) : plain)
    plain = ''
  }
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') {
      plain += text[i]
      continue
    }
    const code = text[++i] ?? ''
    const escaped = code === separator ? separator : ESCAPES[code]
    flush()
    if (escaped !== undefined) pieces.push(escaped)
    else if (code === 'u') pieces.push(REQUEST_URI)
    else if (code >= '0' && code <= '9') {
      if (Number(code) > groups) throw new BadValue(`there is no group \\${code}`)
      pieces.push(Number(code))
    } else plain += `\\${code}`
  }
  flush()
  return pieces
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', $: '$' }
