/** Every diagnostic of the language: code, sentence, hint. One table, so that wording and codes are found in one place. */
import { type Place, placeText } from './1-read/source.ts'

export interface Diagnostic {
  readonly code: string
  readonly place: Place
  readonly text: string
  readonly hint: string
}

type Args = readonly (string | number)[]
interface Message {
  readonly text: string
  readonly hint: string
}

/** `{0}`, `{1}` ... are replaced by the arguments. */
const MESSAGES = {
  CFG_FILE: { text: 'cannot read {0}: {1}', hint: 'check the name and its permissions' },
  CFG_INCLUDE_DEPTH: {
    text: 'more than {0} files include each other',
    hint: 'a file probably includes itself',
  },
  CFG_DIRECTIVE: { text: 'bad {0}: {1}', hint: '' },
  CFG_REDEFINED: {
    text: '{0} is defined already',
    hint: 'use #!redefine to replace it, or #!trydef to keep the first',
  },
  CFG_UNBALANCED: { text: '{0} without an #!ifdef or #!ifndef', hint: '' },
  CFG_UNCLOSED_IFDEF: {
    text: 'this #!ifdef or #!ifndef is never closed',
    hint: 'add #!endif on a line of its own',
  },
  CFG_DEFINE_LOOP: { text: 'the define {0} replaces itself without end', hint: '' },
  CFG_STRING: { text: 'this string is never closed', hint: 'add the missing quote' },
  CFG_COMMENT: { text: 'this comment is never closed', hint: 'add */' },
  CFG_CHARACTER: { text: 'unexpected character {0}', hint: '' },
  CFG_PVAR_OPEN: { text: 'this variable is never closed', hint: 'a parenthesis is missing' },
  CFG_EXPECTED: { text: '{0} expected, {1} found', hint: '{2}' },
  CFG_EMPTY_BLOCK: {
    text: 'a block must not be empty',
    hint: 'put at least a ; or return; into it',
  },
  CFG_LABELS_MIXED: { text: 'integer and string labels are mixed in one switch', hint: '' },
  CFG_DEFAULT_TWICE: { text: 'this switch has a default already', hint: '' },
  CFG_ROUTE_TWICE: { text: '{0} is defined already', hint: 'the first one is at {1}' },
  CFG_UNKNOWN_PARAM: { text: 'unknown config variable {0}', hint: '{1}' },
  CFG_SINCE_6: { text: '{0} is a parameter of Kamailio 6', hint: '' },
  CFG_PARAM_TYPE: { text: '{0} takes {1}', hint: '' },
  CFG_UNKNOWN_MODULE: { text: 'failed to load module {0}', hint: '{1}' },
  CFG_MODPARAM_MODULE: {
    text: "can't set module parameter: no loaded module matches {0}",
    hint: '{1}',
  },
  CFG_MODPARAM_NAME: {
    text: "can't set module parameter: module {0} has no parameter {1}",
    hint: '{2}',
  },
  CFG_MODPARAM_TYPE: { text: 'parameter {0} of module {1} takes {2}', hint: '' },
  CFG_UNKNOWN_FUNCTION: { text: 'unknown command {0}', hint: '{1}' },
  CFG_ARITY: { text: '{0} takes {1}, {2} given', hint: '{3}' },
  CFG_ROUTE_NOT_ALLOWED: {
    text: 'command {0} cannot be used in {1}',
    hint: 'it may be used in {2}',
  },
  CFG_BAD_ARGUMENT: { text: 'bad argument {0} of {1}: {2}', hint: '{3}' },
  CFG_NOT_CONSTANT: {
    text: 'argument {0} of {1} is not constant',
    hint: 'this function takes a literal here',
  },
  CFG_NOT_WRITABLE: { text: '{0} cannot be assigned to', hint: '' },
  CFG_UNKNOWN_PVAR: { text: 'unknown pseudo-variable {0}', hint: '{1}' },
  CFG_PVAR_SYNTAX: { text: 'bad pseudo-variable {0}: {1}', hint: '' },
  CFG_UNKNOWN_TRANSFORMATION: { text: 'unknown transformation {{0}}', hint: '{1}' },
  CFG_NO_ROUTE: { text: 'route {0} not found', hint: '{1}' },
  CFG_REGEX: {
    text: 'bad regular expression: {0}',
    hint: 'it is a POSIX extended regular expression',
  },
  CFG_TYPES: { text: 'type mismatch: {0}', hint: '{1}' },
  CFG_NESTED_CALL: {
    text: 'a function call cannot be an argument of another',
    hint: 'assign its result to $var(x) first',
  },
  CFG_NOT_SUPPORTED: { text: '{0} is not supported by this version', hint: '{1}' },
  CFG_FLAG: {
    text: 'flag {0} is not declared and no number from 0 to 31',
    hint: 'declare it: flags {0}:5;',
  },
  CFG_ADDRESS: { text: '{0}', hint: '[proto:]address[:port] is expected' },
  CFG_CONDITION: { text: '{0} cannot be compared like this', hint: '{1}' },
} as const satisfies Record<string, Message>

export type MessageCode = keyof typeof MESSAGES

const fill = (text: string, args: Args): string =>
  text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)] ?? ''))

export function diagnostic(code: MessageCode, place: Place, ...args: Args): Diagnostic {
  const message = MESSAGES[code]
  return { code, place, text: fill(message.text, args), hint: fill(message.hint, args) }
}

/** `file:line:col: error: text`, the line, a caret below the place, and the hint. */
export function printDiagnostic(d: Diagnostic): string {
  const line = d.place.file.lineOf(d.place.offset)
  const source = d.place.file.lineText(line)
  const column = d.place.file.columnOf(d.place.offset)
  const gap = source.slice(0, column - 1).replace(/[^\t]/g, ' ')
  const hint = d.hint === '' ? '' : `\n  hint: ${d.hint}`
  return `${placeText(d.place)}: error: ${d.text} [${d.code}]\n  ${source}\n  ${gap}^${hint}`
}

/** In the order of the text: included files where they were first met. */
export function inOrder(list: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(list.map(d => d.place.file))]
  return [...list].sort(
    (a, b) =>
      files.indexOf(a.place.file) - files.indexOf(b.place.file) || a.place.offset - b.place.offset,
  )
}

/** Collects diagnostics; the same one at the same place is kept once. */
export class Report {
  readonly list: Diagnostic[] = []

  add(code: MessageCode, place: Place, ...args: Args): void {
    const d = diagnostic(code, place, ...args)
    const again = this.list.some(
      o => o.code === code && o.place.file === place.file && o.place.offset === place.offset,
    )
    if (!again) this.list.push(d)
  }
}

/** `did you mean x?` for the nearest known name, '' when none is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  let best = ''
  // Short names are near to everything: one letter may differ in three.
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const d = distance(name, candidate, least)
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best === '' ? '' : `did you mean ${best}?`
}

/** Levenshtein distance, given up above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let k = 1; k <= b.length; k++) {
      const cost = a[i - 1] === b[k - 1] ? 0 : 1
      row[k] = Math.min(previous[k]! + 1, row[k - 1]! + 1, previous[k - 1]! + cost)
    }
    previous = row
  }
  return previous[b.length]!
}
