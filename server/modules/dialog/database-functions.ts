/** The functions about the database, as a config calls them. */
import { type ConfigFunction, fn, format } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { loadCall, loadExtra } from './database.ts'
import type { Dialogs } from './dialog.ts'

export const databaseFunctions: Record<string, ConfigFunction<Dialogs>> = {
  dlg_db_load_callid: fn({
    doc: 'Reads the dialogs with this Call-ID from the database.',
    args: [format('callid')],
    routes: ANY_ROUTE,
    waits: true,
    run: loadCall,
  }),
  dlg_db_load_extra: fn({
    doc: 'Reads those dialogs from the database that are not in memory.',
    args: [],
    routes: ANY_ROUTE,
    waits: true,
    run: loadExtra,
  }),
}
