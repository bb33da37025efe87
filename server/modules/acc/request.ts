/** acc_log_request() and its sisters: the script accounts a request itself. */
import type { Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Accounting } from './acc.ts'
import { writeLine } from './line.ts'

const EVENT = 'request accounted'

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** `404 Not Found` is a code and a reason; anything else is all reason. */
function split(comment: string): { code: string; reason: string } {
  for (let i = 0; i < 3; i++)
    if (!isDigit(comment.charCodeAt(i))) return { code: '', reason: comment }
  let at = 3
  while (comment.charCodeAt(at) <= 0x20) at++
  return { code: comment.slice(0, 3), reason: comment.slice(at) }
}

export function accountRequestInLog(self: Accounting, msg: SipMessage, comment: string): Verdict {
  writeLine(self, EVENT, { request: msg, toTag: msg.to?.tag ?? '', ...split(comment) })
  return 1
}

export function accountRequestInDatabase(self: Accounting): Verdict {
  self.core.log.error('acc', 'acc_db_request: there is no database to account in')
  return -1
}

export function accountRequest(self: Accounting, msg: SipMessage, comment: string): Verdict {
  return accountRequestInLog(self, msg, comment)
}
