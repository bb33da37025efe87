/**
 * Flags of the transaction ($mf), of this script run ($sf) and of the branch of the request URI
 * ($bf).
 */
import { keyed, variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import { BadValue } from '../../../core/module/index.ts'
import { scriptFlags, setScriptFlags } from '../../../core/script-flags.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'

type Row = Pvar<Pv>

/** A set of 32 flags on a message. */
interface FlagSet {
  get(msg: SipMessage): number
  set(msg: SipMessage, flags: number): void
}

const transaction: FlagSet = {
  get: msg => msg.flags,
  set: (msg, flags) => {
    msg.flags = flags
  },
}
const branch: FlagSet = {
  get: msg => msg.branchFlags,
  set: (msg, flags) => {
    msg.branchFlags = flags
  },
}
const script: FlagSet = { get: scriptFlags, set: setScriptFlags }

const setter =
  (set: FlagSet) =>
  (self: Pv, msg: SipMessage, value: PvValue): boolean => {
    if (typeof value === 'string') return self.refuse('flags take a number')
    set.set(msg, (value ?? 0) | 0)
    return true
  }

/** Shown without sign. */
const number = (doc: string, set: FlagSet): Row =>
  variable({ doc, get: (_self, msg) => set.get(msg) >>> 0, set: setter(set) })

const hexadecimal = (doc: string, set: FlagSet): Row =>
  variable({
    doc,
    get: (_self, msg) => (set.get(msg) >>> 0).toString(16).padStart(8, '0'),
    set: setter(set),
  })

function readFlag(inner: string): number {
  const flag = Number(inner)
  if (inner.trim() === '' || !Number.isInteger(flag) || flag < 0 || flag > 31)
    throw new BadValue(`flag ${inner} is not between 0 and 31`)
  return flag
}

const one = (doc: string, set: FlagSet): Row =>
  keyed({
    doc,
    parse: readFlag,
    get: (_self: Pv, msg, flag) => (set.get(msg) >>> flag) & 1,
    set: (self, msg, value, flag) => {
      if (typeof value === 'string') return self.refuse('a flag takes a number')
      const bit = 1 << flag
      set.set(msg, value === null || value === 0 ? set.get(msg) & ~bit : set.get(msg) | bit)
      return true
    },
  })

export const flagVariables: Record<string, Row> = {
  mf: number('Transaction flags.', transaction),
  mF: hexadecimal('Transaction flags, eight hexadecimal digits.', transaction),
  sf: number('Script flags.', script),
  sF: hexadecimal('Script flags, eight hexadecimal digits.', script),
  bf: number('Branch flags of the request URI.', branch),
  bF: hexadecimal('Branch flags of the request URI, eight hexadecimal digits.', branch),
  Mf: one('One transaction flag: 0 or 1.', transaction),
  Sf: one('One script flag: 0 or 1.', script),
  Bf: one('One branch flag of the request URI: 0 or 1.', branch),
}
