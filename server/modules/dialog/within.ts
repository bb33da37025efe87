/** Requests within a dialog: which one they belong to, and what they change in it. */
import type { SipMessage } from '../../sip/message.ts'
import { ACK, BYE, INVITE, PRACK } from '../../sip/method.ts'
import {
  ACKNOWLEDGED,
  CALLEE,
  CALLER,
  CONFIRMED,
  CONFIRMED_NO_ACK,
  DELETED,
  DOWNSTREAM,
  EARLY,
  NO_DIRECTION,
  REQUEST_WITHIN,
  RESPONSE_WITHIN,
  TERMINATED,
  UPSTREAM,
} from './api.ts'
import type { Context } from './context.ts'
import { readCookie } from './cookie.ts'
import { raiseWithin } from './cseq.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CHANGED, TIMEOUT_NO_RESET } from './dialog-record.ts'
import { tellScript } from './events.ts'
import { joinWithin } from './joining.ts'
import { contactOf } from './legs.ts'
import { nextState, REQUEST_ACK, REQUEST_BYE, REQUEST_OTHER, REQUEST_PRACK } from './state.ts'
import { directionIn, type Match } from './table.ts'
import { lifetimeFor, moveTimer, stopTimer } from './timer.ts'

// ---- dlg_match_mode
const BY_COOKIE = 0
export const BY_TAGS = 2

/** Called for every request that one of our routes led here (loose_route). */
export function matchRequest(self: Dialogs, msg: SipMessage, mode: number): void {
  // Requests that begin something may come by a route as well.
  if (msg.to === null || msg.to.tag === '') return
  if (self.alive(self.peek(msg)?.dialog ?? null) !== null) return
  const match = findMatch(self, msg, mode)
  if (match === null) return
  const context = self.contextOf(msg)
  context.dialog = match.dialog
  context.direction = match.direction
  match.dialog.ref++
  onRequest(self, msg, context, match.dialog, match.direction)
  self.release(match.dialog, 1)
}

function findMatch(self: Dialogs, msg: SipMessage, mode: number): Match | null {
  if (mode !== BY_TAGS) {
    const value = self.rr.routeParam(msg, self.config.rr_param)
    if (value !== null && value !== '') {
      const cookie = readCookie(value)
      if (typeof cookie === 'string') {
        self.error(cookie)
        return null
      }
      const match = byCookie(self, msg, value, cookie.entry, cookie.id)
      if (match !== null) return match
    }
    if (mode === BY_COOKIE) return null
  }
  const fromTag = msg.from?.tag ?? ''
  if (fromTag === '') return null
  return self.table.findCall(msg.callId, fromTag, msg.to!.tag, NO_DIRECTION)
}

function byCookie(
  self: Dialogs,
  msg: SipMessage,
  value: string,
  entry: number,
  id: number,
): Match | null {
  const { log } = self.core
  const { method, callId } = msg
  const dialog = self.table.find(entry, id)
  if (dialog === null) {
    const place = `with route param '${value}' [${entry}:${id}] and call-id '${callId}'`
    log.warn('dialog', `unable to find dialog for ${method} ${place}`)
    return null
  }
  const fromTag = msg.from?.tag ?? ''
  const toTag = msg.to!.tag
  const same = dialog.callId === callId
  const direction = same ? directionIn(dialog, fromTag, toTag, NO_DIRECTION) : NO_DIRECTION
  if (direction !== NO_DIRECTION) return { dialog, direction }
  const wanted = `callid='${callId}'/${callId.length}, ftag='${fromTag}'/${fromTag.length}`
  log.warn(
    'dialog',
    `tight matching failed for ${method} with ${wanted}, ttag='${toTag}'/${toTag.length} ` +
      `and direction=${NO_DIRECTION}`,
  )
  const [caller, callee] = dialog.legs
  log.warn(
    'dialog',
    `dialog identification elements are callid='${dialog.callId}'/${dialog.callId.length}, ` +
      `caller tag='${caller.tag}'/${caller.tag.length}, ` +
      `callee tag='${callee.tag}'/${callee.tag.length}`,
  )
  return null
}

function eventOf(methodBit: number): number {
  if (methodBit === ACK) return REQUEST_ACK
  if (methodBit === BYE) return REQUEST_BYE
  return methodBit === PRACK ? REQUEST_PRACK : REQUEST_OTHER
}

function onRequest(
  self: Dialogs,
  msg: SipMessage,
  context: Context,
  dialog: Dialog,
  direction: number,
): void {
  if (direction === DOWNSTREAM && raiseWithin(dialog, msg)) context.raised = true
  const before = dialog.state
  const event = eventOf(msg.methodBit)
  const unref = nextState(self, dialog, event)
  const after = dialog.state
  context.status = after
  context.lifetime = dialog.startTime === 0 ? 0 : self.now() - dialog.startTime
  tellScript(self, dialog, msg, before)
  if (after === CONFIRMED && before !== CONFIRMED) self.keepalives.add(dialog)
  const transaction = context.raised ? self.tm.transactionOf(msg) : null
  if (transaction !== null) joinWithin(self, transaction, context)
  if (after === DELETED && before !== DELETED) {
    onBye(self, msg, context, dialog, direction, unref)
    return
  }
  const alive = after === CONFIRMED || after === EARLY
  if (alive && event !== REQUEST_BYE) refresh(self, msg, context, dialog, direction, before)
  if (after === CONFIRMED && before === CONFIRMED_NO_ACK) self.changed(dialog, FLAG_CHANGED)
}

/** What is left of the dialog stays until its last messages have gone, as the BYE's transaction. */
function onBye(
  self: Dialogs,
  msg: SipMessage,
  context: Context,
  dialog: Dialog,
  direction: number,
  unref: number,
): void {
  dialog.endTime = self.now()
  dialog.ref++
  context.endsDialog = true
  const timed = stopTimer(self, dialog) ? 1 : 0
  self.tell(dialog, TERMINATED, msg, null, direction)
  self.release(dialog, unref + timed)
  self.stats.active_dialogs.value--
  const transaction = self.tm.transactionOf(msg)
  if (transaction !== null) joinWithin(self, transaction, context)
}

/** A request that goes on makes its sender known anew, and begins the lifetime again. */
function refresh(
  self: Dialogs,
  msg: SipMessage,
  context: Context,
  dialog: Dialog,
  direction: number,
  before: number,
): void {
  const isAck = msg.methodBit === ACK
  const seconds = lifetimeFor(self, msg)
  if (seconds !== self.config.default_timeout) dialog.lifetime = seconds
  const { timeout_noreset: never } = self.config
  const resets = never === 0 && (dialog.iflags & TIMEOUT_NO_RESET) === 0
  if (dialog.state !== EARLY && (before !== CONFIRMED || resets)) {
    moveTimer(self, dialog, dialog.lifetime)
    dialog.dflags |= FLAG_CHANGED
  }
  if (!isAck) noteSender(self, msg, dialog, direction)
  self.store?.changed(dialog)
  if (before === CONFIRMED_NO_ACK) {
    self.tell(dialog, ACKNOWLEDGED, msg, null, direction)
    return
  }
  self.tell(dialog, REQUEST_WITHIN, msg, null, direction)
  self.addCookie(msg, dialog)
  if (isAck || !self.wants(dialog, RESPONSE_WITHIN)) return
  context.wantsReplies = true
  const transaction = self.tm.transactionOf(msg)
  if (transaction !== null) joinWithin(self, transaction, context)
}

/** RFC 3261 section 12.2: a re-INVITE may change the remote target. */
function noteSender(self: Dialogs, msg: SipMessage, dialog: Dialog, direction: number): void {
  const leg = dialog.legs[direction === UPSTREAM ? CALLEE : CALLER]!
  if (msg.methodBit === INVITE) {
    const contact = contactOf(self, msg)
    if (contact === '') self.error('contacts update failed')
    else leg.contact = contact
  }
  leg.cseq = msg.cseq?.text ?? '0'
  dialog.dflags |= FLAG_CHANGED
}
