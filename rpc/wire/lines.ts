/** Newline-delimited texts over a byte stream: one JSON-RPC message a line. */

const NEWLINE = 10

export class LineSplitter {
  private readonly longest: number
  private parts: Buffer[] = []
  private held = 0

  /** `longest`: bytes a line may have; more is refused. */
  constructor(longest: number) {
    this.longest = longest
  }

  /** The lines that are complete now, without their ends; null when a line is too long. */
  push(chunk: Buffer): string[] | null {
    const lines: string[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      if (this.held + end - from > this.longest) return null
      this.parts.push(chunk.subarray(from, end))
      lines.push(Buffer.concat(this.parts).toString('utf8'))
      this.parts = []
      this.held = 0
      from = end + 1
    }
    if (from < chunk.length) {
      this.parts.push(chunk.subarray(from))
      this.held += chunk.length - from
    }
    return this.held > this.longest ? null : lines
  }
}
