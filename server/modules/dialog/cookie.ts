/**
 * The Record-Route parameter that names a dialog: `did=76f.a6a1`, slot and number in hexadecimal
 * digits, the lowest first.
 */

const SEPARATOR = '.'
/** Digits of 32 bits. */
const MOST_DIGITS = 8

const reversedHex = (value: number): string => {
  const digits = value.toString(16)
  let text = ''
  for (let i = digits.length - 1; i >= 0; i--) text += digits[i]
  return text
}

/** The value of the parameter. */
export const cookieOf = (entry: number, id: number): string =>
  `${reversedHex(entry)}${SEPARATOR}${reversedHex(id)}`

/** A number of the cookie, -1 when it is none. */
function readReversedHex(text: string, from: number, end: number): number {
  if (end - from > MOST_DIGITS) return -1
  let value = 0
  for (let i = end - 1; i >= from; i--) {
    const code = text.charCodeAt(i)
    const lower = code | 0x20
    const digit =
      code >= 0x30 && code <= 0x39
        ? code - 0x30
        : lower >= 0x61 && lower <= 0x66
          ? lower - 0x57
          : -1
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

export interface Cookie {
  readonly entry: number
  readonly id: number
}

/** Reads the value of the parameter; a text says what is wrong with it. */
export function readCookie(value: string): Cookie | string {
  const point = value.indexOf(SEPARATOR)
  if (point < 0) return `malformed rr param '${value}'`
  const entry = readReversedHex(value, 0, point)
  if (entry < 0) return `invalid hash entry '${value.slice(0, point)}'`
  const id = readReversedHex(value, point + 1, value.length)
  if (id < 0) return `invalid hash id '${value.slice(point + 1)}'`
  return { entry, id }
}
