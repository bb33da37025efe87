/** Accounting, as other modules ask for it, and where more ways of accounting join. */
import {
  api,
  BadValue,
  type PvHandle,
  type PvValue,
  type Verdict,
} from '../../core/module/index.ts'
import { facilityNumber } from '../../lib/syslog.ts'
import type { SipMessage } from '../../sip/message.ts'

/** What is accounted: a transaction, a missed call, an ACK, or what the script asked for. */
export type RecordKind = 'transaction' | 'missed' | 'ack' | 'request'

/** One record, the same for all ways of accounting. */
export interface AccountingRecord {
  readonly kind: RecordKind
  /** With the request URI of the branch that the record is about. */
  readonly request: SipMessage
  readonly fromTag: string
  readonly toTag: string
  /** As it is printed; '' when there is none. */
  readonly code: string
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** `name=$variable` of a list of extra values. */
export interface Extra {
  readonly name: string
  readonly variable: string
  /** Compiled when all modules are there. */
  handle: PvHandle | null
}

/** One more way of accounting (Kamailio's acc_engine). */
export interface AccountingEngine {
  /** Message flags as bits, 0 for none. */
  readonly flag: number
  readonly missedFlag: number
  /** False: records cannot be kept; calls that are marked for this way are refused. */
  readonly accepts: boolean
  account(record: AccountingRecord): void
}

/** The times of a dialog that has ended, as records have them: seconds with three decimals. */
export interface CallTimes {
  readonly start: string
  readonly end: string
  readonly duration: string
}

/** One more way of writing call data records. */
export interface CallEngine {
  /** Wants those of dialogs that end without any BYE, too. */
  readonly wantsExpired: boolean
  /** `msg`: the BYE, the reply with which the call failed, or a BYE that nobody sent. */
  record(times: CallTimes, msg: SipMessage | null): void
}

export interface AccountingApi {
  /** acc_log_request(): accounts the request in the log. */
  inLog(msg: SipMessage, comment: string): Verdict
  /** acc_db_request() */
  inDatabase(msg: SipMessage, comment: string, table: string): Verdict
  /** acc_request(): both. */
  everywhere(msg: SipMessage, comment: string, table: string): Verdict
  /** Joins; to be called from the constructor of a module, or before its `start` waits. */
  addEngine(engine: AccountingEngine): void
  /** The same for call data records; false without cdr_enable. */
  addCallEngine(engine: CallEngine): boolean
  /** A list of extra values in a parameter of another module. Throws BadValue. */
  readExtras(text: string, parameter: string): Extra[]
  /** To be called when all modules are there. */
  compileExtras(extras: readonly Extra[]): void
  /** Names of the values that each leg has (multi_leg_info). */
  readonly legNames: readonly string[]
  /** Their values, leg by leg; none without multi_leg_info. */
  legsOf(msg: SipMessage): (PvValue | null)[][]
  /** The record of a request that the script accounts: `404 Not Found` is a code and a reason. */
  recordOf(msg: SipMessage, comment: string): AccountingRecord
}

export const acc = api<AccountingApi>('acc')

/** A bit of message flags; 0 when the parameter is not set, so that no message has it. */
export const flagBit = (flag: number): number => (flag < 0 ? 0 : 1 << flag)

/** Throws BadValue when there is no syslog facility of this name; empty is the usual one. */
export function checkFacility(name: string, parameter: string): void {
  if (name !== '' && facilityNumber(name) < 0)
    throw new BadValue(`${parameter}: ${name} is no syslog facility`, 'for example LOG_LOCAL0')
}
