/** What scripts in real languages have beside the functions: values are their own results. */
import { getters } from '../../core/kemi/getters.ts'
import { type KemiFunction, kemiFn, text } from '../../core/module/index.ts'
import { NO_DIRECTION } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { dialogVariable, readVariable, writeVariable } from './variables.ts'

export const kemi: Record<string, KemiFunction<Dialogs>> = {
  ...getters<Dialogs>('var_get', '', 'A variable of the dialog', [text('name')], readVariable),
  var_sets: kemiFn({
    doc: 'Sets a variable of the dialog.',
    args: [text('name'), text('value')],
    returns: 'int',
    run: (self: Dialogs, msg, name, value) => (writeVariable(self, msg, name, value) ? 1 : -1),
  }),
  var_rm: kemiFn({
    doc: 'Removes a variable of the dialog.',
    args: [text('name')],
    returns: 'int',
    run: (self: Dialogs, msg, name) => {
      writeVariable(self, msg, name, null)
      return 1
    },
  }),
  var_is_null: kemiFn({
    doc: 'Has the dialog no such variable?',
    args: [text('name')],
    returns: 'int',
    run: (self: Dialogs, msg, name) => (readVariable(self, msg, name) === null ? 1 : -1),
  }),
  dlg_get_var: kemiFn({
    doc: 'A variable of another dialog; null when there is none.',
    args: [text('callid'), text('ftag'), text('ttag'), text('key')],
    returns: 'xval',
    type: 'string | null',
    run: (self: Dialogs, _msg, callId, fromTag, toTag, key) => {
      const match = self.table.findCall(callId, fromTag, toTag, NO_DIRECTION)
      return match === null ? null : dialogVariable(match.dialog, key)
    },
  }),
}
