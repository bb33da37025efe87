/** Functions that send something, or say which dialog is meant. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { CALLEE, CALLER, CONFIRMED_NO_ACK, DOWNSTREAM, NO_DIRECTION } from './api.ts'
import { byeToBoth, byeToOne } from './bye.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import { requestTo, targetOf, wholeLines } from './requests.ts'
import { bridge, refer } from './transfer.ts'

/** Neither CALLER nor CALLEE. */
export const BOTH = 2

/** The dialog that the script has found or begun; others are not looked for. */
const chosen = (self: Dialogs, msg: SipMessage): Dialog | null =>
  self.alive(self.peek(msg)?.dialog ?? null)

const verdict = (done: boolean): Verdict => (done ? 1 : -1)

export function getDialog(
  self: Dialogs,
  msg: SipMessage,
  callId: string,
  fromTag: string,
  toTag: string,
): Verdict {
  if (callId === '' || fromTag === '') {
    self.error(`invalid ${callId === '' ? 'Call-ID' : 'From tag'} parameter`)
    return -1
  }
  const match = self.table.findCall(callId, fromTag, toTag, NO_DIRECTION)
  if (match === null) return -1
  const context = self.contextOf(msg)
  context.dialog = match.dialog
  context.direction = match.direction
  return 1
}

export function bye(self: Dialogs, msg: SipMessage, side: number): Verdict {
  const dialog = chosen(self, msg)
  if (dialog === null) return -1
  if (side === BOTH) return verdict(byeToBoth(self, dialog, '') === 2)
  return verdict(byeToOne(self, dialog, side, ''))
}

export function referSide(self: Dialogs, msg: SipMessage, side: number, to: string): Verdict {
  const dialog = chosen(self, msg)
  if (dialog === null) return -1
  if (to === '') {
    self.error('invalid To parameter')
    return -1
  }
  dialog.ref++
  const sent = refer(self, dialog, side, to)
  self.release(dialog, 1)
  return verdict(sent)
}

export function bridgeCall(
  self: Dialogs,
  _msg: SipMessage,
  from: string,
  to: string,
  outboundProxy: string,
): Verdict {
  if (from === '' || to === '') {
    self.error(`invalid ${from === '' ? 'From' : 'To'} parameter`)
    return -1
  }
  return verdict(bridge(self, from, to, outboundProxy))
}

/** RFC 3261 section 12.2.1.1: the remote target is the request URI. */
export function setRequestUri(self: Dialogs, msg: SipMessage): Verdict {
  const match = self.matchOf(msg)
  if (match === null) return -1
  const { contact } = match.dialog.legs[match.direction === DOWNSTREAM ? CALLEE : CALLER]!
  if (contact === '') return -1
  const { uri, nextHop } = targetOf(contact)
  msg.setUri(uri)
  if (nextHop !== '') msg.dstUri = nextHop
  return 1
}

/** dlg_req_within(side, method, [headers], [type, body]). */
export function requestWithin(
  self: Dialogs,
  msg: SipMessage,
  side: number,
  method: string,
  third?: string,
  fourth?: string,
  fifth?: string,
): Verdict {
  const dialog = chosen(self, msg)
  if (dialog === null || method === '') return -1
  if (dialog.state < CONFIRMED_NO_ACK) {
    self.error('requests within a dialog that is not answered are not supported')
    return -1
  }
  const typed = fifth === undefined ? fourth !== undefined : true
  const headers = typed && fifth === undefined ? '' : (third ?? '')
  const type = fifth === undefined ? third : fourth
  const body = fifth ?? fourth ?? ''
  const lines = wholeLines(headers) + (typed ? `Content-Type: ${type}\r\n` : '')
  const sides = side === BOTH ? [CALLER, CALLEE] : [side]
  for (const each of sides) {
    const request = requestTo(self, dialog, each, method, lines)
    if (request === null) return -1
    if (self.tm.request({ ...request, body }) === null) return -1
  }
  return 1
}

/** What other nodes or other versions have. */
export const notSupported =
  (name: string) =>
  (self: Dialogs): Verdict => {
    self.error(`${name}() is not supported`)
    return -1
  }
