/** Call-IDs as the other side sees them, for the script. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Topos } from './topos.ts'

/** 1 when it is done; without mask_callid it stays as it is. */
export function getMaskedCallId(
  self: Topos,
  msg: SipMessage,
  callId: string,
  result: PvHandle,
): Verdict {
  if (self.mask === null) self.error('Call-ID Mask not enabled')
  result.set?.(msg, self.mask?.maskCallId(callId) ?? callId)
  return 1
}

/** -1 when it is no masked one. */
export function getUnmaskedCallId(
  self: Topos,
  msg: SipMessage,
  callId: string,
  result: PvHandle,
): Verdict {
  if (self.mask === null) self.error('Call-ID Mask not enabled')
  const real = self.mask === null ? callId : self.mask.unmaskCallId(callId)
  if (real === null) return -1
  result.set?.(msg, real)
  return 1
}
