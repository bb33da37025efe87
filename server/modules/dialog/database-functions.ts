/** The functions about the database, as a config calls them. */
import { type ConfigFunction, fn, format } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import type { Dialogs } from './dialog.ts'

const routes = ANY_ROUTE

const absent = (self: Dialogs): number => {
  self.error('the database is not supported yet')
  return -1
}

export const databaseFunctions: Record<string, ConfigFunction<Dialogs>> = {
  dlg_db_load_callid: fn({
    doc: 'Reads a dialog from the database by its Call-ID.',
    args: [format('callid')],
    routes,
    run: absent,
  }),
  dlg_db_load_extra: fn({
    doc: 'Reads those dialogs from the database that are not in memory.',
    args: [],
    routes,
    run: absent,
  }),
}
