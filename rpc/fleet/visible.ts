/**
 * Bytes from the network on an operator's screen. Header fields, reason phrases, display names and
 * log lines are written by whoever sends a packet: this is the one place where they become
 * harmless, before any layout looks at them.
 */
import stringWidth from 'string-width'

/**
 * Zero-width and joining marks, line separators, bidi marks, embeddings, overrides and isolates,
 * the byte order mark.
 */
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x061c, 0x061c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
]

const isInvisible = (code: number): boolean =>
  INVISIBLE.some(([first, last]) => code >= first && code <= last)

/**
 * As terminals write it: `^[` for escape, `^?` for delete; `<U+202E>` for what would be seen as
 * nothing.
 */
function escaped(code: number): string | null {
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`
  if (code === 0x7f) return '^?'
  if (code > 0x7f && code < 0xa0) return `<${code.toString(16).toUpperCase()}>`
  // A lone half of a surrogate pair is not text.
  if ((code >= 0xd800 && code <= 0xdfff) || isInvisible(code))
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  return null
}

/**
 * True when a text can go to a terminal as it is; almost every text, so this is looked at first.
 */
function isHarmless(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || (code > 0x7e && escaped(code) !== null)) return false
  }
  return true
}

/** The text on one line with everything shown that a terminal would obey or hide. */
export function visible(text: string): string {
  if (isHarmless(text)) return text
  let result = ''
  for (const char of text) result += escaped(char.codePointAt(0)!) ?? char
  return result
}

/**
 * The lines of a text (a SIP message, say), each of them visible; the line ends themselves are not
 * shown.
 */
export const visibleLines = (text: string): string[] => text.split(/\r?\n/).map(visible)

/**
 * Every text in a reply made visible, at any depth. For tables and screens; JSON has its own
 * escapes and keeps the bytes.
 */
export function visibleDeep(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return value.map(visibleDeep)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [visible(key), visibleDeep(member)]),
  )
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Terminal cells that a visible text takes. */
export const widthOf = (text: string): number => (isAscii(text) ? text.length : stringWidth(text))

/** Cuts a visible text to a width in cells, with an ellipsis where something is missing. */
export function cut(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return ''
  if (widthOf(text) <= width) return text
  const room = width - widthOf(ellipsis)
  if (isAscii(text)) return text.slice(0, room) + ellipsis
  let result = ''
  let used = 0
  for (const { segment } of segmenter.segment(text)) {
    const cells = stringWidth(segment)
    if (used + cells > room) break
    used += cells
    result += segment
  }
  return result + ellipsis
}

/** Cut or filled with blanks to exactly this width. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const short = cut(text, width)
  const blanks = ' '.repeat(Math.max(0, width - widthOf(short)))
  return align === 'left' ? short + blanks : blanks + short
}
