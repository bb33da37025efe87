/** Keepalives: OPTIONS within dialogs, which end those whose phones have gone. */
import { LOCAL_COMPLETED } from '../tm/api.ts'
import { CALLEE, CALLER, CONFIRMED, DELETED } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CHANGED, KEEPALIVE_CALLEE, KEEPALIVE_CALLER } from './dialog-record.ts'
import { LAST_SECONDS, LOCAL_ONLY } from './lifetime.ts'
import { requestTo, wholeLines } from './requests.ts'
import { moveTimer } from './timer.ts'

interface Entry {
  /** Seconds since 1970. */
  due: number
  /** The sides that were wanted when the dialog was answered. */
  readonly flags: number
}

/** The dialogs whose sides are asked from time to time. */
export class Keepalives {
  private readonly self: Dialogs
  /** In the order in which they are due. */
  private readonly entries = new Map<Dialog, Entry>()

  constructor(self: Dialogs) {
    this.self = self
  }

  get size(): number {
    return this.entries.size
  }

  add(dialog: Dialog): void {
    const { ka_interval: interval, ka_timer: timer } = this.self.config
    const flags = dialog.iflags & (KEEPALIVE_CALLER | KEEPALIVE_CALLEE)
    if (interval <= 0 || timer <= 0 || flags === 0) return
    this.entries.set(dialog, { due: this.self.now() + interval, flags })
  }

  remove(dialog: Dialog): void {
    if (this.entries.size > 0) this.entries.delete(dialog)
  }

  /** Asks those that are due. */
  run(): void {
    const now = this.self.now()
    const due: [Dialog, Entry][] = []
    for (const [dialog, entry] of this.entries) {
      if (entry.due > now) break
      due.push([dialog, entry])
    }
    for (const [dialog, entry] of due) {
      this.entries.delete(dialog)
      if (dialog.state === DELETED) continue
      if ((entry.flags & KEEPALIVE_CALLER) !== 0) ask(this.self, dialog, CALLER)
      if ((entry.flags & KEEPALIVE_CALLEE) !== 0) ask(this.self, dialog, CALLEE)
      entry.due = now + this.self.config.ka_interval
      this.entries.set(dialog, entry)
    }
  }
}

function ask(self: Dialogs, dialog: Dialog, side: number): void {
  const { dlg_filter_mode: filter, lreq_callee_headers: callee } = self.config
  if (dialog.state !== CONFIRMED) return
  if ((filter & LOCAL_ONLY) !== 0 && dialog.legs[side]!.socket === null) return
  const headers = side === CALLEE ? wholeLines(callee) : ''
  const request = requestTo(self, dialog, side, 'OPTIONS', headers)
  if (request === null) return
  // An old number: who has the dialog refuses it, and nothing is changed by it.
  const last = (request.cseq ?? 1) - 1
  request.cseq = last > 1 ? last - 1 : last
  request.events = LOCAL_COMPLETED
  request.callback = (_event, _transaction, _request, _reply, code) =>
    onAnswer(self, dialog, side, code)
  if (self.tm.request(request) === null) self.error('failed to send the OPTIONS request')
}

function onAnswer(self: Dialogs, dialog: Dialog, side: number, code: number): void {
  if (dialog.ref <= 0 || dialog.state !== CONFIRMED) return
  const isGone = code === 408 || code === 481
  const failures = isGone
    ? (side === CALLER ? dialog.callerFailures : dialog.calleeFailures) + 1
    : 0
  if (side === CALLER) dialog.callerFailures = failures
  else dialog.calleeFailures = failures
  if (!isGone || failures < self.config.ka_failed_limit) return
  moveTimer(self, dialog, LAST_SECONDS)
  dialog.lifetime = LAST_SECONDS
  dialog.dflags |= FLAG_CHANGED
}
