/**
 * The caller's CANCEL: matched to its INVITE, answered, and carried out hop by hop (RFC 3261
 * sections 9.2 and 16.10).
 */
import { E_SCRIPT } from '../../core/errors.ts'
import type { Verdict } from '../../core/module/index.ts'
import { H_REASON } from '../../sip/header-names.ts'
import { CANCEL, INVITE } from '../../sip/method.ts'
import { NEXT, type SipMessage, START, STRIDE } from '../../sip/message.ts'
import { answer } from './answer.ts'
import { E2E_CANCEL_IN } from './api.ts'
import { cancelBranches } from './cancel.ts'
import { newTransaction } from './server.ts'
import type { Tm } from './tm.ts'
import { CANCELED, NO_E2E_CANCEL_REASON, type Transaction } from './transaction.ts'

// ---- parameter unmatched_cancel
const STATEFUL = 0
const STATELESS = 1

/** The INVITE that a CANCEL is about, or null. */
export function lookupCanceled(tm: Tm, msg: SipMessage): Transaction | null {
  // RFC 3261 section 9.2: matched by the rules of section 17.2.3 with the method INVITE.
  tm.key.read(msg)
  return tm.table.find(tm.key, INVITE, 'INVITE')
}

/** The Reason header lines of a CANCEL. */
function reasonLines(msg: SipMessage): string {
  let lines = ''
  for (let i = msg.find(H_REASON); i >= 0; i = msg.find(H_REASON, i + STRIDE))
    lines += msg.raw.slice(msg.headers[i + START], msg.headers[i + NEXT])
  return lines
}

/**
 * Relays a CANCEL (t_relay): 1 done, 0 a retransmission, negative on error. Without its INVITE it
 * is forwarded as unmatched_cancel says, which `forward` does.
 */
export function relayCancel(tm: Tm, msg: SipMessage, forward: () => Verdict): Verdict {
  const invite = lookupCanceled(tm, msg)
  if (invite === null && tm.config.unmatched_cancel !== STATEFUL) {
    if (tm.config.unmatched_cancel !== STATELESS) return 1
    return tm.forwardStateless(msg)
  }
  const made = newTransaction(tm, msg)
  if (made <= 0 && made !== E_SCRIPT) return made
  const t = msg.transaction as Transaction
  if (invite === null) return forward()
  carryOut(tm, invite, t, msg)
  return 1
}

function carryOut(tm: Tm, invite: Transaction, t: Transaction, msg: SipMessage): void {
  invite.flags |= CANCELED
  if ((invite.events & E2E_CANCEL_IN) !== 0) invite.tell(E2E_CANCEL_IN, msg, null, 0)
  const copy = tm.config.e2e_cancel_reason !== 0 && (invite.flags & NO_E2E_CANCEL_REASON) === 0
  const pending =
    invite.status >= 200 ? 0 : cancelBranches(tm, invite, null, copy ? reasonLines(msg) : '')
  // RFC 3261 section 16.10: a stateful proxy answers the CANCEL itself, 200, whatever becomes of
  // the branches.
  answer(tm, t, 200, pending > 0 ? 'canceling' : 'ok -- no more pending branches', '', null)
  // RFC 3261 section 9.2: an INVITE that nobody has answered or forwarded is answered 487.
  if (invite.status < 200 && invite.branches.length === 0)
    answer(tm, invite, 487, 'Request Terminated', '', null)
}

/**
 * t_relay_cancel: 0 when the INVITE was found and cancelled, 1 when there is none, negative on
 * error.
 */
export function tRelayCancel(tm: Tm, msg: SipMessage): Verdict {
  const invite = msg.methodBit === CANCEL ? lookupCanceled(tm, msg) : null
  if (invite === null) return 1
  const made = newTransaction(tm, msg)
  if (made <= 0) return made
  carryOut(tm, invite, msg.transaction as Transaction, msg)
  return 0
}
