/**
 * Transactions and dialogs: which tells which of what. A dialog that no transaction looks after
 * ends with the script that began it.
 */
import type { SipMessage } from '../../sip/message.ts'
import { BYE, INVITE } from '../../sip/method.ts'
import { DESTROY, RESPONSE_FWDED, RESPONSE_READY, type TransactionView } from '../tm/api.ts'
import {
  CREATED,
  DOWNSTREAM,
  SPIRALED,
  TERMINATION_CONFIRMED,
  UNCONFIRMED,
  UPSTREAM,
} from './api.ts'
import { AGAIN, type Context, FIRST } from './context.ts'
import { restoreLater } from './cseq.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_TRANSACTION } from './dialog-record.ts'

const REPLIES = RESPONSE_READY | RESPONSE_FWDED

/** The transaction of an INVITE that begins something tells the dialog of its replies. */
export function joinInvite(
  self: Dialogs,
  transaction: TransactionView,
  dialog: Dialog,
  context: Context,
): void {
  context.hasTransaction = true
  dialog.dflags |= FLAG_TRANSACTION
  if (context.spiral !== FIRST) return
  dialog.transaction = transaction
  self.byTransaction.set(transaction, dialog)
  transaction.addCallback(REPLIES, self.onInvite)
}

/** The transaction of a request within a dialog tells what is still waited for. */
export function joinWithin(self: Dialogs, transaction: TransactionView, context: Context): void {
  const { dialog } = context
  if (dialog === null) return
  context.hasTransaction = true
  if (transaction.isInvite) dialog.dflags |= FLAG_TRANSACTION
  if (context.raised) restoreLater(transaction)
  context.raised = false
  if (context.endsDialog || context.wantsReplies) self.byTransaction.set(transaction, dialog)
  if (context.endsDialog) {
    transaction.addCallback(DESTROY, self.onEnd)
    // While the answer can still be held: what is recorded is on the disk before it leaves.
    if (self.wants(dialog, TERMINATION_CONFIRMED))
      transaction.addCallback(REPLIES, self.onByeAnswered)
  }
  if (context.wantsReplies) {
    const down = context.direction === UPSTREAM
    transaction.addCallback(RESPONSE_FWDED, down ? self.onReplyDown : self.onReplyUp)
  }
  context.endsDialog = false
  context.wantsReplies = false
}

/** A request has its transaction. `begin` begins a dialog for the flag of dlg_flag. */
export function joinNew(
  self: Dialogs,
  transaction: TransactionView,
  request: SipMessage | null,
  begin: (request: SipMessage, context: Context) => boolean,
): void {
  if (request === null) return
  const known = self.contexts.get(request)
  if (known === undefined && self.flag === 0) return
  const begins = request.methodBit === INVITE && request.to?.tag === ''
  const flagged = begins && self.flag !== 0 && (request.flags & self.flag) !== 0
  if (known === undefined ? !flagged : known.hasTransaction) return
  const context = known ?? self.contextOf(request)
  if (!begins) {
    joinWithin(self, transaction, context)
    return
  }
  if (self.alive(context.dialog) !== null) {
    if (self.config.initial_cbs_inscript === 0) tellBegun(self, context, request)
  } else if (!flagged || !begin(request, context)) return
  const { dialog } = context
  if (dialog !== null) joinInvite(self, transaction, dialog, context)
}

function tellBegun(self: Dialogs, { dialog, spiral }: Context, request: SipMessage): void {
  if (dialog === null) return
  if (spiral === AGAIN) self.tell(dialog, SPIRALED, request, null, DOWNSTREAM)
  else if (spiral === FIRST) self.tell(dialog, CREATED, request, null, DOWNSTREAM)
}

/** What no transaction looks after goes with the script. */
export function afterScript(self: Dialogs, msg: SipMessage): void {
  const context = self.contexts.get(msg)
  if (context === undefined) return
  // $DLG_status and $DLG_lifetime are of the route in which loose_route() was called.
  context.status = -1
  context.lifetime = -1
  if (context.hasTransaction || (msg.methodBit !== INVITE && msg.methodBit !== BYE)) return
  const dialog = self.alive(context.dialog)
  if (dialog === null) return
  // Its retransmission may have been faster through a route that waits.
  const nobody = (dialog.dflags & FLAG_TRANSACTION) === 0
  const unsent = context.spiral === FIRST && dialog.state === UNCONFIRMED && nobody
  if (!context.endsDialog && !unsent) return
  context.hasTransaction = true
  self.release(dialog, 1)
}
