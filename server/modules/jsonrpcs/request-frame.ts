/**
 * Cuts what is written into the FIFO into requests: from the first opening brace to the one that
 * closes it. Braces inside quotes do not count; there is no other frame.
 */

/** A request longer than this is dropped, as Kamailio drops it. */
const LONGEST = 8191

export class RequestFrame {
  private text = ''
  private depth = 0
  private quote = ''
  private escaped = false
  /** Told when a request was too long. */
  private readonly onOverflow: () => void

  constructor(onOverflow: () => void) {
    this.onOverflow = onOverflow
  }

  /** The requests that are complete now. `chunk` is a byte string. */
  push(chunk: string): string[] {
    const complete: string[] = []
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const wasOutside = this.depth === 0
      this.take(chunk[i]!)
      if (wasOutside && this.depth === 1) from = i
      if (!wasOutside && this.depth === 0) {
        complete.push(this.text + chunk.slice(from, i + 1))
        this.text = ''
      }
      if (this.depth > 0 && this.text.length + i - from >= LONGEST) {
        this.reset()
        this.onOverflow()
      }
    }
    if (this.depth > 0) this.text += chunk.slice(from)
    return complete
  }

  private take(c: string): void {
    if (this.escaped) this.escaped = false
    else if (c === '\\') this.escaped = this.depth > 0
    else if (this.quote !== '') this.quote = c === this.quote ? '' : this.quote
    else if (c === '{') this.depth++
    else if (this.depth === 0) return
    else if (c === '}') this.depth--
    else if (c === '"' || c === "'") this.quote = c
  }

  private reset(): void {
    this.text = ''
    this.depth = 0
    this.quote = ''
    this.escaped = false
  }
}
