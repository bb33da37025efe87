/** Ending a dialog from here: BYE to one side or both. */
import { LOCAL_COMPLETED } from '../tm/api.ts'
import type { SipMessage } from '../../sip/message.ts'
import {
  CALLEE,
  CALLER,
  CONFIRMED_NO_ACK,
  DELETED,
  NO_DIRECTION,
  TERMINATED,
  TERMINATION_CONFIRMED,
} from './api.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CALLEE_BYE, FLAG_CALLER_BYE, PRACK_SEEN } from './dialog-record.ts'
import { tellScript } from './events.ts'
import { release } from './references.ts'
import { requestTo, wholeLines } from './requests.ts'
import { nextState, REQUEST_BYE } from './state.ts'
import { stopTimer } from './timer.ts'

/** Leaves room for requests of the caller that we have not counted (PRACK). */
const SAFE_DISTANCE = 80

/** `headers` are whole lines. Gives to how many sides it could be sent. */
export function byeToBoth(self: Dialogs, dialog: Dialog, headers: string): number {
  // Sending may end it.
  dialog.ref++
  self.tell(dialog, TERMINATED, null, null, NO_DIRECTION)
  const toCaller = sendBye(self, dialog, CALLER, headers)
  const toCallee = sendBye(self, dialog, CALLEE, headers)
  tellEnd(self, dialog)
  release(self, dialog, 1)
  return Number(toCaller) + Number(toCallee)
}

/** Each side once. */
export function byeToOne(self: Dialogs, dialog: Dialog, side: number, headers: string): boolean {
  const flag = side === CALLER ? FLAG_CALLER_BYE : FLAG_CALLEE_BYE
  if ((dialog.dflags & flag) !== 0) return false
  dialog.dflags |= flag
  dialog.ref++
  const sent = sendBye(self, dialog, side, headers)
  tellEnd(self, dialog)
  release(self, dialog, 1)
  return sent
}

/** The script hears of the end now, not with the answer. */
function tellEnd(self: Dialogs, dialog: Dialog): void {
  if (dialog.state >= CONFIRMED_NO_ACK) tellScript(self, dialog, null, dialog.state, DELETED)
}

function sendBye(self: Dialogs, dialog: Dialog, side: number, headers: string): boolean {
  const { config } = self
  if (dialog.state === DELETED) {
    const name = `dlg [${dialog.entry}:${dialog.id}] with callid ${dialog.callId}`
    self.core.log.warn('dialog', `${name} already in deleted state, BYE not sent.`)
    return true
  }
  if (dialog.state < CONFIRMED_NO_ACK) return refuseEarly(self, dialog, side)
  const own = side === CALLEE ? wholeLines(config.lreq_callee_headers) : ''
  const lines = `Max-Forwards: 70\r\n${config.dlg_extra_hdrs}${headers}${own}`
  const request = requestTo(self, dialog, side, 'BYE', lines)
  if (request === null) return false
  if ((dialog.iflags & PRACK_SEEN) !== 0) request.cseq = (request.cseq ?? 0) + SAFE_DISTANCE
  request.events = LOCAL_COMPLETED
  request.callback = (_event, _transaction, _request, reply) => onAnswer(self, dialog, reply)
  if (self.tm.request(request) !== null) return true
  self.error('failed to send the BYE request')
  return false
}

/** Before the answer: the caller gets a final reply, the callees a CANCEL. */
function refuseEarly(self: Dialogs, dialog: Dialog, side: number): boolean {
  const { transaction } = dialog
  const { bye_early_code: code, bye_early_reason: reason } = self.config
  if (transaction === null) {
    self.error('terminating non-confirmed dialog not possible, transaction not longer available.')
    return false
  }
  if (side === CALLER) return self.tm.replyTo(transaction, code, reason)
  self.tm.cancel(transaction)
  return true
}

/** The first final answer, or the end of waiting for one, ends the dialog. */
function onAnswer(self: Dialogs, dialog: Dialog, reply: SipMessage | null): void {
  if (dialog.ref <= 0) return
  const unref = nextState(self, dialog, REQUEST_BYE)
  if (unref === 0) return
  const timed = stopTimer(self, dialog) ? 1 : 0
  dialog.endTime = self.now()
  self.tell(dialog, TERMINATION_CONFIRMED, null, reply, NO_DIRECTION)
  self.stats.active_dialogs.value--
  release(self, dialog, unref + timed)
}
