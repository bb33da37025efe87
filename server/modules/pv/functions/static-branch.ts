/**
 * sbranch_append, sbranch_set_ruri and sbranch_reset: what $sbranch(...) has gathered becomes a
 * branch.
 */
import { addBranch } from '../../../core/branch.ts'
import type { Verdict } from '../../../core/module/index.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'

export function appendBranch(self: Pv, msg: SipMessage): Verdict {
  const branch = self.staticBranch
  if (branch === null || branch.uri === '') return -1
  if (!addBranch(self.core, msg, { ...branch })) return -1
  return 1
}

export function setRequestUri(self: Pv, msg: SipMessage): Verdict {
  const branch = self.staticBranch
  if (branch === null || branch.uri === '') return -1
  msg.setUri(branch.uri)
  msg.dstUri = branch.dstUri
  msg.path = branch.path
  msg.q = branch.q
  msg.branchFlags = branch.flags
  if (branch.socket !== null) msg.forceSocket = branch.socket
  msg.instance = branch.instance
  msg.regId = branch.regId
  msg.ruid = branch.ruid
  msg.userAgent = branch.userAgent
  msg.flowConnection = branch.connection
  return 1
}

export function resetBranch(self: Pv): Verdict {
  self.staticBranch = null
  return 1
}
