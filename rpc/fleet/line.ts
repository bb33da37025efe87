/**
 * Lines of text with meaning instead of colours: a terminal, a console and a plain printer each
 * show them in their own way.
 */
import { cut, widthOf } from './visible.ts'

/** What a piece of text means. Nothing may be told by its tone alone. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'good'
  | 'warn'
  | 'bad'
  | 'info'
  | 'accent'
  /** Chosen. */
  | 'mark'
  /** Must not be overlooked. */
  | 'alarm'
export interface Span {
  readonly text: string
  readonly tone: Tone
}
export type Line = readonly Span[]

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone })
export const line = (text: string, tone: Tone = 'plain'): Line => [span(text, tone)]
export const textOf = (spans: Line): string => spans.map(({ text }) => text).join('')
export const lineWidth = (spans: Line): number =>
  spans.reduce((width, { text }) => width + widthOf(text), 0)

/** The first `width` cells of a line. */
export function cutLine(spans: Line, width: number): Line {
  const result: Span[] = []
  let left = width
  for (const { text, tone } of spans) {
    const cells = widthOf(text)
    if (cells <= left) result.push({ text, tone })
    else if (left > 0) result.push({ text: cut(text, left), tone })
    left -= cells
    if (left < 0) break
  }
  return result
}

/** Without the blanks at its end: nothing to copy but what is there. */
export function trimLine(spans: Line): Line {
  const last = spans.findLastIndex(({ text }) => text.trimEnd() !== '')
  return spans
    .slice(0, last + 1)
    .map((one, index) => (index === last ? { ...one, text: one.text.trimEnd() } : one))
}

/** A line of exactly `width` cells. */
export function fitLine(spans: Line, width: number): Line {
  const short = cutLine(spans, width)
  const missing = width - lineWidth(short)
  return missing > 0 ? [...short, span(' '.repeat(missing))] : short
}

/** What the terminal of the person can show. */
export interface Style {
  readonly colour: boolean
  /** Only the characters of ASCII. */
  readonly ascii: boolean
}

/**
 * What the environment says of its terminal; `isTerminal` is what decides where it says nothing.
 */
export function styleFrom(
  env: Record<string, string | undefined>,
  isTerminal: boolean,
  color = 'auto',
): Style {
  const forced = env.CLICOLOR_FORCE || (env.FORCE_COLOR && env.FORCE_COLOR !== '0')
  const wanted = forced ? true : isTerminal && env.TERM !== 'dumb'
  const colour = color === 'auto' ? !env.NO_COLOR && wanted : color === 'always'
  // A locale that is not set says nothing; one that is set and is not UTF-8 means it.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8'
  return { colour, ascii: !/utf-?8/i.test(locale) }
}

const PLAIN: Record<string, string> = {
  '│': '|',
  '─': '-',
  '▶': '>',
  '◀': '<',
  '·': '.',
  '↺': '@',
  '●': '*',
  '○': 'o',
  '…': '~',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '⏎': '<',
  '▲': '^',
  '▼': 'v',
  '›': '>',
  '‹': '<',
  '×': 'x',
  '✗': '!',
  '−': '-',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
}
/** Our own signs by others of the same width; what else is not ASCII is a question mark. */
const inAscii = (text: string): string =>
  text.replace(/[^\x20-\x7e]/gu, char => PLAIN[char] ?? '?'.repeat(widthOf(char)))

// The 16 colours that every terminal has and that its user has chosen.
const CODES: Record<Tone, string> = {
  plain: '',
  dim: '2',
  strong: '1',
  good: '32',
  warn: '33',
  bad: '1;31',
  info: '36',
  accent: '1;36',
  mark: '7',
  alarm: '1;97;41',
}

/** What stands out without colour too. */
const WITHOUT_COLOUR: Partial<Record<Tone, string>> = { mark: '7', alarm: '7' }

export function toAnsi(spans: Line, { colour, ascii }: Style): string {
  const codes = colour ? CODES : WITHOUT_COLOUR
  return spans
    .map(({ text, tone }) => {
      const shown = ascii ? inAscii(text) : text
      const code = codes[tone] ?? ''
      return code === '' || text === '' ? shown : `\x1b[${code}m${shown}\x1b[0m`
    })
    .join('')
}
