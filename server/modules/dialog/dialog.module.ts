/** The surface of dialog: every name that a config, an operator or another module can use. */
import { dlg } from '../../../rpc/contract/dlg.ts'
import { dialog as dialogTable, dialogVars } from '../../core/db/tables/dialog.ts'
import { counter, defineModule } from '../../core/module/index.ts'
import { rr } from '../rr/api.ts'
import { tm } from '../tm/api.ts'
import { writeNow, writePeriod } from './database.ts'
import { Dialogs } from './dialog.ts'
import { functions } from './functions.ts'
import { kemi } from './kemi.ts'
import { clean } from './lifetime.ts'
import { params } from './params.ts'
import { pvars } from './pvars.ts'
import { rpcHandlers } from './rpc-handlers.ts'

export const stats = {
  active_dialogs: counter('Dialogs that are answered and have not ended.'),
  early_dialogs: counter('Dialogs that ring.'),
  processed_dialogs: counter('Dialogs that began since the start.'),
  expired_dialogs: counter('Dialogs whose lifetime was over since the start.'),
  failed_dialogs: counter('Dialogs that were never answered since the start.'),
}

export const needs = { tm, rr }

export default defineModule({
  name: 'dialog',
  doc: 'Keeps calls: their state, their lifetime, their profiles and variables.',
  needs,
  params,
  stats,
  instance: Dialogs,
  functions,
  kemi,
  pvars,
  timers: {
    keepalives: {
      doc: 'Ask those sides of dialogs that are due whether they are still there.',
      every: self => self.config.ka_timer * 1000,
      run: (self: Dialogs) => self.keepalives.run(),
    },
    clean: { doc: 'Remove dialogs that nobody ended.', every: () => 90_000, run: clean },
    database: {
      doc: 'Writes to the database what has changed (db_mode 2).',
      every: writePeriod,
      run: writeNow,
    },
    remoteProfiles: {
      doc: 'Forgets items of profiles that other nodes told of and whose time is over.',
      every: () => 90_000,
      run: (self: Dialogs) => self.profiles.expireRemote(),
    },
  },
  events: {
    'dialog:start': 'A dialog was answered; the message is the reply.',
    'dialog:end': 'A dialog that was answered has ended; the message is the BYE, if there is one.',
    'dialog:failed': 'A dialog was not answered; the message is the reply.',
  },
  rpc: { contract: dlg, handlers: rpcHandlers },
  tables: [dialogTable, dialogVars],
  start: self => self.start(),
  stop: self => self.stop(),
})
