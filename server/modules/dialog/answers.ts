/** Replies to the INVITE that began a dialog. */
import type { SipMessage } from '../../sip/message.ts'
import {
  DESTROY,
  RESPONSE_FWDED,
  RESPONSE_READY,
  type TransactionCallback,
  type TransactionView,
} from '../tm/api.ts'
import {
  ANSWERED,
  CONFIRMED,
  CONFIRMED_NO_ACK,
  DELETED,
  EARLY,
  FAILED,
  RESPONSE_FORWARDED,
  RINGING,
  UPSTREAM,
} from './api.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_NEW } from './dialog-record.ts'
import { tellScript } from './events.ts'
import { noteCallee } from './legs.ts'
import { release } from './references.ts'
import { nextState, REPLY_1XX, REPLY_2XX, REPLY_FAILURE } from './state.ts'
import { startTimer } from './timer.ts'

/** What the transaction of an INVITE calls. */
export const inviteListener =
  (self: Dialogs): TransactionCallback =>
  (event, transaction, request, reply, code) => {
    const dialog = self.alive(self.byTransaction.get(transaction) ?? null)
    // RFC 3261 section 12.1: a 100 begins nothing.
    if (dialog === null || code <= 100) return
    if ((event & (RESPONSE_READY | RESPONSE_FWDED)) === 0) return
    dialog.ref++
    onReply(self, dialog, transaction, request, reply, code)
    if (event === RESPONSE_FWDED) self.tell(dialog, RESPONSE_FORWARDED, request, reply, UPSTREAM)
    release(self, dialog, 1)
  }

/** What transactions call that look after the end of a dialog. */
export const endListener =
  (self: Dialogs): TransactionCallback =>
  (_event, transaction) => {
    const dialog = self.byTransaction.get(transaction)
    if (dialog !== undefined) release(self, dialog, 1)
  }

function onReply(
  self: Dialogs,
  dialog: Dialog,
  transaction: TransactionView,
  request: SipMessage | null,
  reply: SipMessage | null,
  code: number,
): void {
  const before = dialog.state
  // A 2xx behind a failure goes to the caller as well, for whom the call is over.
  const status = transaction.status >= 300 ? transaction.status : code
  const event = status < 200 ? REPLY_1XX : status < 300 ? REPLY_2XX : REPLY_FAILURE
  const unref = nextState(self, dialog, event)
  const after = dialog.state
  if (code >= 200) dialog.transaction = null
  tellScript(self, dialog, reply, before)
  if (after === EARLY) {
    if (before !== EARLY) self.stats.early_dialogs.value++
    self.tell(dialog, RINGING, request, reply, UPSTREAM)
  } else if (after === CONFIRMED_NO_ACK && before !== CONFIRMED_NO_ACK && before !== CONFIRMED) {
    answer(self, dialog, request, reply, before)
  } else if (after === DELETED && before <= EARLY) {
    fail(self, dialog, transaction, request, reply, before)
    release(self, dialog, unref)
  }
}

function answer(
  self: Dialogs,
  dialog: Dialog,
  request: SipMessage | null,
  reply: SipMessage | null,
  before: number,
): void {
  if (reply === null) self.error('Faked reply!')
  else if (!noteCallee(self, dialog, reply)) self.error('could not add further info to the dialog')
  dialog.startTime = self.now()
  dialog.endTime = 0
  self.changed(dialog, FLAG_NEW)
  if (startTimer(self, dialog, dialog.lifetime)) dialog.ref++
  self.tell(dialog, ANSWERED, request, reply, UPSTREAM)
  if (before === EARLY) self.stats.early_dialogs.value--
  self.stats.active_dialogs.value++
}

function fail(
  self: Dialogs,
  dialog: Dialog,
  transaction: TransactionView,
  request: SipMessage | null,
  reply: SipMessage | null,
  before: number,
): void {
  dialog.endTime = self.now()
  self.tell(dialog, FAILED, request, reply, UPSTREAM)
  if (self.config.wait_ack !== 0) {
    // Until the ACK has come, and what is retransmitted.
    dialog.ref++
    transaction.addCallback(DESTROY, self.onEnd)
  }
  if (before === EARLY) self.stats.early_dialogs.value--
  self.stats.failed_dialogs.value++
}
