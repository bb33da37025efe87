/** Functions that change what is kept of a dialog. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { CALLEE, CALLER, DELETED, NO_DIRECTION, UNCONFIRMED, UPSTREAM } from './api.ts'
import type { Dialogs } from './dialog.ts'
import {
  type Dialog,
  FLAG_CHANGED,
  KEEPALIVE_CALLEE,
  KEEPALIVE_CALLER,
  TIMEOUT_NO_RESET,
} from './dialog-record.ts'
import { contactOf } from './legs.ts'
import { setLifetime, setState as putIntoState } from './timer.ts'
import { dialogVariable, setDialogVariable } from './variables.ts'
import { BY_TAGS, matchRequest } from './within.ts'

const isFlag = (flag: number): boolean => flag >= 0 && flag <= 31

const known = (self: Dialogs, msg: SipMessage): Dialog | null =>
  self.alive(self.peek(msg)?.dialog ?? null)

export function setFlag(self: Dialogs, msg: SipMessage, flag: number): Verdict {
  if (!isFlag(flag)) return -1
  self.contextOf(msg).flags |= 1 << flag
  const dialog = known(self, msg)
  if (dialog !== null) dialog.sflags |= 1 << flag
  return 1
}

export function resetFlag(self: Dialogs, msg: SipMessage, flag: number): Verdict {
  if (!isFlag(flag)) return -1
  self.contextOf(msg).flags &= ~(1 << flag)
  const dialog = known(self, msg)
  if (dialog !== null) dialog.sflags &= ~(1 << flag)
  return 1
}

export function isFlagSet(self: Dialogs, msg: SipMessage, flag: number): Verdict {
  if (!isFlag(flag)) return -1
  const flags = known(self, msg)?.sflags ?? self.peek(msg)?.flags ?? 0
  return (flags & (1 << flag)) === 0 ? -1 : 1
}

const PROPERTIES: Readonly<Record<string, number>> = {
  'ka-src': KEEPALIVE_CALLER,
  'ka-dst': KEEPALIVE_CALLEE,
  'timeout-noreset': TIMEOUT_NO_RESET,
}

function property(self: Dialogs, msg: SipMessage, name: string, on: boolean): Verdict {
  const flag = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name]! : 0
  if (flag === 0) {
    self.error(name === '' ? 'empty property value' : `unknown property value [${name}]`)
    return -1
  }
  const context = self.contextOf(msg)
  const dialog = known(self, msg)
  if (on) context.iflags |= flag
  else context.iflags &= ~flag
  if (dialog !== null) dialog.iflags = on ? dialog.iflags | flag : dialog.iflags & ~flag
  return 1
}

export const setProperty = (self: Dialogs, msg: SipMessage, name: string): Verdict =>
  property(self, msg, name, true)

export const resetProperty = (self: Dialogs, msg: SipMessage, name: string): Verdict =>
  property(self, msg, name, false)

export function setTimeout(
  self: Dialogs,
  msg: SipMessage,
  seconds: number,
  entry?: number,
  id?: number,
): Verdict {
  if (seconds <= 0) {
    self.error(`invalid timeout value: ${seconds}`)
    return -1
  }
  if (entry !== undefined && id === undefined) {
    self.error('invalid number of parameters')
    return -1
  }
  const dialog = entry === undefined ? self.dialogOf(msg) : self.table.find(entry, id!)
  if (dialog === null) return -1
  // Of one that has ended, and does not wait for anything any more.
  if (dialog.state === DELETED && dialog.timeout === 0) return -1
  setLifetime(self, dialog, seconds)
  return 1
}

// ---- of other dialogs

function other(self: Dialogs, callId: string, fromTag: string, toTag: string): Dialog | null {
  const missing = callId === '' ? 'Call-ID' : fromTag === '' ? 'From tag' : ''
  if (missing !== '') {
    self.error(`invalid ${missing} parameter`)
    return null
  }
  return self.table.findCall(callId, fromTag, toTag, NO_DIRECTION)?.dialog ?? null
}

export function getVariableOf(
  self: Dialogs,
  msg: SipMessage,
  callId: string,
  fromTag: string,
  toTag: string,
  key: string,
  result: PvHandle,
): Verdict {
  const dialog = other(self, callId, fromTag, toTag)
  result.set!(msg, dialog === null ? null : dialogVariable(dialog, key))
  return 1
}

export function setVariableOf(
  self: Dialogs,
  _msg: SipMessage,
  callId: string,
  fromTag: string,
  toTag: string,
  key: string,
  value: string,
): Verdict {
  const dialog = other(self, callId, fromTag, toTag)
  if (dialog === null) return -1
  setDialogVariable(self, dialog, key, value)
  return 1
}

// ---- what the sender of this message has changed

/** For whom there is no loose_route(). */
export function updateState(self: Dialogs, msg: SipMessage): Verdict {
  if (!msg.isRequest) return -1
  matchRequest(self, msg, BY_TAGS)
  return known(self, msg) === null ? -1 : 1
}

export function setState(self: Dialogs, msg: SipMessage, state: number): Verdict {
  if (state < UNCONFIRMED || state > DELETED) {
    self.error(`invalid new state value: ${state}`)
    return -1
  }
  const dialog = self.dialogOf(msg)
  if (dialog === null) return -1
  putIntoState(self, dialog, state)
  return 1
}

function senderOf(self: Dialogs, msg: SipMessage): { dialog: Dialog; side: number } | null {
  const match = self.matchOf(msg)
  if (match === null) return null
  const fromCallee = (match.direction === UPSTREAM) === msg.isRequest
  return { dialog: match.dialog, side: fromCallee ? CALLEE : CALLER }
}

export function updateContact(self: Dialogs, msg: SipMessage): Verdict {
  const sender = senderOf(self, msg)
  if (sender === null) return -1
  const contact = contactOf(self, msg)
  if (contact === '') return -1
  sender.dialog.legs[sender.side]!.contact = contact
  self.changed(sender.dialog, FLAG_CHANGED)
  return 1
}

export function updateSocket(self: Dialogs, msg: SipMessage): Verdict {
  const sender = senderOf(self, msg)
  if (sender === null) return -1
  sender.dialog.legs[sender.side]!.socket = msg.received.socket
  self.changed(sender.dialog, FLAG_CHANGED)
  return 1
}
