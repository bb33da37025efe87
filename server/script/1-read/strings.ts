/** String literals. */

const SIMPLE: Record<string, string> = {
  n: '\n',
  r: '\r',
  a: '\x07',
  t: '\t',
  '"': '"',
  '\\': '\\',
}

/**
 * What a double-quoted literal says (its inside is given). `\n \r \a \t \" \\`, `\xHH` and octal
 * digits are escapes, a backslash before a line end joins the lines; any other backslash stays as
 * it is, with what follows.
 */
export function unescapeString(inside: string): string {
  if (!inside.includes('\\')) return inside
  return inside.replace(
    /\\(?:([nrat"\\])|x([0-9a-fA-F]{1,2})|([0-7]{2,3})|(\r?\n))/g,
    (_, simple?: string, hex?: string, octal?: string) => {
      if (simple !== undefined) return SIMPLE[simple]!
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255)
      return ''
    },
  )
}

/**
 * The offset of the closing quote of the literal whose inside starts at `from`, -1 when there is
 * none.
 */
export function stringEnd(text: string, from: number, quote: string): number {
  if (quote === "'") return text.indexOf("'", from)
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22) return i
  }
  return -1
}

/** How a text is written as a literal. */
export function quoted(text: string): string {
  const escaped = text.replace(/[\\"\n\r\t]/g, char => {
    if (char === '\n') return '\\n'
    if (char === '\r') return '\\r'
    if (char === '\t') return '\\t'
    return `\\${char}`
  })
  return `"${escaped}"`
}

/**
 * 32 bits, as Kamailio's integers: decimal, 0x hexadecimal, 0 octal or binary with a b behind; null
 * when it is no number.
 */
export function readNumber(text: string): number | null {
  if (/^(0|[1-9]\d*)$/.test(text)) return wrap(BigInt(text))
  if (/^0x[0-9a-fA-F]+$/.test(text)) return wrap(BigInt(text))
  if (/^0[0-7]+$/.test(text)) return wrap(BigInt(`0o${text}`))
  if (/^[01]+b$/.test(text)) return Number(BigInt.asIntN(32, BigInt(`0b${text.slice(0, -1)}`)))
  return null
}

/** 63 bits are the most that is read, 32 of them are kept. */
const MOST = (1n << 63n) - 1n
const wrap = (value: bigint): number => Number(BigInt.asIntN(32, value > MOST ? MOST : value))
