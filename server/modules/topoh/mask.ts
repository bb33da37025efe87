/**
 * The mask: base 64 with an alphabet that the key has shuffled, as Kamailio's topoh does it, so
 * that a message masked by one is unmasked by the other.
 */
import { createHash } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-'
const FILLER = '*'

export class Mask {
  private readonly letters: string
  /** The place of a letter by its code, -1 for what is none. */
  private readonly places: Int8Array

  constructor(key: string) {
    this.letters = shuffled(key)
    this.places = new Int8Array(256).fill(-1)
    for (let i = 0; i < 64; i++) this.places[this.letters.charCodeAt(i)] = i
  }

  encode(text: string): string {
    const { letters } = this
    let out = ''
    for (let i = 0; i < text.length; i += 3) {
      const left = text.length - i
      const block =
        (text.charCodeAt(i) << 16) |
        (left > 1 ? text.charCodeAt(i + 1) << 8 : 0) |
        (left > 2 ? text.charCodeAt(i + 2) : 0)
      out += letters[block >> 18]! + letters[(block >> 12) & 63]!
      out += left > 1 ? letters[(block >> 6) & 63]! : FILLER
      out += left > 2 ? letters[block & 63]! : FILLER
    }
    return out
  }

  /** null when it was not masked with this key's alphabet. */
  decode(text: string): string | null {
    let end = text.length
    while (end > 0 && text[end - 1] === FILLER) end--
    let out = ''
    let bits = 0
    let count = 0
    for (let i = 0; i < end; i++) {
      const place = text.charCodeAt(i) < 256 ? this.places[text.charCodeAt(i)]! : -1
      if (place < 0) return null
      bits = ((bits << 6) | place) & 0xffff
      count += 6
      if (count < 8) continue
      count -= 8
      out += String.fromCharCode((bits >> count) & 0xff)
    }
    return out === '' ? null : out
  }
}

/** The MD5 of the doubled key, its checksum and its letters say which letters change places. */
function shuffled(key: string): string {
  const bytes = Buffer.from(key, 'latin1')
  const digest = createHash('md5').update(bytes).update(bytes).digest()
  const checksum = crc16(bytes)
  const letters = ALPHABET.split('')
  for (let last = letters.length; last > 1; last--) {
    const turn = checksum + last + bytes.length
    // The letters of the key count as signed bytes.
    const number = digest.readUInt32LE((turn % 4) * 4) + bytes.readInt8(turn % bytes.length)
    const other = (number >>> 0) % last
    const letter = letters[other]!
    letters[other] = letters[last - 1]!
    letters[last - 1] = letter
  }
  return letters.join('')
}

/** CRC-16 of X.25: polynomial 0x1021 reflected, begun with and turned over by all ones. */
function crc16(bytes: Buffer): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1
  }
  return crc ^ 0xffff
}
