/** Source files and places in them: every token, node and diagnostic points to one. */
export class SourceFile {
  readonly name: string
  readonly text: string
  private readonly starts: number[]

  constructor(name: string, text: string) {
    this.name = name
    this.text = text
    this.starts = [0]
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.starts.push(i + 1)
  }

  /** Line, counted from 1, of an offset. */
  lineOf(offset: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  columnOf(offset: number): number {
    return offset - this.starts[this.lineOf(offset) - 1]! + 1
  }

  lineText(line: number): string {
    const start = this.starts[line - 1]!
    const end = this.text.indexOf('\n', start)
    return this.text.slice(start, end < 0 ? this.text.length : end).replace(/\r$/, '')
  }
}

/** Where something stands: in the file that the operator edits, also when a define was replaced there. */
export interface Place {
  readonly file: SourceFile
  readonly offset: number
}

export const placeText = (place: Place): string =>
  `${place.file.name}:${place.file.lineOf(place.offset)}:${place.file.columnOf(place.offset)}`
