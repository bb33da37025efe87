/** Numbers with fractions, read and written as C does. */

const NUMBER = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i
const HEXADECIMAL = /^\s*([+-]?)0x([\da-f]+)/i
const SPECIAL = /^\s*([+-]?)(inf|nan)/i

/** The number that a text begins with, 0 for none; null for an empty text. */
export function numberOf(text: string): number | null {
  if (text === '') return null
  const hexadecimal = HEXADECIMAL.exec(text)
  if (hexadecimal !== null)
    return Number.parseInt(hexadecimal[2]!, 16) * (hexadecimal[1] === '-' ? -1 : 1)
  const special = SPECIAL.exec(text)
  if (special !== null) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN
    return special[1] === '-' ? -Infinity : Infinity
  }
  return Number(NUMBER.exec(text)?.[1] ?? 0)
}

/** As %f prints it. */
export function fixed(number: number): string {
  if (Number.isNaN(number)) return 'nan'
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf'
  if (Object.is(number, -0)) return '-0.000000'
  // toFixed() writes large numbers with an exponent.
  return Math.abs(number) < 1e21 ? number.toFixed(6) : `${BigInt(number)}.000000`
}
