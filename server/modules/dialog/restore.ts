/** Dialogs that come from a storage. */
import { CONFIRMED, CONFIRMED_NO_ACK, LOADED, NO_DIRECTION } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import { startTimer } from './timer.ts'

/** Puts it into the table and lets its timer run; false when its name is taken. */
export function restore(self: Dialogs, dialog: Dialog, remaining: number): boolean {
  if (!self.table.insert(dialog)) return false
  dialog.ref = 1
  if (dialog.state === CONFIRMED_NO_ACK || dialog.state === CONFIRMED) {
    self.stats.active_dialogs.value++
    if (startTimer(self, dialog, Math.max(1, remaining))) dialog.ref++
    if (dialog.state === CONFIRMED) self.keepalives.add(dialog)
  }
  self.tell(dialog, LOADED, null, null, NO_DIRECTION)
  return true
}
