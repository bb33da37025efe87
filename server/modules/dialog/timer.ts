/** The timer of a dialog, and how long it runs. */
import type { SipMessage } from '../../sip/message.ts'
import { CONFIRMED, DELETED, EARLY } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CHANGED } from './dialog-record.ts'

/** Longer than the timers of a node can run at once. */
export const LONGEST_SECONDS = 30_000_000

/** Lets the timer of a dialog run; true when it did not before. */
export function startTimer(self: Dialogs, dialog: Dialog, seconds: number): boolean {
  const { core } = self
  const fresh = dialog.timeout === 0
  dialog.timeout = Math.floor(core.clock.now() / 1000) + seconds
  core.timers.arm(dialog.timer, Math.min(seconds, LONGEST_SECONDS) * 1000)
  return fresh
}

/** Begins the time anew; false when the timer does not run, which is left so. */
export function moveTimer(self: Dialogs, dialog: Dialog, seconds: number): boolean {
  if (dialog.timeout === 0) return false
  startTimer(self, dialog, seconds)
  return true
}

/** True when it ran; the reference that it held is the caller's then. */
export function stopTimer(self: Dialogs, dialog: Dialog): boolean {
  const ran = dialog.timeout !== 0
  dialog.timeout = 0
  self.core.timers.disarm(dialog.timer)
  return ran
}

/** Another lifetime, from now on. */
export function setLifetime(self: Dialogs, dialog: Dialog, seconds: number): void {
  if (dialog.state > EARLY) moveTimer(self, dialog, seconds)
  dialog.lifetime = seconds
  self.changed(dialog, FLAG_CHANGED)
}

/** The lifetime that timeout_avp says, or the usual one. */
export function lifetimeFor(self: Dialogs, msg: SipMessage): number {
  const { timeout_avp: variable, default_timeout: usual } = self.config
  const value = variable === null ? null : variable.get(msg)
  return typeof value === 'number' && value > 0 ? value : usual
}

/**
 * Puts it into a state, silently: what is left of one that has ended goes with a later cleaning.
 */
export function setState(self: Dialogs, dialog: Dialog, state: number): void {
  const before = dialog.state
  dialog.state = state
  self.changed(dialog, FLAG_CHANGED)
  if (before !== CONFIRMED || state !== DELETED) return
  dialog.endTime = self.now()
  self.profiles.release(dialog)
  self.stats.active_dialogs.value--
  if (stopTimer(self, dialog)) self.release(dialog, 1)
}
