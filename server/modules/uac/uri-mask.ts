/**
 * What Record-Route carries so that the other URI can be found again: both URIs laid over each
 * other byte by byte, and with a password that over it, in letters that a URI parameter may have.
 * Whoever has one of the two gets the other. The form is Kamailio's: a dialog may change servers.
 */

/** Base 64, filled up with `-`, because `=` would begin a value. */
const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '-')

const LETTERS = /^[A-Za-z0-9+/]*-{0,2}$/

/** null when it is no such text. */
function decode(text: string): Buffer | null {
  // What a peer may have put behind it does not count.
  const whole = text.slice(0, text.length - (text.length % 4))
  return LETTERS.test(whole) ? Buffer.from(whole.replaceAll('-', '='), 'base64') : null
}

/** Lays `over` over the bytes, as often as it fits. */
function overlay(bytes: Buffer, over: string): void {
  if (over === '') return
  for (let i = 0; i < bytes.length; i++) bytes[i]! ^= over.charCodeAt(i % over.length)
}

export function maskUri(before: string, after: string, password: string): string {
  const bytes = Buffer.alloc(Math.max(before.length, after.length))
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = (before.charCodeAt(i) || 0) ^ (after.charCodeAt(i) || 0)
  overlay(bytes, password)
  return encode(bytes)
}

/** The other URI; null when the value is malformed or was made from a longer URI than this. */
export function unmaskUri(value: string, uri: string, password: string): string | null {
  const bytes = decode(value)
  if (bytes === null || bytes.length < uri.length) return null
  overlay(bytes, password)
  for (let i = 0; i < uri.length; i++) bytes[i]! ^= uri.charCodeAt(i)
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return bytes.toString('latin1', 0, end)
}
