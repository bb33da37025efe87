/**
 * What is wrong with a config: all of it in one run, each with its place. How it is shown is in
 * diagnostic-text.ts.
 */
import { positionText, type Place } from './1-read/source.ts'
import { MESSAGES, type Said } from './messages.ts'

export type Severity = 'error' | 'warning'
export type Code = keyof typeof MESSAGES

export interface Diagnostic {
  readonly code: Code
  readonly severity: Severity
  readonly file: string
  readonly line: number
  readonly col: number
  readonly text: string
  /** '' when there is nothing to advise. */
  readonly hint: string
  readonly place: Place
  /** Other places with the very same trouble. */
  readonly also: readonly Place[]
}

/** More than these help nobody. */
const MOST = 500

/** The same text at several places is one diagnostic: they have one cause. */
const ONE_CAUSE: ReadonlySet<Code> = new Set<Code>([
  'CFG_UNKNOWN_FUNCTION',
  'CFG_UNKNOWN_PVAR',
  'CFG_UNKNOWN_TRANSFORMATION',
  'CFG_NO_MODULE_MATCHES',
  'CFG_UNKNOWN_MODPARAM',
  'CFG_MISSING_FUNCTION',
  'CFG_MISSING_PVAR',
  'CFG_MISSING_TRANSFORMATION',
  'CFG_MISSING_PARAM',
])

const LEFT_OPEN: ReadonlySet<Code> = new Set<Code>(['CFG_OPEN_STRING', 'CFG_OPEN_COMMENT'])
const AT_THE_END: ReadonlySet<Code> = new Set<Code>(['CFG_SYNTAX', 'CFG_OPEN_BLOCK'])

/** Collects the diagnostics of all steps. */
export class Report {
  readonly diagnostics: Diagnostic[] = []
  /** How many were left out because there were too many. */
  omitted = 0
  private readonly seen = new Set<string>()
  private readonly causes = new Map<string, Place[]>()

  error<C extends Code>(place: Place, code: C, ...args: Parameters<(typeof MESSAGES)[C]>): void {
    this.add('error', place, code, args)
  }

  warn<C extends Code>(place: Place, code: C, ...args: Parameters<(typeof MESSAGES)[C]>): void {
    this.add('warning', place, code, args)
  }

  get failed(): boolean {
    return this.diagnostics.some(diagnostic => diagnostic.severity === 'error')
  }

  /** By file, in the order of the files' first mention, and by place. */
  inOrder(): Diagnostic[] {
    const files = [...new Set(this.diagnostics.map(one => one.place.file))]
    const rank = ({ place }: Diagnostic): number => files.indexOf(place.file)
    return this.diagnostics.toSorted((a, b) => rank(a) - rank(b) || a.place.start - b.place.start)
  }

  /**
   * At the end of a file in which something stays open nothing else is worth a word. An open
   * comment alone is only odd; when it hides the end of a block, that is an error.
   */
  private isConsequence(place: Place, code: Code, severity: Severity): boolean {
    if (!AT_THE_END.has(code) || place.end < place.file.text.length) return false
    const cause = this.diagnostics.findIndex(one => LEFT_OPEN.has(one.code))
    if (cause < 0) return false
    this.diagnostics[cause] = { ...this.diagnostics[cause]!, severity }
    return true
  }

  private add(severity: Severity, place: Place, code: Code, args: unknown[]): void {
    const said = (MESSAGES[code] as (...args: unknown[]) => Said)(...args)
    const key = `${code} ${positionText(place)} ${said.text}`
    if (this.seen.has(key) || this.isConsequence(place, code, severity)) return
    this.seen.add(key)
    const cause = `${code} ${said.text}`
    const others = this.causes.get(cause)
    if (others !== undefined && ONE_CAUSE.has(code)) {
      others.push(place)
      return
    }
    if (this.diagnostics.length >= MOST) {
      this.omitted++
      return
    }
    const also: Place[] = []
    this.causes.set(cause, also)
    const line = place.file.lineOf(place.start)
    const col = place.file.columnOf(place.start)
    const file = place.file.path
    this.diagnostics.push({ code, severity, file, line, col, ...said, place, also })
  }
}
