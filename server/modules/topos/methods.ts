/** Parameters that are lists of methods. */
import { BadValue } from '../../core/module/index.ts'
import { methodBit, OTHER } from '../../sip/method.ts'

/** The bits of `INVITE,BYE`; throws BadValue. */
export function methodBits(list: string): number {
  let bits = 0
  for (const name of list.split(',').map(one => one.trim().toUpperCase())) {
    if (name === '') continue
    const bit = methodBit(name)
    if (bit === OTHER) throw new BadValue(`topos: ${name} is no method that is known`, 'INVITE,BYE')
    bits |= bit
  }
  return bits
}
