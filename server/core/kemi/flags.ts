/** KSR.setbflag() and its sisters: flags of branches and of the script run. */
import type { SipMessage } from '../../sip/message.ts'
import type { CoreInstance } from '../core.module.ts'
import { int, type KemiFunction, kemiFn } from '../module/index.ts'
import { scriptFlags, setScriptFlags } from '../script-flags.ts'

type Rows = Record<string, KemiFunction<CoreInstance>>
/** Flags are read and written whole; a branch that is not there has none and takes none. */
type Read = (msg: SipMessage, index: number) => number
type Write = (msg: SipMessage, flags: number, index: number) => void

const FLAGS = 32

const valid = (flag: number): boolean => flag >= 0 && flag < FLAGS

/** The three functions of a kind of flag; with `indexed`, of one of several places. */
function threeOf(kind: string, what: string, indexed: boolean, read: Read, write: Write): Rows {
  const args = indexed ? [int('flag'), int('branch')] : [int('flag')]
  const row = (
    doc: string,
    run: (msg: SipMessage, flag: number, index: number) => boolean,
  ): KemiFunction<CoreInstance> =>
    kemiFn({
      doc,
      args,
      returns: 'bool',
      run: (_self: CoreInstance, msg, flag, index = 0) => valid(flag) && run(msg, flag, index),
    })
  const put =
    (flagsFrom: (flags: number, bit: number) => number) =>
    (msg: SipMessage, flag: number, index: number): boolean => {
      write(msg, flagsFrom(read(msg, index), 1 << flag), index)
      return true
    }
  return {
    [`set${kind}`]: row(
      `Set ${what}.`,
      put((flags, bit) => flags | bit),
    ),
    [`reset${kind}`]: row(
      `Clear ${what}.`,
      put((flags, bit) => flags & ~bit),
    ),
    [`is${kind}set`]: row(
      `Is ${what} set?`,
      (msg, flag, index) => (read(msg, index) & (1 << flag)) !== 0,
    ),
  }
}

/** Branch 0 is the request URI, the n-th further destination is branch n. */
function readBranch(msg: SipMessage, index: number): number {
  return index === 0 ? msg.branchFlags : (msg.branches?.[index - 1]?.flags ?? 0)
}

function writeBranch(msg: SipMessage, flags: number, index: number): void {
  const branch = msg.branches?.[index - 1]
  if (index === 0) msg.branchFlags = flags
  else if (branch !== undefined) branch.flags = flags
}

export const flagFunctions: Rows = {
  ...threeOf('bflag', 'a flag of the first branch', false, readBranch, writeBranch),
  ...threeOf('biflag', 'a flag of a branch', true, readBranch, writeBranch),
  ...threeOf('sflag', 'a flag of this script run', false, scriptFlags, setScriptFlags),
}
