/** The functions of dialog as a config calls them. Those of its parts are in their own files. */
import {
  type Arg,
  BadValue,
  type ConfigFunction,
  fn,
  format,
  int,
  literal,
  optional,
  since6,
  type Verdict,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { CALLEE, CALLER } from './api.ts'
import { manage } from './begin.ts'
import * as control from './control.ts'
import { databaseFunctions } from './database-functions.ts'
import type { Dialogs } from './dialog.ts'
import { profileFunctions } from './profiles-functions.ts'
import * as settings from './settings.ts'

const routes = ANY_ROUTE
type Row = ConfigFunction<Dialogs>

/** A word of these, in any case. */
function sideNamed(text: string, words: readonly string[]): number {
  const word = text.toLowerCase()
  if (!words.includes(word)) throw new BadValue(`invalid param "${text}"`, words.join(', '))
  return word === 'caller' ? CALLER : word === 'callee' ? CALLEE : control.BOTH
}

const anySide: Arg<number> = literal('side', text => sideNamed(text, ['all', 'caller', 'callee']))
const oneSide: Arg<number> = literal('side', text => sideNamed(text, ['caller', 'callee']))

/** A slot without a number names nothing. */
const seconds: Arg<number> = {
  ...int('timeout'),
  check: (_text, given) => {
    if (given === 2)
      throw new BadValue('dlg_set_timeout takes 1 or 3 arguments', 'timeout, h_entry, h_id')
  },
}

const numbered = (
  doc: string,
  run: (self: Dialogs, msg: SipMessage, flag: number) => Verdict,
): Row => fn({ doc, args: [int('flag')], routes, run })

const flags: Record<string, Row> = {
  dlg_setflag: numbered('Sets a flag of the dialog.', settings.setFlag),
  dlg_resetflag: numbered('Takes a flag of the dialog back.', settings.resetFlag),
  dlg_isflagset: numbered('Is this flag of the dialog set?', settings.isFlagSet),
  dlg_set_property: fn({
    doc: 'Switches something on for the dialog: ka-src, ka-dst, timeout-noreset.',
    args: [format('property')],
    routes,
    run: settings.setProperty,
  }),
  dlg_reset_property: fn({
    doc: 'Switches it off again.',
    args: [format('property')],
    routes,
    run: settings.resetProperty,
  }),
  dlg_set_timeout: fn({
    doc: 'The dialog lasts so many seconds from now on; this one, or that of slot and number.',
    args: [seconds, optional(int('h_entry')), optional(int('h_id'))],
    routes,
    kemi: 'dlg_set_timeout(int) dlg_set_timeout_id(int, int, int)',
    run: settings.setTimeout,
  }),
}

const newer: Record<string, Row> = {
  dlg_get_var: since6(
    fn({
      doc: 'Puts a variable of another dialog into a variable.',
      args: [format('callid'), format('ftag'), format('ttag'), format('key'), writablePvar('dst')],
      routes,
      kemi: '',
      run: settings.getVariableOf,
    }),
  ),
  dlg_set_var: since6(
    fn({
      doc: 'Sets a variable of another dialog.',
      args: [format('callid'), format('ftag'), format('ttag'), format('key'), format('value')],
      routes,
      run: settings.setVariableOf,
    }),
  ),
  dlg_req_within: since6(
    fn({
      doc: 'Sends a request within the dialog: to whom, what, with headers and a body.',
      args: [
        anySide,
        format('method'),
        optional(format('headers or type')),
        optional(format('type or body')),
        optional(format('body')),
      ],
      routes,
      run: control.requestWithin,
    }),
  ),
  dlg_set_state: since6(
    fn({
      doc: 'Puts the dialog into a state.',
      args: [int('state')],
      routes,
      run: settings.setState,
    }),
  ),
  dlg_update_state: since6(
    fn({
      doc: 'Does with this request what loose_route() does for the dialog.',
      args: [],
      routes,
      run: settings.updateState,
    }),
  ),
  dlg_update_contact: since6(
    fn({
      doc: 'Takes the Contact of the sender from this message.',
      args: [],
      routes,
      run: settings.updateContact,
    }),
  ),
  dlg_update_socket: since6(
    fn({
      doc: 'Takes our socket towards the sender from this message.',
      args: [],
      routes,
      run: settings.updateSocket,
    }),
  ),
  dlg_refer_cid: since6(
    fn({
      doc: 'Refers a side of another dialog, by its Call-ID. Not supported.',
      args: [format('side'), format('address'), format('callid')],
      routes,
      run: control.notSupported('dlg_refer_cid'),
    }),
  ),
  dlg_refer_did: since6(
    fn({
      doc: 'Refers a side of another dialog, by its slot and number. Not supported.',
      args: [format('side'), format('address'), format('h_entry'), format('h_id')],
      routes,
      run: control.notSupported('dlg_refer_did'),
    }),
  ),
  dlg_remove_dialogs_from_node: since6(
    fn({
      doc: 'Forgets the dialogs of another node. Needs DMQ, which is not supported.',
      args: [format('node')],
      routes,
      run: control.notSupported('dlg_remove_dialogs_from_node'),
    }),
  ),
}

export const functions: Record<string, Row> = {
  dlg_manage: fn({
    doc: 'Begins a dialog with this INVITE, or finds the dialog of a request within one.',
    args: [],
    routes: REQUEST_ROUTE,
    run: (self: Dialogs, msg) => (manage(self, msg) ? 1 : -1),
  }),
  is_known_dlg: fn({
    doc: 'Does this message belong to a dialog?',
    args: [],
    routes,
    run: (self: Dialogs, msg) => (self.dialogOf(msg) === null ? -1 : 1),
  }),
  dlg_get: fn({
    doc: 'Makes the dialog with this Call-ID and these tags the one of this message.',
    args: [format('callid'), format('ftag'), format('ttag')],
    routes,
    run: control.getDialog,
  }),
  dlg_bye: fn({
    doc: 'Ends the dialog: BYE to one side or both.',
    args: [anySide],
    routes,
    kemi: 'dlg_bye(str)',
    run: control.bye,
  }),
  dlg_refer: fn({
    doc: 'Refers one side of the dialog to another address.',
    args: [oneSide, format('address')],
    routes,
    kemi: '',
    run: control.referSide,
  }),
  dlg_bridge: fn({
    doc: 'Calls an address and refers it to another one.',
    args: [format('from'), format('to'), format('outbound proxy')],
    routes,
    run: control.bridgeCall,
  }),
  dlg_set_ruri: fn({
    doc: 'The request URI becomes the Contact of the side that this request goes to.',
    args: [],
    routes,
    kemi: '',
    run: control.setRequestUri,
  }),
  ...flags,
  ...newer,
  ...profileFunctions,
  ...databaseFunctions,
}
