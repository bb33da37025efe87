/** JSON as the library writes it that Kamailio uses: blanks, ASCII alone, 17 digits. */
import { type JsonTree, NumberText, readJson } from '../../lib/json-tree.ts'

/** What stands for a text that is no UTF-8, and for one that is no JSON although it should be. */
const NOT_UTF8 = 'NON-UTF8'
const NOT_JSON = 'INVALID_JSON'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A byte string in quotes; beyond ASCII everything is escaped. */
export function dumpText(bytes: string): string {
  let text: string
  try {
    text = decoder.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    text = NOT_UTF8
  }
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}

/** A number that is none of the whole ones: all 17 digits that a double may need. */
export function dumpReal(value: number): string {
  const digits = value.toPrecision(17)
  if (digits.includes('e')) return digits
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

function dump(value: JsonTree): string {
  if (typeof value === 'string') return dumpText(value)
  if (value instanceof NumberText) {
    if (value.isInteger) return value.text
    const digits = dumpReal(Number(value.text))
    return /[.e]/.test(digits) ? digits : `${digits}.0`
  }
  if (Array.isArray(value)) return `[${value.map(dump).join(', ')}]`
  if (value instanceof Map)
    return `{${[...value].map(([name, each]) => `${dumpText(name)}: ${dump(each)}`).join(', ')}}`
  return String(value)
}

/** A text that holds JSON. */
export function dumpEncoded(text: string): string {
  // An object or an array: a value alone is none.
  const tree = /^\s*[[{]/.test(text) ? readJson(text) : undefined
  return tree === undefined ? dumpText(NOT_JSON) : dump(tree)
}

/** An extra value: its name says whether it is JSON already. */
export const dumpExtra = (name: string, value: string, prefix: string): string =>
  prefix !== '' && name.startsWith(prefix) ? dumpEncoded(value) : dumpText(value)

/** An object of values that are JSON already. */
export const dumpMembers = (members: ReadonlyMap<string, string>): string =>
  `{${[...members].map(([name, value]) => `${dumpText(name)}: ${value}`).join(', ')}}`
