/** Values of attributes (RFC 4517) as columns hold them, and back for a search. */
import type { DbType, DbValue } from '../../core/db/api.ts'
import { exactNumber } from '../../core/db/text.ts'

/** As the mapping file names them. */
export type Syntax =
  | 'GeneralizedTime'
  | 'Integer'
  | 'BitString'
  | 'Boolean'
  | 'String'
  | 'Binary'
  | 'Float'

export const TYPE_OF: Readonly<Record<Syntax, DbType>> = {
  GeneralizedTime: 'datetime',
  Integer: 'int',
  BitString: 'bitmap',
  Boolean: 'int',
  String: 'string',
  Binary: 'blob',
  Float: 'double',
}

/** Undefined when the attribute does not have this syntax. */
export function readValue(syntax: Syntax, text: string): DbValue | undefined {
  switch (syntax) {
    case 'String':
    case 'Binary':
      return text
    case 'Integer':
      return /^[-+]?\d+$/.test(text) ? exactNumber(BigInt(text)) : undefined
    case 'Float':
      return Number.isFinite(Number(text || Number.NaN)) ? Number(text) : undefined
    case 'Boolean':
      // RFC 4517, 3.3.3: Boolean = "TRUE" / "FALSE"
      return { TRUE: 1, FALSE: 0 }[text.toUpperCase()]
    case 'BitString': {
      // RFC 4517, 3.3.2: BitString = SQUOTE *binary-digit SQUOTE "B"; the highest bit comes first.
      const bits = /^'([01]*)'B$/i.exec(text)?.[1]
      return bits === undefined ? undefined : exactNumber(BigInt(`0b${bits || '0'}`))
    }
    case 'GeneralizedTime':
      return readTime(text)
  }
}

// RFC 4517, 3.3.13: minutes, seconds and fractions may be left out, "Z" or a difference may not.
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d+))?(?:Z|([-+])(\d\d)(\d\d)?)$/i

function readTime(text: string): number | undefined {
  const found = TIME.exec(text)
  if (found === null) return undefined
  const part = (at: number): number => Number(found[at] ?? 0)
  const utc = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6)) / 1000
  // A fraction is of the last unit that is there.
  const unit = found[6] !== undefined ? 1 : found[5] !== undefined ? 60 : 3600
  const fraction = Number(`0.${found[7] ?? 0}`) * unit
  const away = (part(9) * 60 + part(10)) * 60 * (found[8] === '-' ? -1 : 1)
  return Math.floor(utc + fraction) - away
}

/** What a search for this value says; null when a server cannot be relied on to compare it. */
export function printValue(syntax: Syntax, value: DbValue): string | null {
  switch (syntax) {
    case 'String':
    case 'Binary':
      // Most syntaxes have no empty values.
      return value === '' ? null : String(value)
    case 'Integer':
      return /^-?\d+$/.test(String(value)) ? String(value) : null
    case 'Boolean':
      return value === 1 ? 'TRUE' : value === 0 ? 'FALSE' : null
    case 'GeneralizedTime':
      return printTime(Number(value))
    case 'BitString':
    case 'Float':
      // `'011'B` and `'11'B`, `1.5` and `1.50` are the same number.
      return null
  }
}

function printTime(seconds: number): string | null {
  const at = new Date(seconds * 1000)
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 0 || at.getUTCFullYear() > 9999)
    return null
  return `${at.toISOString().replace(/[-:T]|\..*$/g, '')}Z`
}
