/**
 * Flags that last for one run of the script over one message (setsflag, $sf), and the second set
 * of transaction flags (setxflag). Both are rare, so they live beside the attribute-value pairs
 * and cost a message without them nothing.
 */
import type { SipMessage } from '../sip/message.ts'
import { type AvpStore, avpsOf } from './avp.ts'

/**
 * 0 for a message that shares its pairs with the one that set them: script flags do not follow a
 * transaction.
 */
export function scriptFlags(msg: SipMessage): number {
  const store = msg.avps as AvpStore | null
  return store === null || store.scriptFlagsOf !== msg.id ? 0 : store.scriptFlags
}

export function setScriptFlags(msg: SipMessage, flags: number): void {
  const store = avpsOf(msg)
  store.scriptFlagsOf = msg.id
  store.scriptFlags = flags
}

/** Bits 0 to 31 of the extended transaction flags are word 0, bits 32 to 63 word 1. */
export function extendedFlags(msg: SipMessage, word: number): number {
  const store = msg.avps as AvpStore | null
  return store === null ? 0 : store.extendedFlags[word]!
}

export function setExtendedFlags(msg: SipMessage, word: number, flags: number): void {
  avpsOf(msg).extendedFlags[word] = flags
}
