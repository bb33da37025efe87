/** Parameters of `Digest username="a", realm="b"` (RFC 7616 section 3.4). */

export const isDigest = (body: string): boolean => /^digest\s/i.test(body)

/** The value of a parameter without its quotes, null when it is absent. */
export function digestParam(body: string, name: string): string | null {
  const lower = name.toLowerCase()
  let at = body.indexOf(' ')
  while (at >= 0 && at < body.length) {
    const equals = body.indexOf('=', at)
    if (equals < 0) return null
    const found = body
      .slice(at, equals)
      .replace(/^[\s,]+/, '')
      .trim()
      .toLowerCase()
    const { value, end } = valueAt(body, equals + 1)
    if (found === lower) return value
    at = end
  }
  return null
}

function valueAt(body: string, from: number): { value: string; end: number } {
  let i = from
  while (body[i] === ' ') i++
  if (body[i] !== '"') {
    const comma = body.indexOf(',', i)
    const end = comma < 0 ? body.length : comma
    return { value: body.slice(i, end).trim(), end }
  }
  const start = ++i
  while (i < body.length && body[i] !== '"') i += body[i] === '\\' ? 2 : 1
  return { value: body.slice(start, i), end: i + 1 }
}
