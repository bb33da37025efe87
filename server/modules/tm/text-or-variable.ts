/**
 * An argument that is a text as it stands, or one variable: Kamailio reads the variable at its
 * start and passes over what follows (`"$rU is away"` is the value of $rU; `"x $rU"` is the text).
 */
import { type Arg, BadValue, literal } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

/** null when the variable has no value. */
export type TextReader = (msg: SipMessage) => string | null

/** Where the variable that begins the text ends: `$name`, `$name(...)`, `$(...)`. */
export function endOfVariable(text: string): number {
  const name = /^\$[A-Za-z0-9_.]*/.exec(text)
  if (name === null) return 0
  const start = name[0].length
  if (text[start] !== '(') return start > 1 ? start : 0
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 0) return i + 1
  }
  return 0
}

export const textOrVariable = (name: string): Arg<TextReader> =>
  literal(name, (text, formats) => {
    const end = endOfVariable(text)
    if (end === 0) return () => text
    try {
      const handle = formats.pvar(text.slice(0, end))
      return msg => {
        const value = handle.get(msg)
        return value === null ? null : String(value)
      }
    } catch (error) {
      if (error instanceof BadValue) return () => text
      throw error
    }
  })
