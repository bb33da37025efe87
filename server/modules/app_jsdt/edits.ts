/** Changes of a script's text before it is compiled; none of them moves a line. */
import type { Token } from './tokens.ts'

export interface Edit {
  readonly start: number
  readonly end: number
  readonly insert: string
}

export function applyEdits(source: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  let text = ''
  let at = 0
  for (const { start, end, insert } of ordered) {
    text += source.slice(at, start) + insert
    at = end
  }
  return text + source.slice(at)
}

/** The function that counts the rounds of loops, under this name in every context. */
export const ROUND = '__ohana_round'

/**
 * A call of ROUND in each loop, so that an endless one ends: 0.4 ns a round, where the engine's own
 * timeout starts a thread for each message (0.1 ms).
 */
export function guardLoops(tokens: readonly Token[]): Edit[] {
  const edits: Edit[] = []
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'word' || (token.text !== 'while' && token.text !== 'for')) continue
    if (['.', '?.'].includes(tokens[i - 1]?.text ?? '')) continue
    const open = tokens[i + 1]?.text === 'await' ? i + 2 : i + 1
    if (tokens[open]?.text !== '(') continue
    const at = token.text === 'while' ? whileGuard(tokens[open]!) : forGuard(tokens, open)
    if (at !== null) edits.push(at)
  }
  return edits
}

const insertAt = (at: number, insert: string): Edit => ({ start: at, end: at, insert })

const whileGuard = (open: Token): Edit => insertAt(open.end, `${ROUND}(),`)

function forGuard(tokens: readonly Token[], open: number): Edit | null {
  const { depth, partner: close } = tokens[open]!
  const inside = (token: Token): boolean => token.text === ';' && token.depth === depth + 1
  const first = tokens.findIndex((token, i) => i > open && i < close && inside(token))
  if (first >= 0) {
    // `for (;;)` has no condition: the call is it, and gives true.
    const empty = inside(tokens[first + 1]!)
    return insertAt(tokens[first]!.end, empty ? `${ROUND}()` : `${ROUND}(),`)
  }
  const body = tokens[close + 1]
  return body?.text === '{' ? insertAt(body.end, `${ROUND}();`) : null
}

const NOT_ASCII = /[^\0-\x7f]/

/**
 * Texts of a script are byte strings as everywhere: what is written in UTF-8 becomes its bytes.
 */
export function bytesInTexts(tokens: readonly Token[]): Edit[] {
  return tokens
    .filter(({ kind, text }) => kind !== 'word' && kind !== 'sign' && NOT_ASCII.test(text))
    .map(({ text, start, end }) => ({ start, end, insert: utf8Bytes(text) }))
}

/** The UTF-8 form of a text as a byte string. */
export const utf8Bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
