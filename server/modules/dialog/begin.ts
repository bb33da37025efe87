/** A new dialog, from the INVITE that begins it. */
import type { SipMessage } from '../../sip/message.ts'
import { INVITE } from '../../sip/method.ts'
import { CREATED, DELETED, DOWNSTREAM, NO_DIRECTION, SPIRALED } from './api.ts'
import { AGAIN, type Context, FIRST } from './context.ts'
import type { Dialogs } from './dialog.ts'
import { Dialog, FLAG_TRANSACTION, TIMEOUT_BYE } from './dialog-record.ts'
import { joinInvite } from './joining.ts'
import { noteCaller } from './legs.ts'
import { lifetimeFor } from './timer.ts'
import { BY_TAGS, matchRequest } from './within.ts'

/** dlg_manage(). */
export function manage(self: Dialogs, msg: SipMessage): boolean {
  if (msg.to === null) {
    self.error('bad TO header')
    return false
  }
  if (msg.to.tag !== '') {
    matchRequest(self, msg, BY_TAGS)
    return true
  }
  const context = self.contextOf(msg)
  const transaction = self.tm.transactionOf(msg)
  if (!begin(self, msg, context, self.config.initial_cbs_inscript !== 0)) return false
  const { dialog } = context
  if (dialog !== null && transaction !== null) joinInvite(self, transaction, dialog, context)
  return true
}

/**
 * Begins a dialog, or finds the one that this INVITE has begun before. `tell`: those who ask about
 * new dialogs are told at once.
 */
export function begin(self: Dialogs, msg: SipMessage, context: Context, tell: boolean): boolean {
  if (self.alive(context.dialog) !== null || msg.methodBit !== INVITE) return false
  const { callId } = msg
  const fromTag = msg.from?.tag ?? ''
  if (callId === '' || fromTag === '') {
    self.core.log.warn('dialog', 'pre-matching failed')
    return false
  }
  if (msg.to === null || msg.to.tag !== '') return false
  const known = self.config.detect_spirals === 0 ? null : spiralOf(self, callId, fromTag)
  if (known !== null && (known.dflags & FLAG_TRANSACTION) === 0) {
    // Nothing has left yet that could come back: the first one waits in its route, this is its
    // retransmission.
    context.spiral = FIRST
    context.dialog = known
    name(self, msg, known)
    return true
  }
  if (known !== null) {
    if (context.spiral === AGAIN) return true
    context.spiral = AGAIN
    if (tell) self.tell(known, SPIRALED, msg, null, DOWNSTREAM)
    context.dialog = known
    return true
  }
  context.spiral = FIRST
  const dialog = make(self, msg, context)
  if (dialog === null) return false
  context.dialog = dialog
  if (tell) self.tell(dialog, CREATED, msg, null, DOWNSTREAM)
  name(self, msg, dialog)
  self.stats.processed_dialogs.value++
  self.profiles.adopt(dialog, msg)
  return true
}

/** Mode 2 hides from everybody that dialogs are kept. */
function name(self: Dialogs, msg: SipMessage, dialog: Dialog): void {
  if (self.config.dlg_match_mode !== BY_TAGS) self.addCookie(msg, dialog)
}

function spiralOf(self: Dialogs, callId: string, fromTag: string): Dialog | null {
  const found = self.table.findCall(callId, fromTag, '', NO_DIRECTION)
  return found === null || found.dialog.state === DELETED ? null : found.dialog
}

function make(self: Dialogs, msg: SipMessage, context: Context): Dialog | null {
  const { callId } = msg
  const entry = self.table.entryOf(callId)
  const dialog = new Dialog(
    entry,
    self.table.newId(entry),
    callId,
    msg.from!.uri,
    msg.to!.uri,
    self.fireTimer,
  )
  dialog.initTime = self.now()
  dialog.requestUri = self.requestUri(msg).trim()
  dialog.firstCSeq = msg.cseq?.text ?? '0'
  if (!noteCaller(self, dialog, msg)) {
    self.error('could not add further info to the dialog')
    return null
  }
  dialog.variables = context.variables
  context.variables = null
  // A number that comes round again while its dialog lasts is left out.
  while (!self.table.insert(dialog)) dialog.id = self.table.newId(entry)
  dialog.ref = 1
  dialog.lifetime = lifetimeFor(self, msg)
  dialog.timeoutRoute = context.timeoutRoute
  dialog.sflags |= context.flags
  dialog.iflags |= context.iflags
  if (self.config.send_bye !== 0 || context.timeoutBye !== 0) dialog.iflags |= TIMEOUT_BYE
  return dialog
}
