/** The surface of dialog: every name that a config, an operator or another module can use. */
import { dialog as dialogTable, dialogVars } from '../../core/db/tables/dialog.ts'
import { counter, defineModule } from '../../core/module/index.ts'
import { rr } from '../rr/api.ts'
import { tm } from '../tm/api.ts'
import { Dialogs } from './dialog.ts'
import { functions } from './functions.ts'
import { params } from './params.ts'

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
  timers: {
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
  tables: [dialogTable, dialogVars],
  start: self => self.start(),
  stop: self => self.stop(),
})
