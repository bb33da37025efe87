/** The states of a dialog, and what leads from one to the next. */
import { L_CRIT } from '../../core/log.ts'
import { CONFIRMED, CONFIRMED_NO_ACK, DELETED, EARLY, UNCONFIRMED } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_HAS_BYE, PRACK_SEEN } from './dialog-record.ts'

// ---- what happens to a dialog; the numbers are in log lines
export const REPLY_1XX = 2
export const REPLY_2XX = 3
export const REPLY_FAILURE = 4
export const REQUEST_PRACK = 5
export const REQUEST_ACK = 6
export const REQUEST_BYE = 7
export const REQUEST_OTHER = 8

/** `[slot:number] with clid '...' and tags '...' '...'`. */
export const named = ({ entry, id, callId, legs }: Dialog): string =>
  `[${entry}:${id}] with clid '${callId}' and tags '${legs[0].tag}' '${legs[1].tag}'`

function bogus(self: Dialogs, dialog: Dialog, event: number): void {
  const text = `bogus event ${event} in state ${dialog.state} for dlg ${named(dialog)}`
  self.core.log.write(L_CRIT, 'dialog', text)
}

/** Goes on to the next state; gives how many references end with the old one. */
export function nextState(self: Dialogs, dialog: Dialog, event: number): number {
  const { state } = dialog
  switch (event) {
    case REPLY_1XX:
      if (state <= EARLY) dialog.state = EARLY
      else bogus(self, dialog, event)
      return 0
    case REPLY_2XX:
      return answered(self, dialog)
    case REPLY_FAILURE:
      if (state > EARLY) bogus(self, dialog, event)
      else return end(self, dialog)
      return 0
    case REQUEST_ACK:
      if (state === CONFIRMED_NO_ACK) dialog.state = CONFIRMED
      else if (state < CONFIRMED_NO_ACK) bogus(self, dialog, event)
      return 0
    case REQUEST_BYE:
      if (state === UNCONFIRMED) bogus(self, dialog, event)
      if (state !== CONFIRMED_NO_ACK && state !== CONFIRMED) return 0
      dialog.dflags |= FLAG_HAS_BYE
      return end(self, dialog)
    case REQUEST_PRACK:
      if (state === EARLY || state === CONFIRMED_NO_ACK) dialog.iflags |= PRACK_SEEN
      else if (state !== DELETED) bogus(self, dialog, event)
      return 0
    default:
      if (state === UNCONFIRMED) bogus(self, dialog, event)
      return 0
  }
}

function answered(self: Dialogs, dialog: Dialog): number {
  const { state } = dialog
  if (state === DELETED) {
    if ((dialog.dflags & FLAG_HAS_BYE) !== 0) {
      bogus(self, dialog, REPLY_2XX)
      return 0
    }
    // One branch has answered after all had seemed to have failed: the table has it again.
    dialog.ref++
  }
  if (state !== CONFIRMED) dialog.state = CONFIRMED_NO_ACK
  return 0
}

function end(self: Dialogs, dialog: Dialog): number {
  dialog.state = DELETED
  self.profiles.release(dialog)
  return 1
}
