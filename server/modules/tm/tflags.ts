/** The flags of a transaction as `tm.list` prints them: the bits of Kamailio, not ours. */
import type { Tm } from './tm.ts'
import {
  AUTO_INV_100,
  CANCELED,
  DISABLE_6XX,
  DISABLE_FAILOVER,
  DISABLE_INTERNAL_REPLY,
  NO_E2E_CANCEL_REASON,
  REPLY_SUSPENDED,
  SUSPENDED,
  type Transaction,
} from './transaction.ts'

const IS_INVITE = 1
const IS_LOCAL = 2
/** Two bits, of which Kamailio sets both. */
const ASIDE = 0x8004

/** Ours, and the bit that it is there. */
const BITS = [
  [CANCELED, 8],
  [AUTO_INV_100, 64],
  [DISABLE_6XX, 256],
  [DISABLE_FAILOVER, 512],
  [NO_E2E_CANCEL_REASON, 1024],
  [DISABLE_INTERNAL_REPLY, 8192],
] as const

export function tflags(tm: Tm, t: Transaction): number {
  let bits = (t.isInvite ? IS_INVITE : 0) | (t.isLocal ? IS_LOCAL : 0)
  for (const [ours, theirs] of BITS) {
    // Of no consequence for others, and not set there.
    if (ours === AUTO_INV_100 && !t.isInvite) continue
    if ((t.flags & ours) !== 0) bits |= theirs
  }
  // It is a default there, for requests of our own, too.
  if (t.isInvite && t.isLocal && tm.config.auto_inv_100 !== 0) bits |= 64
  const isAside = t.branches.some(
    ({ flags2, status }) =>
      ((flags2 & SUSPENDED) !== 0 && status < 200) || (flags2 & REPLY_SUSPENDED) !== 0,
  )
  return isAside ? bits | ASIDE : bits
}
