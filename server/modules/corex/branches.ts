/**
 * append_branch([uri [, q]]): one more destination, by default the request URI with its
 * attributes.
 */
import { addBranch, newBranch, parseQ } from '../../core/branch.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import type { Corex } from './corex.ts'

export function appendBranch(self: Corex, msg: SipMessage, uri = '', q = ''): Verdict {
  const preference = q === '' ? -1 : parseQ(q)
  if (q !== '' && preference < 0) {
    self.error(`append_branch: ${q} is no q value`)
    return -1
  }
  const branch: Branch = { ...newBranch(uri), flags: msg.branchFlags, socket: msg.forceSocket }
  branch.dstUri = msg.dstUri
  branch.path = msg.path
  if (uri === '') copyRequest(msg, branch)
  if (preference >= 0) branch.q = preference
  if (!addBranch(self.core, msg, branch)) return -1
  if (uri === '') startAnew(msg)
  return 1
}

/** The attributes of the request have gone with its URI: the next one begins without. */
function startAnew(msg: SipMessage): void {
  msg.dstUri = ''
  msg.path = ''
  msg.forceSocket = null
  msg.branchFlags = 0
}

function copyRequest(msg: SipMessage, branch: Branch): void {
  branch.uri = msg.uri
  branch.q = msg.q
  branch.instance = msg.instance
  branch.regId = msg.regId
  branch.ruid = msg.ruid
  branch.userAgent = msg.userAgent
  branch.connection = msg.flowConnection
}
