/**
 * Extended transaction flags (0 to 63) and flags that functions of other modules set on a message.
 */
import { BadValue, literal, type Verdict } from '../../core/module/index.ts'
import { extendedFlags, setExtendedFlags } from '../../core/script-flags.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Corex } from './corex.ts'

const valid = (flag: number): boolean => flag >= 0 && flag < 64
const wordOf = (flag: number): number => (flag < 32 ? 0 : 1)
const bitOf = (flag: number): number => 1 << (flag & 31)

export function setExtended(_self: Corex, msg: SipMessage, flag: number): Verdict {
  if (!valid(flag)) return -1
  const word = wordOf(flag)
  setExtendedFlags(msg, word, extendedFlags(msg, word) | bitOf(flag))
  return 1
}

export function resetExtended(_self: Corex, msg: SipMessage, flag: number): Verdict {
  if (!valid(flag)) return -1
  const word = wordOf(flag)
  setExtendedFlags(msg, word, extendedFlags(msg, word) & ~bitOf(flag))
  return 1
}

export const isExtendedSet = (_self: Corex, msg: SipMessage, flag: number): Verdict =>
  valid(flag) && (extendedFlags(msg, wordOf(flag)) & bitOf(flag)) !== 0 ? 1 : -1

/**
 * Bits of SipMessage.messageFlags: From and To of a request are those of the request we sent,
 * credentials were added.
 */
const INTERNAL = new Map<string, number>([
  ['USE_UAC_FROM', 1 << 20],
  ['USE_UAC_TO', 1 << 21],
  ['UAC_AUTH', 1 << 22],
])

export const internalFlag = literal('flagname', text => {
  const bit = INTERNAL.get(text)
  if (bit !== undefined) return bit
  throw new BadValue(`${text} is no internal flag`, [...INTERNAL.keys()].join(', '))
})

export function setInternal(_self: Corex, msg: SipMessage, bit: number): Verdict {
  msg.messageFlags |= bit
  return 1
}

export function resetInternal(_self: Corex, msg: SipMessage, bit: number): Verdict {
  msg.messageFlags &= ~bit
  return 1
}

/** -2 is Kamailio's answer for no. */
export const isInternalSet = (_self: Corex, msg: SipMessage, bit: number): Verdict =>
  (msg.messageFlags & bit) !== 0 ? 1 : -2
