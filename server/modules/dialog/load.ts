/** Reading dialogs from the database: at the start, and when a script asks. */
import { BadValue } from '../../core/module/index.ts'
import type { DbTerm } from '../../core/db/api.ts'
import { DELETED } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { Dialog, type Leg } from './dialog-record.ts'
import { restore } from './restore.ts'
import type { RowShape, StoredDialog, StoredLeg } from './rows.ts'
import { socketOf } from './socket-text.ts'
import type { DialogStore } from './store.ts'
import { restoreProfiles } from './stored-profiles.ts'

/**
 * Reads the rows that fit, or all of them. Those whose name is taken are left out: `known` says
 * whether that is worth a line in the log. Gives the dialogs that came.
 */
export async function loadDialogs(
  self: Dialogs,
  store: DialogStore,
  where: readonly DbTerm[],
  known: 'expected' | 'conflict',
): Promise<Dialog[]> {
  const { config } = self
  const { shape, db } = store
  const rowsAtOnce = config.db_fetch_rows > 0 ? config.db_fetch_rows : 1000
  const found: [Dialog, StoredDialog][] = []
  const { columns } = shape
  for await (const { rows } of db.pages({ table: config.table_name, columns, where }, rowsAtOnce))
    for (const row of rows) {
      const stored = shape.read(row)
      if (stored === null) {
        self.error('columns cannot be null -> skipping')
        continue
      }
      if (stored.entry >= self.table.slots) throw wrongSize()
      if (self.table.find(stored.entry, stored.id) !== null) {
        if (known === 'conflict')
          self.core.log.warn(
            'dialog',
            `conflicting dialog id: ${stored.entry}/${stored.id} - skipping`,
          )
        continue
      }
      found.push([make(self, stored), stored])
    }
  await loadVariables(self, store, where.length === 0, found, rowsAtOnce)
  const dialogs: Dialog[] = []
  for (const [dialog, stored] of found) if (begin(self, store, dialog, stored)) dialogs.push(dialog)
  return dialogs
}

const wrongSize = (): BadValue =>
  new BadValue(
    'dialog: inconsistent hash data in the dialog database: you may have restarted ' +
      'using a different hash_size: please erase dialog database and restart',
    'hash_size must be the one with which the rows were written',
  )

function make(self: Dialogs, stored: StoredDialog): Dialog {
  const { entry, id, callId, fromUri, toUri } = stored
  const dialog = new Dialog(entry, id, callId, fromUri, toUri, self.fireTimer)
  const now = self.now()
  dialog.state = stored.state
  dialog.initTime = now
  dialog.startTime = stored.startTime
  dialog.endTime = stored.state === DELETED ? now : 0
  dialog.lifetime = Math.max(0, stored.timeout - stored.startTime)
  dialog.sflags = stored.sflags
  dialog.iflags = stored.iflags
  dialog.timeoutRoute = stored.timeoutRoute
  dialog.requestUri = stored.requestUri
  dialog.legs.forEach((leg, side) => fill(self, leg, stored.legs[side]!))
  dialog.firstCSeq = stored.legs[0].cseq
  return dialog
}

function fill(self: Dialogs, leg: Leg, { tag, contact, cseq, routeSet, socket }: StoredLeg): void {
  leg.tag = tag
  leg.contact = contact
  leg.cseq = cseq
  leg.routeSet = routeSet
  leg.socket = socketOf(self.core.sockets.list, socket)
  if (socket !== '' && leg.socket === null)
    self.core.log.warn('dialog', `non-local socket <${socket}>...ignoring`)
}

async function loadVariables(
  self: Dialogs,
  store: DialogStore,
  all: boolean,
  found: readonly [Dialog, StoredDialog][],
  rowsAtOnce: number,
): Promise<void> {
  const { shape } = store
  const byName = new Map(found.map(([dialog]) => [nameOf(dialog), dialog]))
  const wheres = all ? [[]] : found.map(([dialog]) => shape.variablesOf(dialog))
  for (const where of wheres)
    for await (const { rows } of store.db.pages(variables(self, shape, where), rowsAtOnce))
      for (const row of rows) {
        const { key, value, ...name } = shape.readVariable(row)
        const dialog = byName.get(nameOf(name))
        if (dialog !== undefined)
          (dialog.variables ??= new Map()).set(key, { value, changed: false })
        else if (self.table.find(name.entry, name.id) === null)
          self.core.log.warn(
            'dialog',
            `inconsistent data: the dialog ${nameOf(name)} of a variable does not exist!`,
          )
      }
}

const nameOf = ({ entry, id }: { readonly entry: number; readonly id: number }): string =>
  `${entry}:${id}`

const variables = ({ config }: Dialogs, shape: RowShape, where: readonly DbTerm[]) => ({
  table: config.vars_table_name,
  columns: shape.variableColumns,
  where,
})

/** From now on it is a dialog like any other; false when there is nothing left of it. */
function begin(self: Dialogs, store: DialogStore, dialog: Dialog, stored: StoredDialog): boolean {
  if (dialog.state === DELETED) {
    store.known(dialog)
    store.removed(dialog)
    return false
  }
  restoreProfiles(self, dialog, stored.profiles)
  // What should have ended while nobody looked ends now, as it would have then.
  if (restore(self, dialog, stored.timeout - self.now())) {
    store.known(dialog)
    return true
  }
  // Somebody else has read its row meanwhile.
  self.profiles.release(dialog)
  return false
}
