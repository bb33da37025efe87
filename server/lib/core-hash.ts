/** Kamailio's hash of two texts, one behind the other: slots of its tables. */

/** Sum of the words of four bytes of a text, what is left over as one more. */
function words(text: string, sum: number): number {
  let hash = sum
  const whole = text.length & ~3
  let i = 0
  for (; i < whole; i += 4) {
    const high = (text.charCodeAt(i) << 24) | (text.charCodeAt(i + 1) << 16)
    const word = high | (text.charCodeAt(i + 2) << 8) | text.charCodeAt(i + 3)
    hash = (hash + (word ^ (word >>> 3))) | 0
  }
  let rest = 0
  while (i < text.length) rest = (rest << 8) | text.charCodeAt(i++)
  return (hash + (rest ^ (rest >>> 3))) | 0
}

/** One of 2 ** bits slots, from 0. */
export function coreHash(first: string, second: string, bits: number): number {
  const hash = words(second, words(first, 0))
  const mixed = (hash + (hash >>> 11) + ((hash >>> 13) + (hash >>> 23))) >>> 0
  return mixed & (2 ** Math.min(bits, 31) - 1)
}
