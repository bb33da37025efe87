/** Where the values of headers lie in a message, for those who put others in their place. */
import { BODY, BODY_END, type SipMessage, STRIDE } from '../message.ts'
import { AddressBounds, scanAddress } from './bounds.ts'
import { endOfValue } from './list.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

/** All values of a header, in order, through all its lines; without the blanks around them. */
export function valueSpans(msg: SipMessage, id: number): Span[] {
  const spans: Span[] = []
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE)) {
    const limit = msg.headers[i + BODY_END]!
    for (let from = msg.headers[i + BODY]!; from <= limit; ) {
      const comma = endOfValue(msg.raw, from, limit)
      let start = from
      let end = comma
      while (start < end && msg.raw.charCodeAt(start) <= 0x20) start++
      while (end > start && msg.raw.charCodeAt(end - 1) <= 0x20) end--
      if (end > start) spans.push({ start, end })
      from = comma + 1
    }
  }
  return spans
}

const bounds = new AddressBounds()

/** The URI in each of these values; null when one of them is no address. */
export function uriSpans(msg: SipMessage, id: number): Span[] | null {
  const spans = valueSpans(msg, id)
  for (const [index, { start, end }] of spans.entries()) {
    if (!scanAddress(msg.raw, start, end, bounds)) return null
    spans[index] = { start: bounds.uriStart, end: bounds.uriEnd }
  }
  return spans
}
