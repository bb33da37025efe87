/** Persistence: which dialogs are written when, and how they are read at the start. */
import { BadValue } from '../../core/module/index.ts'
import type { Dialogs } from './dialog.ts'

/** Opens the database and reads what is there, if db_mode says so. */
export async function startDatabase(self: Dialogs): Promise<void> {
  if (self.config.db_mode === 0) return
  throw new BadValue('dialog: db_mode needs persistence, which is not there yet', 'db_mode 0')
}

/** Writes what is left and closes it. */
export async function stopDatabase(_self: Dialogs): Promise<void> {}
