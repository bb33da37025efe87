/**
 * Config files as text, and how an offset in one becomes `file:line:col`. Texts are latin1 byte
 * strings.
 */
import type { ReadNote } from './notes.ts'

export class SourceFile {
  /** As diagnostics name it. */
  readonly path: string
  readonly text: string
  /** Where it is included; null for the config file itself. */
  readonly includedAt: Place | null
  /** What reading made of stretches of it. */
  readonly notes: ReadNote[] = []
  private lineStarts: number[] | null

  constructor(path: string, text: string, includedAt: Place | null = null) {
    this.path = path
    this.text = text
    this.includedAt = includedAt
    this.lineStarts = null
  }

  /** The line (from 1) of an offset. */
  lineOf(offset: number): number {
    const starts = this.starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  /** The column (from 1, in bytes) of an offset. */
  columnOf(offset: number): number {
    return offset - this.starts()[this.lineOf(offset) - 1]! + 1
  }

  /** The text of a line without its end. */
  lineText(line: number): string {
    const start = this.starts()[line - 1] ?? this.text.length
    const end = this.text.indexOf('\n', start)
    return this.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  }

  private starts(): number[] {
    if (this.lineStarts === null) {
      const starts = [0]
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1))
        starts.push(at + 1)
      this.lineStarts = starts
    }
    return this.lineStarts
  }
}

/** A stretch of a config file. What came out of a #!define stands where the define is used. */
export interface Place {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** The place of what the command line says and no file. */
export const onCommandLine = (text: string): Place => ({
  file: new SourceFile('<command line>', text),
  start: 0,
  end: text.length,
})

/**
 * From the start of one place to the end of another; the first alone when they are in different
 * files.
 */
export function span(from: Place, to: Place): Place {
  const end = to.file === from.file && to.end > from.end ? to.end : from.end
  return { file: from.file, start: from.start, end }
}

/** `file:line:col`. */
export function positionText(place: Place): string {
  const line = place.file.lineOf(place.start)
  return `${place.file.path}:${line}:${place.file.columnOf(place.start)}`
}
