/** A session description (RFC 8866) as lines with their places in the message. */
import type { SipMessage } from '../../sip/message.ts'
import { findSdp, type Span } from './sdp-body.ts'

/** `start` to `end` is the text, `next` behind its line end. */
export interface Line extends Span {
  readonly text: string
  readonly next: number
}

/** A format of an m= line with the blank before it. */
export interface Format extends Span {
  readonly id: string
}

export interface Media {
  /** `audio`, `video`... */
  readonly type: string
  readonly port: number
  readonly transport: string
  readonly formats: Format[]
  /** The m= line and those up to the next one. */
  readonly lines: Line[]
  /** Where the section ends. */
  readonly end: number
}

export interface Description {
  readonly span: Span
  readonly lines: Line[]
  /** The lines before the first m= line. */
  readonly session: Line[]
  readonly media: Media[]
}

function readLines(raw: string, { start, end }: Span): Line[] {
  const lines: Line[] = []
  for (let at = start; at < end; ) {
    const newline = raw.indexOf('\n', at)
    const next = newline < 0 || newline >= end ? end : newline + 1
    let stop = next
    while (stop > at && (raw[stop - 1] === '\n' || raw[stop - 1] === '\r')) stop--
    lines.push({ text: raw.slice(at, stop), start: at, end: stop, next })
    at = next
  }
  return lines
}

/** RFC 8866 section 5.14: m=<media> <port>[/<number>] <proto> <fmt> ... */
function readMedia(lines: Line[]): Media {
  const { text, start } = lines[0]!
  const words = [...text.slice(2).matchAll(/\S+/g)]
  const [type = '', port = '', transport = ''] = words.map(found => found[0])
  const formats = words.slice(3).map(found => {
    const at = start + 2 + found.index
    return { id: found[0], start: at - 1, end: at + found[0].length }
  })
  const number = Number.parseInt(port, 10) || 0
  return { type, port: number, transport, formats, lines, end: lines.at(-1)!.next }
}

/** null when the message has none. */
export function describe(msg: SipMessage): Description | null {
  const span = findSdp(msg)
  if (span === null) return null
  const lines = readLines(msg.raw, span)
  const begins = lines.flatMap((line, i) => (line.text.startsWith('m=') ? [i] : []))
  const media = begins.map((from, i) => readMedia(lines.slice(from, begins[i + 1])))
  return { span, lines, session: lines.slice(0, begins[0]), media }
}

/** The first line that starts so; null when there is none. */
export const lineWith = (lines: readonly Line[], prefix: string): Line | null =>
  lines.find(line => line.text.startsWith(prefix)) ?? null
