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
export type FramingError =
  | 'message too large'
  | 'headers too large'
  | 'bad Content-Length'
  | 'no Content-Length'

/** What a stream may hold; asked at each message, because operators change it while we run. */
export interface FramingLimits {
  /** Most bytes of a message. */
  readonly message: number
  /** Most bytes of its headers (tcp_rd_buf_size). */
  headers(): number
  /** Is a message without Content-Length one without a body (tcp_accept_no_cl)? */
  acceptNoLength(): boolean
}

const PING = '\r\n\r\n'

export class Framing {
  private readonly limits: FramingLimits
  private readonly events: Framed
  private buffered = ''
  /** Bytes that the message at hand has, 0 while its headers are not complete. */
  private needed = 0

  constructor(limits: FramingLimits, events: Framed) {
    this.limits = limits
    this.events = events
  }

  /**
   * Has a message begun that has not ended? A line end alone begins none: it is a pong, or half of
   * a ping.
   */
  get isPartial(): boolean {
    const { buffered } = this
    return buffered.length >= PING.length || buffered.trim() !== ''
  }

  /** Takes the next bytes of the stream; null, or why the connection must be closed. */
  push(chunk: string): FramingError | null {
    this.buffered = this.buffered === '' ? chunk : this.buffered + chunk
    // A body that comes in small pieces is not looked at until all of it is there.
    if (this.buffered.length < this.needed) return null
    this.needed = 0
    for (;;) {
      this.skipLineEnds()
      if (this.buffered === '') return null
      const headersEnd = endOfHeaders(this.buffered)
      const headers = headersEnd < 0 ? this.buffered.length : headersEnd
      if (headers > this.limits.headers()) return 'headers too large'
      if (headersEnd < 0) return null
      const length = contentLengthOf(this.buffered, headersEnd)
      if (length === BAD) return 'bad Content-Length'
      if (
        length === ABSENT &&
        !this.limits.acceptNoLength() &&
        !this.buffered.startsWith('HTTP/', lastWord(this.buffered))
      ) {
        return 'no Content-Length'
      }
      const total = this.buffered.indexOf('\n', headersEnd + 2) + 1 + Math.max(0, length)
      if (total > this.limits.message) return 'message too large'
      if (this.buffered.length < total) {
        this.needed = total
        return null
      }
      const message = this.buffered.slice(0, total)
      this.buffered = this.buffered.slice(total)
      this.events.onMessage(message)
    }
  }

  /** Gives up the bytes that belong to no message yet: another protocol goes on with them. */
  release(): string {
    const rest = this.buffered
    this.buffered = ''
    this.needed = 0
    return rest
  }

  private skipLineEnds(): void {
    let i = 0
    for (;;) {
      if (this.buffered.startsWith(PING, i)) {
        i += PING.length
        this.events.onPing()
      } else if (this.buffered.startsWith('\r\n', i) && this.isTextAt(i + 2)) {
        // One line end alone is a pong or the tail of a sloppy message.
        i += 2
      } else if (this.buffered.charCodeAt(i) === 0x0a) i += 1
      else break
    }
    if (i > 0) this.buffered = this.buffered.slice(i)
  }

  private isTextAt(at: number): boolean {
    return at < this.buffered.length && this.buffered.charCodeAt(at) !== 0x0d
  }
}

const ABSENT = -1
const BAD = -2

/**
 * Offset of the line end before the empty line that ends the headers, -1 while there is none. A
 * message whose first line ends with a line feed alone has such an empty line, too: programs made
 * by hand forget the carriage returns, and Kamailio reads them.
 */
function endOfHeaders(text: string): number {
  const line = text.indexOf('\n')
  if (line <= 0 || text.charCodeAt(line - 1) === 0x0d) return text.indexOf('\r\n\r\n')
  const end = text.indexOf('\n\n', line)
  return end < 0 ? -1 : end - 1
}

/** Offset of the last word of the first line: the version of an HTTP request. */
function lastWord(text: string): number {
  return text.lastIndexOf(' ', text.indexOf('\n')) + 1
}

const CAPITAL_C = 0x43
const CAPITAL_L = 0x4c
const LOWER = 0x20

/**
 * Value of the Content-Length among the headers. Two that differ are BAD: whoever stands before or
 * behind us may believe the other one, and read a message where we see a body.
 */
function contentLengthOf(text: string, headersEnd: number): number {
  let found = ABSENT
  for (let at = text.indexOf('\n'); at >= 0 && at < headersEnd; at = text.indexOf('\n', at + 1)) {
    const first = text.charCodeAt(at + 1) & ~LOWER
    if (first !== CAPITAL_L && first !== CAPITAL_C) continue
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon > headersEnd) return found
    const name = text
      .slice(at + 1, colon)
      .trimEnd()
      .toLowerCase()
    if (name !== 'l' && name !== 'content-length') continue
    const length = lengthIn(text, colon + 1)
    if (found !== ABSENT && found !== length) return BAD
    found = length
  }
  return found
}

/** The number that is all of a header's value; BAD when it is none. */
function lengthIn(text: string, from: number): number {
  const value = text.slice(from, text.indexOf('\n', from)).trim()
  if (value === '' || value.length > 9) return BAD
  let number = 0
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return BAD
    number = number * 10 + digit
  }
  return number
}
