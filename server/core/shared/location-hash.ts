/**
 * Kamailio's hash of a text, or of two: it is shown to operators (HashID of ul.dump), is part of
 * temporary GRUUs and chooses destinations.
 */
export function hashText(text: string, second = ''): number {
  let hash = add(0, text)
  if (second !== '') hash = add(hash, second)
  return (hash + (hash >>> 11) + ((hash >>> 13) + (hash >>> 23))) >>> 0
}

/** Kamailio's characters have a sign. */
const signed = (code: number): number => (code << 24) >> 24

function add(sum: number, text: string): number {
  let hash = sum
  let i = 0
  const whole = text.length & ~3
  while (i < whole) {
    const word =
      (text.charCodeAt(i) << 24) +
      (signed(text.charCodeAt(i + 1)) << 16) +
      (signed(text.charCodeAt(i + 2)) << 8) +
      signed(text.charCodeAt(i + 3))
    hash = (hash + (word ^ (word >>> 3))) | 0
    i += 4
  }
  let rest = 0
  while (i < text.length) rest = ((rest << 8) + signed(text.charCodeAt(i++))) | 0
  return (hash + (rest ^ (rest >>> 3))) | 0
}

/** FNV-1a: what records are found by. */
export function keyOf(text: string): number {
  let key = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) key = Math.imul(key ^ text.charCodeAt(i), 0x01000193)
  return (key ^ (key >>> 15)) >>> 0
}
