/**
 * Comma-separated header values (RFC 3261 section 7.3.1): commas in quotes or angle brackets do not
 * separate.
 */

const COMMA = 0x2c

/** The offset of the comma, or what else separates, that ends the value at `from`; or `end`. */
export function endOfValue(text: string, from: number, end: number, separator = COMMA): number {
  let quoted = false
  let bracketed = false
  for (let i = from; i < end; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x3c) bracketed = true
    else if (code === 0x3e) bracketed = false
    else if (code === separator && !bracketed) return i
  }
  return end
}

/** Splits a header value at its top-level commas, trimmed. */
export function splitList(text: string): string[] {
  const values: string[] = []
  let from = 0
  while (from <= text.length) {
    const end = endOfValue(text, from, text.length)
    values.push(text.slice(from, end).trim())
    from = end + 1
  }
  return values
}
