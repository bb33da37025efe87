/** Lists of methods, as is_method() takes them: read once into a mask. */
import { methodBit, OTHER } from '../sip/method.ts'
import type { SipMessage } from '../sip/message.ts'
import { BadValue } from './module/index.ts'

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
export function isOneOf(msg: SipMessage, methods: Methods): boolean {
  const bit = msg.methodBit
  if ((methods.mask & bit) === 0) return false
  return bit !== OTHER || methods.others.includes(msg.method.toUpperCase())
}
