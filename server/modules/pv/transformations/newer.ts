/** {s.*} that Kamailio 6 added. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { since6, type PvValue, type Transformation } from '../../../core/module/index.ts'
import { keccak512 } from './keccak.ts'
import { onText, whole } from './text-of.ts'

const digest =
  (algorithm: string) =>
  (text: string): string =>
    createHash(algorithm).update(text, 'latin1').digest('hex')

/** The number that a text begins with; 0 when it begins with none. */
const leadingInt = (text: string): number => Number.parseInt(text, 10) | 0

/** The n-th character, from the end when negative. */
const characterAt = (text: string, index: string): string | undefined => {
  const n = whole(index)
  return text[n < 0 ? text.length + n : n]
}

/** Blank space of any kind and length between the fields. */
function selectBlank(text: string, index: string): string {
  return (
    text
      .split(/[ \t\r\n]+/)
      .filter(field => field !== '')
      .at(whole(index)) ?? ''
  )
}

const ESCAPES: Record<string, string> = { '\r': '\\r', '\n': '\\n' }
const PLAIN: Record<string, string> = { r: '\r', n: '\n' }

const rows: Record<string, Transformation> = {
  intv: onText('The number that it begins with, 0 for none.', 0, leadingInt),
  sha1: onText('SHA-1 of it, hexadecimal.', 0, digest('sha1')),
  sha3: onText('SHA3-512 of it, hexadecimal.', 0, digest('sha3-512')),
  keccak: onText('Keccak-512 of it, hexadecimal.', 0, keccak512),
  crc32: onText('CRC-32 of it as a number.', 0, text => crc32(Buffer.from(text, 'latin1')) | 0),
  rmhdws: onText('With each line end and the blanks behind it as one blank.', 0, text =>
    text.replace(/\r?\n[ \t]+/g, ' '),
  ),
  rmhlws: onText('Without line ends and the blanks behind them.', 0, text =>
    text.replace(/\r?\n[ \t]+/g, ''),
  ),
  'escape.crlf': onText('With \\r and \\n for line ends.', 0, text =>
    text.replace(/[\r\n]/g, found => ESCAPES[found]!),
  ),
  'unescape.crlf': onText('With its \\r and \\n read.', 0, text =>
    text.replace(/\\([rn])/g, (_all, code: string) => PLAIN[code]!),
  ),
  selectws: onText('The n-th field between blanks of any kind.', 1, selectBlank),
  selectsw: onText('The same.', 1, selectBlank),
  charat: onText(
    'The n-th character, from the end when negative.',
    1,
    (text, n) => characterAt(text, n) ?? null,
  ),
  byteat: onText('The code of that character.', 1, (text, n): PvValue => {
    const found = characterAt(text, n)
    return found === undefined ? null : found.charCodeAt(0)
  }),
}

export const newerTransformations: Record<string, Transformation> = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, since6(row)]),
)
