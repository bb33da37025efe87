/** What values are compared or computed with: a variable, `i:5`, `s:text` or a text. */
import type { AvpValue } from '../../core/avp.ts'
import { avpsOf } from '../../core/avp.ts'
import type { Formats } from '../../core/core.ts'
import { BadValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { readAvp } from './avp-name.ts'

/** All values, the newest first; of anything but an AVP one or none. */
export type ValuesOf = (msg: SipMessage) => readonly AvpValue[]

export interface Operation {
  readonly name: string
  readonly values: ValuesOf
  /** The value as it is written, null when it is a variable. */
  readonly constant: AvpValue | null
  readonly flags: string
}

/** Throws BadValue. */
export function readValues(text: string, formats: Formats): ValuesOf {
  if (text.startsWith('$avp(')) {
    const name = readAvp(text, formats)
    return msg => {
      const known = name(msg)
      return known === null ? [] : avpsOf(msg).all(known)
    }
  }
  const variable = formats.pvar(text)
  return msg => {
    const value = variable.get(msg)
    return value === null ? [] : [value]
  }
}

function readConstant(text: string): AvpValue {
  if (text.startsWith('s:') || text.startsWith('S:')) return text.slice(2)
  if (!text.startsWith('i:') && !text.startsWith('I:')) return text
  const number = text.slice(2)
  if (!/^(?:[+-]?\d+|0[xX][\da-fA-F]+)$/.test(number))
    throw new BadValue(`value is not int as type says <${number}>`)
  return Number(number) | 0
}

/** `operation/value/flags`; throws BadValue. */
export function readOperation(
  text: string,
  names: readonly string[],
  flags: string,
  formats: Formats,
): Operation {
  const slash = text.indexOf('/')
  const name = text.slice(0, Math.max(slash, 0)).toLowerCase()
  if (slash < 0) throw new BadValue(`parse error in <${text}>`, 'as operation/value/flags')
  if (!names.includes(name))
    throw new BadValue(`unknown operation <${name}>`, `one of ${names.join(', ')}`)
  const rest = text.slice(slash + 1)
  const last = rest.lastIndexOf('/')
  const value = last < 0 ? rest : rest.slice(0, last)
  const given = last < 0 ? '' : rest.slice(last + 1).toLowerCase()
  for (const flag of given)
    if (!flags.includes(flag)) throw new BadValue(`unknown flag <${flag}>`, `flags are ${flags}`)
  if (value === '') throw new BadValue(`parse error in <${text}>`, 'as operation/value/flags')
  if (value.startsWith('$'))
    return { name, values: readValues(value, formats), constant: null, flags: given }
  const constant = readConstant(value)
  return { name, values: () => [constant], constant, flags: given }
}
