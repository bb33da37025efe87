/**
 * Strings of the node are bytes, one character each; those of databases are texts. What is UTF-8 as
 * bytes is the same text there; bytes that are none become U+FFFD, because no database takes them
 * in a text.
 */

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/

/** Byte string -> text. */
export const toText = (bytes: string): string =>
  BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes

/** Text -> byte string. */
export const toByteString = (text: string): string =>
  BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text

/** Byte string -> bytes, of a blob. */
export const toBytes = (text: string): Buffer => Buffer.from(text, 'latin1')
export const fromBytes = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** A bigint where a number does not say it exactly, else the number. */
export const exactNumber = (value: bigint): number | bigint =>
  value >= -0x1fffffffffffffn && value <= 0x1fffffffffffffn ? Number(value) : value
