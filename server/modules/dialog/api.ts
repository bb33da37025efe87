/**
 * What other modules, and the parts of this one that live in files of their own (profiles,
 * database, rpc), may ask of dialog.
 */
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

/** A dialog with the direction in which it was asked about. */
export interface Match {
  readonly dialog: Dialog
  readonly direction: number
}

/**
 * Where dialogs are kept beside the memory. Nothing here may wait: it notes what is to be written.
 */
export interface DialogStorage {
  /** Something that a row holds has changed: dialog.dflags tell what. `final`: it was answered. */
  changed(dialog: Dialog): void
  /** It has ended: its rows go. */
  removed(dialog: Dialog): void
}

/** What profiles do when a dialog goes. */
export interface ProfileBook {
  /** It has ended: it is counted in no profile any more. */
  release(dialog: Dialog): void
  /** A request began it: profiles that the script chose before it existed become its own. */
  adopt(dialog: Dialog, request: SipMessage): void
}

export interface DialogApi {
  /** How many there are in memory, in whatever state. */
  readonly size: number
  /** The dialog of a message: the one that its route named, or that of its transaction. */
  dialogOf(msg: SipMessage): Dialog | null
  /** The direction of the message in it. */
  directionOf(msg: SipMessage): number
  /** Begins a dialog with this INVITE, or finds the one that it belongs to (dlg_manage). */
  manage(msg: SipMessage): boolean
  find(entry: number, id: number): Dialog | null
  /**
   * By Call-ID and tags. `direction`: which way the tags are to be read; NO_DIRECTION tries both.
   */
  findCall(callId: string, fromTag: string, toTag: string, direction: number): Match | null
  /** The dialogs with this Call-ID, oldest first. */
  ofCall(callId: string): readonly Dialog[]
  /** All of them, slot by slot, as dlg.list shows them; safe against changes meanwhile. */
  all(): Dialog[]
  /** Tells of these events (bits) of every dialog. `Dialog.on` is for one alone. */
  on(events: number, callback: DialogCallback): void
  /** Seconds from now on; also changes the timer when it runs. */
  setLifetime(dialog: Dialog, seconds: number): void
  /**
   * Ends it: BYE to both sides; `headers` are whole lines. False when one of them could not be
   * sent. Before the answer the caller gets a final reply and the callees a CANCEL.
   */
  terminate(dialog: Dialog, headers: string): boolean
  /** The same to one side. */
  terminateSide(dialog: Dialog, side: number, headers: string): boolean
  /**
   * Credentials are being added to this request (uac_auth): its next branch has a higher CSeq
   * number, if track_cseq_updates says so.
   */
  raiseCSeq(msg: SipMessage): void
  /** Says that it is in this state; nobody is told (dlg.set_state). */
  setState(dialog: Dialog, state: number): void
  variable(dialog: Dialog, key: string): string | null
  /** null removes it. */
  setVariable(dialog: Dialog, key: string, value: string | null): void
  /** A BYE that nobody sent, for variables where there is no message; null without a socket. */
  callerBye(dialog: Dialog): SipMessage | null
  /** For persistence: there is one storage at most. */
  setStorage(storage: DialogStorage): void
  /** Puts a dialog that came from a storage into the table and lets its timers run. */
  restore(dialog: Dialog, remaining: number): boolean
}

export const dialog = api<DialogApi>('dialog')
