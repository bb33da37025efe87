/** Accounting, as other modules ask for it. */
import { api, type Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface AccountingApi {
  /** acc_log_request(): accounts the request in the log. */
  inLog(msg: SipMessage, comment: string): Verdict
  /** acc_db_request() */
  inDatabase(msg: SipMessage, comment: string, table: string): Verdict
  /** acc_request(): both. */
  everywhere(msg: SipMessage, comment: string, table: string): Verdict
}

export const acc = api<AccountingApi>('acc')
