/** The functions of dialog as a config calls them. Those of its parts are in their own files. */
import { type ConfigFunction, fn } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import { databaseFunctions } from './database-functions.ts'
import type { Dialogs } from './dialog.ts'
import { profileFunctions } from './profiles-functions.ts'

export const functions: Record<string, ConfigFunction<Dialogs>> = {
  dlg_manage: fn({
    doc: 'Begins a dialog with this INVITE, or finds the dialog of a request within one.',
    args: [],
    routes: REQUEST_ROUTE,
    run: (self: Dialogs, msg) => (self.manage(msg) ? 1 : -1),
  }),
  ...profileFunctions,
  ...databaseFunctions,
}
