/** Functions that set something for the transaction of a message, before or after it exists. */
import type { RouteBlock, Verdict } from '../../core/module/index.ts'
import { UDP } from '../../sip/transport.ts'
import type { SipMessage } from '../../sip/message.ts'
import { armFinal } from './send.ts'
import { draftOf } from './server.ts'
import type { Tm } from './tm.ts'
import {
  AUTO_INV_100,
  DISABLE_6XX,
  DISABLE_FAILOVER,
  DISABLE_INTERNAL_REPLY,
  DRAFT,
  NO_E2E_CANCEL_REASON,
  type Transaction,
  UAC_HEADERS,
} from './transaction.ts'

/** t_on_failure. */
export function onFailure(tm: Tm, msg: SipMessage, block: RouteBlock | null): Verdict {
  draftOf(tm, msg).onFailure = block
  return 1
}

/** t_on_reply. */
export function onReply(tm: Tm, msg: SipMessage, block: RouteBlock | null): Verdict {
  draftOf(tm, msg).onReply = block
  return 1
}

/** t_on_branch. */
export function onBranch(tm: Tm, msg: SipMessage, block: RouteBlock | null): Verdict {
  draftOf(tm, msg).onBranch = block
  return 1
}

/** t_on_branch_failure: the event route tm:branch-failure:<name>. */
export function onBranchFailure(tm: Tm, msg: SipMessage, name: string): Verdict {
  const event = `tm:branch-failure:${name}`
  const block = name === '0' ? null : tm.core.kemi.block('event', event, name)
  if (block === null && name !== '0') {
    tm.core.log.error('tm', `no event_route[tm:branch-failure:${name}] defined`)
    return -1
  }
  draftOf(tm, msg).onBranchFailure = block
  return 1
}

/** t_is_set. */
export function isSet(_tm: Tm, msg: SipMessage, target: string): Verdict {
  const t = msg.transaction as Transaction | null
  if (t === null) return -1
  const block =
    target === 'branch_route' ? t.onBranch : target === 'failure_route' ? t.onFailure : t.onReply
  return block === null ? -1 : 1
}

/** Sets or takes back flags of the transaction. */
const flagSetter =
  (flag: number) =>
  (tm: Tm, msg: SipMessage, on: number): Verdict => {
    const t = draftOf(tm, msg)
    if (on !== 0) t.flags |= flag
    else t.flags &= ~flag
    return 1
  }

export const setAutoInv100 = flagSetter(AUTO_INV_100)
export const setDisable6xx = flagSetter(DISABLE_6XX)
export const setDisableFailover = flagSetter(DISABLE_FAILOVER)
export const setDisableInternalReply = flagSetter(DISABLE_INTERNAL_REPLY)
export const setNoE2eCancelReason = flagSetter(NO_E2E_CANCEL_REASON)

/**
 * t_use_uac_headers: our CANCELs and ACKs are always made from what was sent, so this only notes
 * it.
 */
export function useUacHeaders(tm: Tm, msg: SipMessage): Verdict {
  draftOf(tm, msg).flags |= UAC_HEADERS
  return 1
}

/** t_set_fr: running branches get the new time at once. */
export function setFr(tm: Tm, msg: SipMessage, invite: number, other = 0): Verdict {
  const t = draftOf(tm, msg)
  if (invite > 0) t.frInvTimer = invite
  if (other > 0) t.frTimer = other
  restartTimers(tm, t)
  return 1
}

/** t_reset_fr. */
export function resetFr(tm: Tm, msg: SipMessage): Verdict {
  const t = draftOf(tm, msg)
  t.frInvTimer = t.state === DRAFT ? 0 : tm.config.fr_inv_timer
  t.frTimer = t.state === DRAFT ? 0 : tm.config.fr_timer
  restartTimers(tm, t)
  return 1
}

function restartTimers(tm: Tm, t: Transaction): void {
  if (t.state === DRAFT) return
  for (const branch of t.branches) {
    if (!branch.final.armed || branch.status >= 200) continue
    armFinal(tm, branch, t.isInvite && branch.status >= 100 ? t.frInvTimer : t.frTimer)
  }
}

/** t_set_max_lifetime. */
export function setMaxLifetime(tm: Tm, msg: SipMessage, invite: number, other: number): Verdict {
  const t = draftOf(tm, msg)
  if (invite > 0) t.inviteLifetime = invite
  if (other > 0) t.otherLifetime = other
  const lifetime = t.isInvite ? invite : other
  if (t.state !== DRAFT && lifetime > 0) limitLife(tm, t, lifetime)
  return 1
}

/** t_reset_max_lifetime. */
export function resetMaxLifetime(tm: Tm, msg: SipMessage): Verdict {
  const t = draftOf(tm, msg)
  t.inviteLifetime = 0
  t.otherLifetime = 0
  const { max_inv_lifetime, max_noninv_lifetime } = tm.config
  if (t.state !== DRAFT) limitLife(tm, t, t.isInvite ? max_inv_lifetime : max_noninv_lifetime)
  return 1
}

/** The life counts from the start of the transaction. */
function limitLife(tm: Tm, t: Transaction, lifetime: number): void {
  const age = tm.core.clock.now() - t.startedAt
  t.endOfLife = tm.core.clock.monotonic() - age + lifetime
  restartTimers(tm, t)
}

/** t_set_retr: a running branch takes the new interval after its next retransmission. */
export function setRetr(tm: Tm, msg: SipMessage, t1: number, t2: number): Verdict {
  const t = draftOf(tm, msg)
  const before = t.retransmitT2
  if (t1 > 0) t.retransmitT1 = t1
  if (t2 > 0) t.retransmitT2 = t2
  for (const branch of t.branches) {
    if (branch.destination.proto !== UDP || branch.status >= 200) continue
    // The interval is doubled when the timer fires.
    branch.interval = branch.interval < before ? t.retransmitT1 / 2 : t.retransmitT2
  }
  return 1
}

/** t_reset_retr. */
export function resetRetr(tm: Tm, msg: SipMessage): Verdict {
  const t = draftOf(tm, msg)
  t.retransmitT1 = t.state === DRAFT ? 0 : tm.config.retr_timer1
  t.retransmitT2 = t.state === DRAFT ? 0 : tm.config.retr_timer2
  return 1
}

/** t_drop_replies. */
export function dropReplies(tm: Tm, msg: SipMessage, mode = 'a'): Verdict {
  const t = tm.current(msg)
  if (t === null) return -1
  t.dropReplies = mode
  return 1
}

/** t_save_lumps: later edits are not for the failure route. */
export function saveLumps(tm: Tm, msg: SipMessage): Verdict {
  const t = tm.current(msg)
  if (t === null || t.branches.length > 0) return -1
  t.savedEdits = msg.edits === null ? 0 : msg.edits.length
  return 1
}
