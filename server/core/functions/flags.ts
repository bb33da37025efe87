/**
 * setflag, resetflag, isflagset: the transaction flags of a message, 0 to 31, by number or by
 * declared name; setavpflag and its sisters: flags on the newest value of an AVP.
 */
import type { SipMessage } from '../../sip/message.ts'
import { avpsOf, type AvpName, parseAvpName } from '../avp.ts'
import { BadValue, literal, type Arg, written } from '../module/index.ts'

const FLAGS = 32

/** The compiler hands over numbers; names of `flags` declarations are numbers by then. */
const bitNumber: Arg<number> = literal('flag', text => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number >= FLAGS) {
    throw new BadValue(`flag ${text} is not between 0 and ${FLAGS - 1}`)
  }
  return number
})
export const flag: Arg<number> = written(bitNumber, 'flag')
export const avpFlag: Arg<number> = written(bitNumber, 'avpflag')

export const avp: Arg<AvpName> = written(
  literal('avp', text => {
    const name = parseAvpName(text)
    if (name === null) throw new BadValue(`${text} is no name of an AVP`)
    return name
  }),
  'avp',
)

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

/** -1 when there is no such AVP. */
export function setAvpFlag(_core: unknown, msg: SipMessage, name: AvpName, bit: number): number {
  return changeAvpFlags(msg, name, flags => flags | (1 << bit))
}

/** It is never true, whatever the flag was. */
export function resetAvpFlag(_core: unknown, msg: SipMessage, name: AvpName, bit: number): number {
  changeAvpFlags(msg, name, flags => flags & ~(1 << bit))
  return -1
}

function changeAvpFlags(msg: SipMessage, name: AvpName, change: (flags: number) => number): number {
  const store = avpsOf(msg)
  if (store.count(name) === 0) return -1
  store.setFlags(name, change(store.flagsOf(name)))
  return 1
}

export function isAvpFlagSet(_core: unknown, msg: SipMessage, name: AvpName, bit: number): number {
  return (avpsOf(msg).flagsOf(name) & (1 << bit)) !== 0 ? 1 : -1
}
