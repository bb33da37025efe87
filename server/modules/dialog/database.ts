/** Persistence: the database is opened, read at the start and written at the end. */
import type { DbCapability } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { dialog as dialogTable, dialogVars } from '../../core/db/tables/dialog.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { AT_THE_END, FROM_TIME_TO_TIME, MEMORY_ONLY } from './db-modes.ts'
import type { Dialogs } from './dialog.ts'
import { loadDialogs } from './load.ts'
import { DialogStore } from './store.ts'

const NEEDED: readonly DbCapability[] = ['query', 'insert', 'update', 'delete']

/** Opens the database and reads what is there, if db_mode says so. */
export async function startDatabase(self: Dialogs): Promise<void> {
  const { config, core } = self
  if (config.db_mode === MEMORY_ONLY) return
  const db = await connected(
    core,
    config.db_url,
    'dialog',
    [config.table_name, dialogTable],
    [config.vars_table_name, dialogVars],
  )
  if (NEEDED.some(one => !db.can.has(one)))
    throw new BadValue(
      'dialog: database module does not implement all functions needed by dialog module',
      `dialogs cannot be kept in ${db.shownUrl}`,
    )
  const store = new DialogStore(self, db)
  self.store = store
  if (config.db_skip_load === 0) await load(self, store)
}

async function load(self: Dialogs, store: DialogStore): Promise<void> {
  const { config } = self
  try {
    await loadDialogs(self, store, [], 'conflict')
    if (config.db_mode !== AT_THE_END) return
    // Rows of the last stop: while this node runs they would only grow old.
    await store.db.delete(config.table_name, [])
    await store.db.delete(config.vars_table_name, [])
    store.forgetRows()
  } catch (error) {
    if (error instanceof BadValue) throw error
    const { message } = error as Error
    throw new BadValue(`dialog: unable to load the dialog data: ${message}`)
  }
}

/** Every db_update_period seconds. */
export function writeNow(self: Dialogs): void {
  const { store } = self
  if (store !== null && store.waiting > 0) void store.flush()
}

/** Milliseconds between two writes; 0 when they are not due by time. */
export const writePeriod = ({ config }: Dialogs): number =>
  config.db_mode === FROM_TIME_TO_TIME ? config.db_update_period * 1000 : 0

/** Writes what is left. */
export async function stopDatabase(self: Dialogs): Promise<void> {
  const { store } = self
  if (store === null) return
  if (self.config.db_mode === AT_THE_END) store.noteAll()
  // One that is under way may have left something behind.
  const good = (await store.flush()) && (await store.flush())
  store.stop()
  if (!good) self.error('not all dialogs could be written to the database')
}

// ---- what scripts ask for

/** dlg_db_load_callid(): true whether there are any or not, as in Kamailio. */
export async function loadCall(self: Dialogs, _msg: SipMessage, callId: string): Promise<Verdict> {
  const { store } = self
  if (store === null || callId === '') return -1
  return reading(self, () => loadDialogs(self, store, store.shape.ofCall(callId), 'conflict'))
}

/** dlg_db_load_extra(). */
export async function loadExtra(self: Dialogs): Promise<Verdict> {
  const { store } = self
  if (store === null) return -1
  return reading(self, () => loadDialogs(self, store, [], 'expected'))
}

async function reading(self: Dialogs, read: () => Promise<unknown>): Promise<Verdict> {
  try {
    await read()
    return 1
  } catch (error) {
    self.error(`unable to load the dialog data: ${(error as Error).message}`)
    return -1
  }
}
