/**
 * Cuts a byte stream into SIP (or HTTP) messages by Content-Length (RFC 3261 section 18.3) and
 * answers keep-alives (RFC 5626 section 4.4.1). What cannot be a message ends the connection: a
 * stream has no other way to find the next one.
 */
export interface Framed {
  onMessage(text: string): void
  /** A double line end arrived: the peer asks for a pong. */
  onPing(): void
}

/** Why a stream cannot be read any further. */
export type FramingError = 'message too large' | 'bad Content-Length' | 'no Content-Length'

export class Framing {
  private readonly limit: number
  private readonly acceptNoLength: () => boolean
  private readonly events: Framed
  private buffered = ''

  constructor(limit: number, acceptNoLength: () => boolean, events: Framed) {
    this.limit = limit
    this.acceptNoLength = acceptNoLength
    this.events = events
  }

  /** Takes the next bytes of the stream; null, or why the connection must be closed. */
  push(chunk: string): FramingError | null {
    this.buffered = this.buffered === '' ? chunk : this.buffered + chunk
    for (;;) {
      this.skipLineEnds()
      if (this.buffered === '') return null
      const headersEnd = this.buffered.indexOf('\r\n\r\n')
      if (headersEnd < 0) return this.buffered.length > this.limit ? 'message too large' : null
      const length = contentLengthOf(this.buffered, headersEnd)
      if (length === BAD) return 'bad Content-Length'
      if (
        length === ABSENT &&
        !this.acceptNoLength() &&
        !this.buffered.startsWith('HTTP/', lastWord(this.buffered))
      ) {
        return 'no Content-Length'
      }
      const total = headersEnd + 4 + Math.max(0, length)
      if (total > this.limit) return 'message too large'
      if (this.buffered.length < total) return null
      const message = this.buffered.slice(0, total)
      this.buffered = this.buffered.slice(total)
      this.events.onMessage(message)
    }
  }

  /** Gives up the bytes that belong to no message yet: another protocol goes on with them. */
  release(): string {
    const rest = this.buffered
    this.buffered = ''
    return rest
  }

  private skipLineEnds(): void {
    let i = 0
    for (;;) {
      if (this.buffered.startsWith('\r\n\r\n', i)) {
        i += 4
        this.events.onPing()
      } else if (this.buffered.startsWith('\r\n', i) && this.isTextAt(i + 2)) {
        // One line end alone is a pong or the tail of a sloppy message.
        i += 2
      } else break
    }
    if (i > 0) this.buffered = this.buffered.slice(i)
  }

  private isTextAt(at: number): boolean {
    return at < this.buffered.length && this.buffered.charCodeAt(at) !== 0x0d
  }
}

const ABSENT = -1
const BAD = -2

/** Offset of the last word of the first line: the version of an HTTP request. */
function lastWord(text: string): number {
  return text.lastIndexOf(' ', text.indexOf('\r\n')) + 1
}

const CONTENT_LENGTH = /\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)/i

function contentLengthOf(text: string, headersEnd: number): number {
  const found = CONTENT_LENGTH.exec(text.slice(0, headersEnd + 2))
  if (found === null) return ABSENT
  return /^\d{1,9}$/.test(found[1]!) ? Number(found[1]) : BAD
}
