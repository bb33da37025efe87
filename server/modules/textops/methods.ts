/** is_method(): lists of methods, read once into a mask. */
import { BadValue, type Verdict } from '../../core/module.ts'
import { methodBit, OTHER } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Textops } from './textops.ts'

export interface Methods {
  readonly mask: number
  /** In capitals: the methods without a bit of their own. */
  readonly others: readonly string[]
}

/** Reads `INVITE|BYE`. Throws BadValue. */
export function parseMethods(text: string): Methods {
  let mask = 0
  const others: string[] = []
  for (const name of text.split('|')) {
    const method = name.trim().toUpperCase()
    if (method === '') throw new BadValue(`no method in '${text}'`)
    const bit = methodBit(method)
    mask |= bit
    if (bit === OTHER) others.push(method)
  }
  return { mask, others }
}

/** Is the method, of a reply that of its CSeq, one of these? */
export function isMethod(_self: Textops, msg: SipMessage, methods: Methods): Verdict {
  const bit = msg.methodBit
  if ((methods.mask & bit) === 0) return -1
  return bit !== OTHER || methods.others.includes(msg.method.toUpperCase()) ? 1 : -1
}
