/**
 * What the script says and finds out about the dialog of one message: $dlg_ctx, and what is kept
 * until there is a dialog.
 */
import type { DialogVariable, Dialog } from './dialog-record.ts'

// ---- Context.spiral
export const UNKNOWN = -1
/** The message began its dialog. */
export const FIRST = 0
/** It has come through before. */
export const AGAIN = 1

export class Context {
  /** Which dialog it belongs to; that may have gone meanwhile. */
  dialog: Dialog | null
  direction: number
  spiral: number
  /** A transaction knows of it: it looks after the dialog from now on. */
  hasTransaction: boolean
  // ---- what its transaction, when it is there, is to tell
  /** A BYE that ended the dialog: its transaction is to look after what is left of it. */
  endsDialog: boolean
  /** Whoever asked wants to see the replies to it. */
  wantsReplies: boolean
  /** Its CSeq number was raised: its replies are to have the old one. */
  raised: boolean
  // ---- $DLG_status and $DLG_lifetime, -1 before loose_route()
  status: number
  lifetime: number
  // ---- $dlg_ctx
  on: number
  flags: number
  iflags: number
  timeout: number
  timeoutBye: number
  timeoutRoute: string
  /** Of a message that has no dialog yet. */
  variables: Map<string, DialogVariable> | null

  constructor() {
    this.dialog = null
    this.direction = 0
    this.spiral = UNKNOWN
    this.hasTransaction = false
    this.endsDialog = false
    this.wantsReplies = false
    this.raised = false
    this.status = -1
    this.lifetime = -1
    this.on = 0
    this.flags = 0
    this.iflags = 0
    this.timeout = 0
    this.timeoutBye = 0
    this.timeoutRoute = ''
    this.variables = null
  }
}
