/** Flags of the script run and of branches. */
import type { Verdict } from '../../core/module/index.ts'
import { scriptFlags, setScriptFlags } from '../../core/script-flags.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import type { Kex } from './kex.ts'

const valid = (flag: number): boolean => flag >= 0 && flag < 32
const verdict = (yes: boolean): Verdict => (yes ? 1 : -1)

export function setScriptFlag(_self: Kex, msg: SipMessage, flag: number): Verdict {
  if (!valid(flag)) return -1
  setScriptFlags(msg, scriptFlags(msg) | (1 << flag))
  return 1
}

export function resetScriptFlag(_self: Kex, msg: SipMessage, flag: number): Verdict {
  if (!valid(flag)) return -1
  setScriptFlags(msg, scriptFlags(msg) & ~(1 << flag))
  return 1
}

export const isScriptFlagSet = (_self: Kex, msg: SipMessage, flag: number): Verdict =>
  verdict(valid(flag) && (scriptFlags(msg) & (1 << flag)) !== 0)

/**
 * Branch 0 is the request URI, the n-th further destination is branch n; null when there is none.
 */
function branchOf(msg: SipMessage, index: number): Branch | SipMessage | null {
  return index === 0 ? msg : (msg.branches?.[index - 1] ?? null)
}

const flagsOf = (owner: Branch | SipMessage): number =>
  'branchFlags' in owner ? owner.branchFlags : owner.flags

function setFlagsOf(owner: Branch | SipMessage, flags: number): void {
  if ('branchFlags' in owner) owner.branchFlags = flags
  else owner.flags = flags
}

export function setBranchFlag(_self: Kex, msg: SipMessage, flag: number, index = 0): Verdict {
  const owner = branchOf(msg, index)
  if (owner === null || !valid(flag)) return -1
  setFlagsOf(owner, flagsOf(owner) | (1 << flag))
  return 1
}

export function resetBranchFlag(_self: Kex, msg: SipMessage, flag: number, index = 0): Verdict {
  const owner = branchOf(msg, index)
  if (owner === null || !valid(flag)) return -1
  setFlagsOf(owner, flagsOf(owner) & ~(1 << flag))
  return 1
}

export function isBranchFlagSet(_self: Kex, msg: SipMessage, flag: number, index = 0): Verdict {
  const owner = branchOf(msg, index)
  return verdict(owner !== null && valid(flag) && (flagsOf(owner) & (1 << flag)) !== 0)
}
