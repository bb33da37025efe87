/** Times that are over: the lifetime of a dialog, and what nobody ended. */
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import {
  CALLER,
  CONFIRMED,
  CONFIRMED_NO_ACK,
  DELETED,
  EARLY,
  EXPIRED,
  NO_DIRECTION,
} from './api.ts'
import { byeToBoth } from './bye.ts'
import type { Dialogs } from './dialog.ts'
import {
  type Dialog,
  type DialogTimer,
  FLAG_CHANGED,
  FLAG_EXPIRED,
  TIMEOUT_BYE,
} from './dialog-record.ts'
import { messageAbout, runAbout, tellScript } from './events.ts'
import { destroy, forget, release } from './references.ts'
import { nextState, REQUEST_BYE } from './state.ts'
import { LONGEST_SECONDS, moveTimer, startTimer } from './timer.ts'

// ---- dlg_filter_mode
/** Nothing is done to dialogs of other nodes. */
export const LOCAL_ONLY = 1

/** What is left to a dialog whose ACK never came, or whose phone does not answer any more. */
export const LAST_SECONDS = 10

/** What timers call. */
export const timerOf = (self: Dialogs) =>
  function fire(this: DialogTimer): void {
    const { dialog } = this
    const left = dialog.timeout - Math.floor(self.core.clock.now() / 1000)
    if (left >= LONGEST_SECONDS) startTimer(self, dialog, left)
    else onTimeout(self, dialog)
  }

function onTimeout(self: Dialogs, dialog: Dialog): void {
  dialog.timeout = 0
  if ((self.config.dlg_filter_mode & LOCAL_ONLY) !== 0 && dialog.legs[CALLER].socket === null) {
    if (dialog.state === CONFIRMED_NO_ACK || dialog.state === CONFIRMED)
      self.stats.active_dialogs.value--
    forget(self, dialog)
    return
  }
  dialog.dflags |= FLAG_EXPIRED
  if (dialog.state === CONFIRMED_NO_ACK || dialog.state === CONFIRMED) {
    runTimeoutRoute(self, dialog)
    // The route may have ended it.
    if (dialog.ref <= 0) return
    if ((dialog.iflags & TIMEOUT_BYE) !== 0) {
      self.stats.expired_dialogs.value++
      // Otherwise it ends with the first answer.
      if (byeToBoth(self, dialog, '') === 0) endUnheard(self, dialog)
      release(self, dialog, 1)
      return
    }
  }
  expire(self, dialog)
}

/** Without a BYE: both sides are left alone. */
function expire(self: Dialogs, dialog: Dialog): void {
  const before = dialog.state
  const unref = nextState(self, dialog, REQUEST_BYE)
  tellScript(self, dialog, null, before)
  if (dialog.state !== DELETED || before === DELETED) {
    release(self, dialog, 1)
    return
  }
  const { callId, legs } = dialog
  const who = `callid: '${callId}' tags: '${legs[0].tag}' '${legs[1].tag}'`
  self.core.log.warn('dialog', `dlg timeout - ${who} ostate: ${before}`)
  dialog.endTime = self.now()
  self.tell(dialog, EXPIRED, null, null, NO_DIRECTION)
  self.stats.expired_dialogs.value++
  self.stats.active_dialogs.value--
  release(self, dialog, unref + 1)
}

/** No BYE could leave: nobody will answer one. */
function endUnheard(self: Dialogs, dialog: Dialog): void {
  const unref = nextState(self, dialog, REQUEST_BYE)
  if (unref === 0) return
  dialog.endTime = self.now()
  self.stats.active_dialogs.value--
  release(self, dialog, unref)
}

function runTimeoutRoute(self: Dialogs, dialog: Dialog): void {
  const { timeoutRoute: name } = dialog
  if (name === '') return
  const { kemi, routes } = self.core
  const block =
    kemi.engine === null
      ? routes.find('route', name)
      : kemi.event('dialog:timeout', self.config.event_callback, name)
  const msg = block === null ? null : messageAbout(self, dialog)
  if (block !== null && msg !== null) runAbout(self, dialog, block, msg, REQUEST_ROUTE)
}

/** Every now and then: removes what nobody ended. */
export function clean(self: Dialogs): void {
  const { early_timeout: early, noack_timeout: noAck, end_timeout: ended } = self.config
  const now = self.now()
  for (const dialog of self.table.each()) {
    const { state, initTime, startTime, endTime } = dialog
    if (state <= EARLY && initTime > 0 && initTime < now - early) {
      tellOld(self, dialog, 'early')
      if (state === EARLY) self.stats.early_dialogs.value--
      destroy(self, dialog)
    } else if (state === CONFIRMED_NO_ACK && startTime > 0 && startTime < now - noAck) {
      moveTimer(self, dialog, LAST_SECONDS)
      dialog.lifetime = LAST_SECONDS
      dialog.dflags |= FLAG_CHANGED
    } else if (state === DELETED && endTime > 0 && endTime < now - ended) {
      tellOld(self, dialog, 'delete')
      destroy(self, dialog)
    }
  }
}

function tellOld(self: Dialogs, { entry, id, ref }: Dialog, state: string): void {
  self.core.log.notice(
    'dialog',
    `dialog in ${state} state is too old ([${entry}:${id}] ref ${ref})`,
  )
}
