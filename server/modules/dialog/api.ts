/** What other modules may ask of dialog, and the words for it. */
import { api } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Dialog } from './dialog-record.ts'

export type { Dialog } from './dialog-record.ts'

// ---- states of a dialog, as everybody sees them
export const UNCONFIRMED = 1
export const EARLY = 2
/** Answered; the ACK has not come through yet. */
export const CONFIRMED_NO_ACK = 3
export const CONFIRMED = 4
export const DELETED = 5

// ---- sides of a dialog: index of Dialog.legs
export const CALLER = 0
export const CALLEE = 1

// ---- direction of a message within its dialog
export const NO_DIRECTION = 0
/** From the caller to the callee. */
export const DOWNSTREAM = 1
/** From the callee to the caller. */
export const UPSTREAM = 2

// ---- events, as bits (Kamailio's DLGCB_ names without the prefix)
/** It came from the database at the start. Only for those who ask about all dialogs. */
export const LOADED = 1 << 0
/** A request began it. Only for those who ask about all dialogs. */
export const CREATED = 1 << 1
/** A final failure, or a 2xx never came. */
export const FAILED = 1 << 2
/** The 2xx came. */
export const ANSWERED = 1 << 3
/** The ACK to the 2xx came. */
export const ACKNOWLEDGED = 1 << 4
/** A request of it came that is neither ACK nor BYE. */
export const REQUEST_WITHIN = 1 << 5
/** A BYE came, or we ended it. */
export const TERMINATED = 1 << 6
/** Its lifetime is over. */
export const EXPIRED = 1 << 7
/** The first provisional reply came. */
export const RINGING = 1 << 8
/** A reply to a request of it is about to be passed on: edits made to it go out with it. */
export const RESPONSE_FORWARDED = 1 << 9
/** A reply to a request within it came. */
export const RESPONSE_WITHIN = 1 << 10
/** Its INVITE came through once more. */
export const SPIRALED = 1 << 11
/** Nothing refers to it any more; it is out of the table. */
export const DESTROYED = 1 << 12
/** A BYE was answered, or ours to one side was. */
export const TERMINATION_CONFIRMED = 1 << 13

/** What happened. `request` and `reply` are the messages behind it, null when there are none. */
export interface DialogEvent {
  readonly event: number
  readonly request: SipMessage | null
  readonly reply: SipMessage | null
  readonly direction: number
}
export type DialogCallback = (dialog: Dialog, event: DialogEvent) => void

export interface DialogApi {
  /** The dialog of a message: the one that its route named, or that of its transaction. */
  dialogOf(msg: SipMessage): Dialog | null
  /** Tells of these events (bits) of every dialog. `Dialog.on` is for one alone. */
  on(events: number, callback: DialogCallback): void
  /** Seconds from now on; also changes the timer when it runs. */
  setLifetime(dialog: Dialog, seconds: number): void
  /**
   * Credentials are being added to this request (uac_auth): its next branch has a higher CSeq
   * number, if track_cseq_updates says so.
   */
  raiseCSeq(msg: SipMessage): void
  variable(dialog: Dialog, key: string): string | null
  /** null removes it. */
  setVariable(dialog: Dialog, key: string, value: string | null): void
  /** A BYE that nobody sent, for variables where there is no message; null without a socket. */
  callerBye(dialog: Dialog): SipMessage | null
}

export const dialog = api<DialogApi>('dialog')
