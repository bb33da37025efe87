/**
 * How long a dialog stays in the table: as long as somebody refers to it. The table does until it
 * has ended, its timer while it runs, and the transaction that ended it until that is forgotten.
 */
import { DESTROYED, NO_DIRECTION } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

/** Some references fewer; without any it goes. */
export function release(self: Dialogs, dialog: Dialog, count: number): void {
  if (dialog.ref <= 0) return
  dialog.ref -= count
  if (dialog.ref <= 0) destroy(self, dialog)
}

/** Takes it out of the table, whoever refers to it. */
export function destroy(self: Dialogs, dialog: Dialog): void {
  dialog.ref = 0
  forget(self, dialog)
  self.tell(dialog, DESTROYED, null, null, NO_DIRECTION)
  self.store?.removed(dialog)
}

/** The same, and nobody hears of it: it is another node's. */
export function forget(self: Dialogs, dialog: Dialog): void {
  dialog.ref = 0
  dialog.timeout = 0
  dialog.transaction = null
  self.core.timers.disarm(dialog.timer)
  self.keepalives.remove(dialog)
  self.profiles.release(dialog)
  self.table.remove(dialog)
}
