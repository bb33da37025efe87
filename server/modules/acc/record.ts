/** Puts together what all ways of accounting say of a transaction or request. */
import { H_REASON } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { UPSTREAM } from '../rr/api.ts'
import type { Accounting } from './acc.ts'
import type { AccountingRecord, RecordKind } from './api.ts'

/** The Reason header of the reply if the config prefers it, else its reason phrase. */
export function reasonOfReply(self: Accounting, reply: SipMessage): string {
  const header = self.config.reason_from_hf === 0 ? null : reply.header(H_REASON)
  return header ?? reply.reason
}

export function recordOf(
  self: Accounting,
  kind: RecordKind,
  request: SipMessage,
  toTag: string,
  code: string,
  reason: string,
): AccountingRecord {
  const { config, core, rr } = self
  const fromTag = request.from?.tag ?? ''
  const time = core.clock.now()
  // With detect_direction the tags are those of the caller and the callee, whoever asks.
  const turned = config.detect_direction !== 0 && rr !== null && rr.isDirection(request, UPSTREAM)
  return turned
    ? { kind, request, fromTag: toTag, toTag: fromTag, code, reason, time }
    : { kind, request, fromTag, toTag, code, reason, time }
}
