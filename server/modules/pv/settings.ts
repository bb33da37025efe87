/** Values of the parameters: `name=i:1`, `name=s:text`, and lists of AVP aliases. */
import { type AvpName, parseAvpName } from '../../core/avp.ts'
import { BadValue } from '../../core/module/index.ts'

export interface Setting {
  readonly name: string
  readonly value: string | number
}

/** Reads `name=i:number` or `name=s:text`. */
export function readSetting(text: string | number): Setting {
  const found = /^\s*([^=\s]+)\s*=\s*([is]):([^]*)$/.exec(String(text))
  if (found === null)
    throw new BadValue(`${text} sets no variable`, 'as "debug=i:1" or "gw=s:192.0.2.1"')
  const [, name, type, value] = found
  if (type === 's') return { name: name!, value: value! }
  if (!/^[+-]?\d+$/.test(value!)) throw new BadValue(`${value} is no number`)
  return { name: name!, value: Number(value) | 0 }
}

/** Reads `email=s:email_addr;tmp=i:100`. */
export function readAliases(text: string | number): [string, AvpName][] {
  return String(text)
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const equals = part.indexOf('=')
      const name = equals < 0 ? null : parseAvpName(part.slice(equals + 1))
      if (equals <= 0 || name === null)
        throw new BadValue(`${part} is no alias`, 'as "email=s:email_addr"')
      return [part.slice(0, equals).trim(), name]
    })
}
