/**
 * What is wrong with a config, and how it is shown: position, the line, a caret, a hint. All of
 * them come in one run.
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
}

/** More than these help nobody. */
const MOST = 500

/** Collects the diagnostics of all steps. */
export class Report {
  readonly diagnostics: Diagnostic[] = []
  private readonly seen = new Set<string>()

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

  private add(severity: Severity, place: Place, code: Code, args: unknown[]): void {
    const said = (MESSAGES[code] as (...args: unknown[]) => Said)(...args)
    const key = `${code} ${positionText(place)} ${said.text}`
    if (this.diagnostics.length >= MOST || this.seen.has(key)) return
    this.seen.add(key)
    const line = place.file.lineOf(place.start)
    const col = place.file.columnOf(place.start)
    const { text, hint } = said
    this.diagnostics.push({
      code,
      severity,
      file: place.file.path,
      line,
      col,
      text,
      hint,
      place,
    })
  }
}

/** The diagnostics as an operator reads them, in the order of the text. */
export function diagnosticsText(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(one => `${diagnosticText(one)}\n`).join('')
}

function diagnosticText(diagnostic: Diagnostic): string {
  const { code, place, severity, text, hint } = diagnostic
  const line = place.file.lineText(diagnostic.line)
  const number = String(diagnostic.line)
  const margin = ' '.repeat(number.length)
  const before = line.slice(0, diagnostic.col - 1).replace(/[^\t]/g, ' ')
  const length = Math.max(1, Math.min(place.end - place.start, line.length - diagnostic.col + 1))
  const lines = [
    `${positionText(place)}: ${severity}: ${text} [${code}]`,
    ` ${number} | ${line}`,
    ` ${margin} | ${before}${'^'.repeat(length)}`,
  ]
  if (hint !== '') lines.push(` ${margin} = hint: ${hint}`)
  return lines.join('\n')
}
