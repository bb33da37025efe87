/** acc_log_request() and its sisters: the script accounts a request itself. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Accounting } from './acc.ts'
import type { AccountingRecord } from './api.ts'
import { recordOf } from './record.ts'

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** `404 Not Found` is a code and a reason; anything else is all reason. */
function split(comment: string): { code: string; reason: string } {
  for (let i = 0; i < 3; i++)
    if (!isDigit(comment.charCodeAt(i))) return { code: '', reason: comment }
  let at = 3
  while (comment.charCodeAt(at) <= 0x20) at++
  return { code: comment.slice(0, 3), reason: comment.slice(at) }
}

export function requestRecord(
  self: Accounting,
  msg: SipMessage,
  comment: string,
): AccountingRecord {
  const { code, reason } = split(comment)
  return recordOf(self, 'request', msg, msg.to?.tag ?? '', code, reason)
}

export function accountRequestInLog(self: Accounting, msg: SipMessage, comment: string): Verdict {
  self.log.account(requestRecord(self, msg, comment))
  return 1
}

export function accountRequestInDatabase(
  self: Accounting,
  msg: SipMessage,
  comment: string,
  table: string,
): Verdict {
  if (self.database !== null)
    return self.database.accountIn(requestRecord(self, msg, comment), table)
  self.core.log.error('acc', 'acc_db_request: there is no database to account in (db_url)')
  return -1
}

export function accountRequest(
  self: Accounting,
  msg: SipMessage,
  comment: string,
  table: string,
): Verdict {
  accountRequestInLog(self, msg, comment)
  return self.database === null ? 1 : accountRequestInDatabase(self, msg, comment, table)
}
