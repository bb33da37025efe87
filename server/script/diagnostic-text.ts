/**
 * A diagnostic as an operator reads it: position, sentence, the line, a caret, and below it what
 * explains the place (includes, defines, substitutions) and what to do.
 */
import { type Place, positionText, type SourceFile } from './1-read/source.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Places of one diagnostic that are named; the others are counted. */
const MOST_PLACES = 5
/** Of a longer line only what is around the trouble is shown. */
const MOST_COLUMNS = 160
const BEFORE_CARET = 60

interface Paint {
  (text: string): string
}

/** Terminal codes for the parts of a diagnostic; nothing where there is no terminal. */
interface Colors {
  readonly strong: Paint
  readonly error: Paint
  readonly warning: Paint
  readonly faint: Paint
  readonly hint: Paint
}

const code =
  (start: string): Paint =>
  text =>
    `\x1b[${start}m${text}\x1b[0m`
const PLAIN: Paint = text => text

const COLORED: Colors = {
  strong: code('1'),
  error: code('1;31'),
  warning: code('1;33'),
  faint: code('2'),
  hint: code('36'),
}
const UNCOLORED: Colors = {
  strong: PLAIN,
  error: PLAIN,
  warning: PLAIN,
  faint: PLAIN,
  hint: PLAIN,
}

/** The diagnostics in the order of the text. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], color = false): string {
  const colors = color ? COLORED : UNCOLORED
  return diagnostics.map(one => `${diagnosticText(one, colors)}\n`).join('')
}

function diagnosticText(diagnostic: Diagnostic, colors: Colors): string {
  const { severity, text, hint, code: name, place } = diagnostic
  const number = String(diagnostic.line)
  const margin = colors.faint(` ${' '.repeat(number.length)}`)
  const head = [
    colors.strong(`${positionText(place)}:`),
    colors[severity](`${severity}:`),
    colors.strong(readable(text)),
    colors.faint(`[${name}]`),
  ]
  const lines = [head.join(' ')]
  // What stands in no file (the command line) has no line to show.
  if (place.file.text !== '') {
    const { line, caret } = extract(diagnostic)
    lines.push(`${colors.faint(` ${number} |`)} ${line}`)
    lines.push(`${margin} ${colors.faint('|')} ${colors[severity](caret)}`)
  }
  for (const note of notesOf(diagnostic)) lines.push(`${margin} ${colors.faint('=')} ${note}`)
  if (hint !== '') {
    const advice = `${colors.hint('hint:')} ${readable(hint)}`
    lines.push(`${margin} ${colors.faint('=')} ${advice}`)
  }
  return lines.join('\n')
}

/** The line with a caret below what is meant. */
function extract(diagnostic: Diagnostic): { line: string; caret: string } {
  const { place, col } = diagnostic
  const whole = place.file.lineText(diagnostic.line)
  const length = Math.max(1, Math.min(place.end - place.start, whole.length - col + 1))
  let from = 0
  let to = whole.length
  if (whole.length > MOST_COLUMNS) {
    from = Math.max(0, Math.min(col - 1 - BEFORE_CARET, whole.length - MOST_COLUMNS))
    to = from + MOST_COLUMNS
  }
  const cut = from > 0 ? '... ' : ''
  const before = readable(whole.slice(from, col - 1))
  const marked = readable(whole.slice(col - 1, Math.min(to, col - 1 + length)))
  const line = cut + readable(whole.slice(from, to)) + (to < whole.length ? ' ...' : '')
  const blank = (cut + before).replace(/[^\t]+/g, part => ' '.repeat(columns(part)))
  return { line, caret: blank + '^'.repeat(Math.max(1, columns(marked))) }
}

/** Byte strings as the text that they are, without what would move the cursor of a terminal. */
export function readable(bytes: string): string {
  let text = bytes
  if (/[\x80-\xff]/.test(bytes) && !/[^\0-\xff]/.test(bytes)) {
    const decoded = Buffer.from(bytes, 'latin1').toString('utf8')
    if (!decoded.includes('\ufffd')) text = decoded
  }
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '?')
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}]/u
const NO_WIDTH = /\p{M}|\u200b|\u200d/u

/** Columns of a terminal. */
function columns(text: string): number {
  let count = 0
  for (const char of text) count += WIDE.test(char) ? 2 : NO_WIDTH.test(char) ? 0 : 1
  return count
}

function notesOf(diagnostic: Diagnostic): string[] {
  const { place, also } = diagnostic
  return [...includeNotes(place.file), ...readNotes(place), ...alsoNote(place, also)]
}

/** How the file came to be read, from the inside out. */
function includeNotes(file: SourceFile): string[] {
  const notes: string[] = []
  for (let at = file.includedAt; at !== null; at = at.file.includedAt)
    notes.push(`included from ${positionText(at)}`)
  if (notes.length <= MOST_PLACES) return notes
  return [...notes.slice(0, MOST_PLACES), `and so on, ${notes.length} files deep`]
}

/** Defines and substitutions of which the place is made. */
function readNotes({ file, start, end }: Place): string[] {
  const notes: string[] = []
  for (const note of file.notes) {
    if (note.kind === 'use' && note.start <= start && start < note.end) {
      const { name, text, at } = note.define
      const where = at === null ? 'predefined or from the command line' : positionText(at)
      const value = text.trim() === '' ? 'nothing' : readable(shortened(text.trim()))
      notes.push(`in the define ${name} (${where}), which stands for: ${value}`)
    }
    if (note.kind === 'substituted' && note.start < end && start < note.end)
      notes.push(`after #!subst it reads: ${readable(shortened(inOneLine(note.text)))}`)
  }
  return [...new Set(notes)]
}

const inOneLine = (text: string): string => text.replace(/\r/g, '\\r').replace(/\n/g, '\\n')

const shortened = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 97)}...`)

function alsoNote(place: Place, also: readonly Place[]): string[] {
  if (also.length === 0) return []
  const named = also.slice(0, MOST_PLACES).map(other => placeBeside(other, place))
  const more = also.length - named.length
  const list = named.join(', ') + (more > 0 ? ` and ${more} more` : '')
  return [`${also.length + 1} times: also in ${list}`]
}

/** Only the line of a place in the same file. */
const placeBeside = (other: Place, place: Place): string =>
  other.file === place.file
    ? `line ${other.file.lineOf(other.start)}`
    : positionText(other).replace(/:\d+$/, '')
