/** The transformation {re.subst,/expression/replacement/flags}. */
import type { Formats } from '../../core/core.ts'
import type { PvValue } from '../../core/module/index.ts'
import { parseSubstitution } from '../../core/substitution.ts'
import type { SipMessage } from '../../sip/message.ts'

/** Reads the expression once; a value without a match stays as it is. Throws BadValue. */
export function prepareSubstitution(
  expression: string,
  formats: Formats,
): (msg: SipMessage, value: PvValue) => PvValue {
  const substitution = parseSubstitution(expression, formats)
  return (msg, value) => {
    const text = value === null ? '' : String(value)
    return substitution.apply(msg, text) ?? text
  }
}
