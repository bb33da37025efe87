/** Escapes in URIs (RFC 3261 section 25.1: "%" and two hexadecimal digits). */
const hexDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** `%62ob` is `bob`; what is no escape stays as it is. */
export function unescape(text: string): string {
  let out = ''
  let from = 0
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    const high = hexDigit(text.charCodeAt(at + 1))
    const low = hexDigit(text.charCodeAt(at + 2))
    if (high < 0 || low < 0) continue
    out += text.slice(from, at) + String.fromCharCode(high * 16 + low)
    from = at + 3
    at += 2
  }
  return out + text.slice(from)
}

/** Is every `%` the start of an escape? */
export function isWellEscaped(text: string): boolean {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 3))
    if (hexDigit(text.charCodeAt(at + 1)) < 0 || hexDigit(text.charCodeAt(at + 2)) < 0) return false
  return true
}
