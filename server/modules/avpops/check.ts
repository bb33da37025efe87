/** avp_check(): compares values with others. */
import type { AvpValue } from '../../core/avp.ts'
import type { Formats } from '../../core/core.ts'
import { globToRegex } from '../../core/glob.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE, LINES, regexFor } from '../../core/regex.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Avpops } from './avpops.ts'
import { type Operation, readOperation, readValues, type ValuesOf } from './operand.ts'

const NAMES = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 're', 'fm', 'and', 'or', 'xor']

export const readChecked = (text: string, formats: Formats): ValuesOf => readValues(text, formats)

/** Throws BadValue. */
export function readCheck(text: string, formats: Formats): Operation {
  const operation = readOperation(text, NAMES, 'gi', formats)
  const { name, constant } = operation
  if (name === 're' && typeof constant === 'string') compileRegex(constant, IGNORE_CASE | LINES)
  if (name === 'fm' && typeof constant === 'number')
    throw new BadValue('fast_match operation requires string value or avp name/alias')
  return operation
}

/** Each value against each other one; without the flag g the newest alone. */
export function check(
  self: Avpops,
  msg: SipMessage,
  values: ValuesOf,
  operation: Operation,
): Verdict {
  const all = values(msg)
  const checked = operation.flags.includes('g') ? all : all.slice(0, 1)
  const wanted = operation.values(msg)
  for (const left of checked)
    for (const right of wanted) if (holds(self, operation, left, right)) return 1
  return -1
}

function holds(self: Avpops, { name, flags }: Operation, left: AvpValue, right: AvpValue): boolean {
  if (typeof left !== typeof right) {
    self.error("value types don't match")
    return false
  }
  if (name === 're')
    return regexFor(String(right), IGNORE_CASE | LINES)?.test(String(left)) === true
  if (name === 'fm') return globToRegex(String(right)).test(String(left))
  if (typeof left === 'number') {
    const bits = bitsOf(name, left, Number(right))
    return bits === null ? compares(name, left, Number(right)) : bits !== 0
  }
  const plain = flags.includes('i') ? (part: string) => part.toLowerCase() : (part: string) => part
  return compares(name, plain(left), plain(String(right)))
}

function compares<T extends AvpValue>(name: string, left: T, right: T): boolean {
  switch (name) {
    case 'eq':
      return left === right
    case 'ne':
      return left !== right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    default:
      return false
  }
}

/** null when it is no operation on bits. */
function bitsOf(name: string, left: number, right: number): number | null {
  if (name === 'and') return left & right
  if (name === 'or') return left | right
  return name === 'xor' ? left ^ right : null
}
