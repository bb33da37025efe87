/** AVPs as the functions of avpops name them: `$avp(x)`, `$avp(i:5)`, `$avp($var(name))`. */
import { type AvpName, parseAvpName } from '../../core/avp.ts'
import type { Formats } from '../../core/core.ts'
import { BadValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

/** The name for a message; null when a variable gives none. */
export type NameOf = (msg: SipMessage) => AvpName | null

/** An argument and the flags behind it: `$avp(x)/gd` in [`$avp(x)`, `gd`]. */
export function splitFlags(text: string, allowed: string): [string, string] {
  const slash = endOfVariable(text)
  const flags = slash < 0 ? '' : text.slice(slash + 1).toLowerCase()
  for (const flag of flags)
    if (!allowed.includes(flag)) throw new BadValue(`bad flag <${flag}>`, `flags are ${allowed}`)
  return [slash < 0 ? text : text.slice(0, slash), flags]
}

/** Where the first slash is that stands in no parentheses; -1 without one. */
export function endOfVariable(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (text[i] === '/' && depth <= 0) return i
  }
  return -1
}

/** `$avp(x)` and `$(avp(x))`. */
const FORMS = [/^\$avp\((.*)\)$/s, /^\$\(avp\((.*)\)\)$/s]

/** Throws BadValue when it is no AVP. */
export function readAvp(text: string, formats: Formats): NameOf {
  const inner = FORMS.map(form => form.exec(text.trim())?.[1]).find(Boolean) ?? ''
  if (inner.startsWith('$')) {
    const variable = formats.pvar(inner)
    return msg => {
      const value = variable.get(msg)
      return typeof value === 'string' ? parseAvpName(value) : value
    }
  }
  const name = parseAvpName(inner)
  if (name === null) throw new BadValue(`bad attribute name <${text}>`, 'as $avp(name)')
  return () => name
}

/** One of Kamailio's two kinds of names. */
export const isKind = (name: AvpName, kind: 's' | 'i'): boolean =>
  (typeof name === 'number') === (kind === 'i')
