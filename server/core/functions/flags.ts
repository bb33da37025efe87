/**
 * setflag, resetflag, isflagset: the transaction flags of a message, 0 to 31, by number or by
 * declared name.
 */
import type { SipMessage } from '../../sip/message.ts'
import { BadValue, literal, type Arg } from '../module.ts'

const FLAGS = 32

/** The compiler hands over numbers; names of `flags` declarations are numbers by then. */
export const flag: Arg<number> = literal('flag', text => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number >= FLAGS) {
    throw new BadValue(`flag ${text} is not between 0 and ${FLAGS - 1}`)
  }
  return number
})

export function setFlag(_core: unknown, msg: SipMessage, flagNumber: number): number {
  msg.flags |= 1 << flagNumber
  return 1
}

export function resetFlag(_core: unknown, msg: SipMessage, flagNumber: number): number {
  msg.flags &= ~(1 << flagNumber)
  return 1
}

export function isFlagSet(_core: unknown, msg: SipMessage, flagNumber: number): number {
  return (msg.flags & (1 << flagNumber)) !== 0 ? 1 : -1
}
