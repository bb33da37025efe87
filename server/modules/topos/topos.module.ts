/** The surface of topos: every name that a config can use. */
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { toposD, toposT } from '../../core/db/tables/topos.ts'
import {
  defineModule,
  fn,
  format,
  intParam,
  optionalApi,
  since6,
  strParam,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { sanity } from '../sanity/api.ts'
import { topoh } from '../topoh/api.ts'
import { getMaskedCallId, getUnmaskedCallId } from './callid.ts'
import { EVENTS } from './events.ts'
import { Topos } from './topos.ts'

export const params = {
  storage: strParam({ default: 'db', doc: 'Where records are kept: db or redis (topos_redis).' }),
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database of storage db.',
  }),
  mask_callid: intParam({ default: 0, doc: 'Not 0: the callee sees a Call-ID masked by topoh.' }),
  sanity_checks: intParam({ default: 0, doc: 'Not 0: requests are checked by sanity first.' }),
  header_mode: since6(
    intParam({
      default: 0,
      min: 0,
      max: 7,
      doc: 'One value a line in headers put back: 1 Via, 2 Record-Route, 4 Route.',
    }),
  ),
  branch_expire: intParam({ default: 180, min: 1, doc: 'Seconds a transaction is kept.' }),
  dialog_expire: intParam({ default: 10_800, min: 1, doc: 'Seconds a dialog is kept.' }),
  clean_interval: intParam({ default: 60, min: 1, doc: 'Seconds between two cleanings.' }),
  event_callback: strParam({
    default: '',
    doc: 'Function of the KEMI script that stands for the event routes.',
  }),
  event_mode: intParam({
    default: 15,
    min: 0,
    max: 15,
    doc: 'Which event routes run: 1 outgoing, 2 sending, 4 incoming, 8 receiving.',
  }),
  contact_host: strParam({
    default: '',
    doc: 'Host of the Contacts that we make; empty: that of our Record-Route.',
  }),
  contact_mode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'Their user part: 0 the name of the dialog, 1 as it was, 2 from $xavu.',
  }),
  cparam_name: strParam({ default: 'tps', doc: 'URI parameter with that name in modes 1 and 2.' }),
  xavu_cfg: strParam({ default: '', doc: 'The $xavu below which the following fields are.' }),
  xavu_field_a_contact: strParam({
    default: '',
    doc: 'Field with the user part of the Contact that the callee gets.',
  }),
  xavu_field_b_contact: strParam({
    default: '',
    doc: 'Field with the user part of the Contact that the caller gets.',
  }),
  xavu_field_contact_host: strParam({ default: '', doc: 'Field with the host of Contacts.' }),
  rr_update: intParam({
    default: 0,
    doc: 'Not 0: re-INVITEs and their replies change the recorded routes.',
  }),
  context: strParam({ default: '', doc: 'The context of dialogs that no route gave one.' }),
  methods_nocontact: since6(
    strParam({
      default: 'CANCEL,BYE,PRACK',
      doc: 'Methods that leave without a Contact.',
    }),
  ),
  methods_noinitial: since6(
    strParam({
      default: '',
      doc: 'Methods that are left alone outside of dialogs.',
    }),
  ),
  version_table: since6(
    intParam({ default: 1, doc: 'Not 0: the versions of the tables are checked at the start.' }),
  ),
}

export const needs = { sanity: optionalApi(sanity), topoh: optionalApi(topoh) }

export default defineModule({
  name: 'topos',
  doc: 'Strips the routing headers of each side of a call for the other, and puts them back.',
  needs,
  params,
  instance: Topos,
  functions: {
    tps_set_context: fn({
      doc: 'The context of the dialog that this request begins.',
      args: [format('ctx')],
      routes: ANY_ROUTE,
      run: (self: Topos, msg, context) => self.setContext(msg, context),
    }),
    get_callid_mask: since6(
      fn({
        doc: 'Put the Call-ID as the callee sees it into a variable.',
        args: [format('callid'), writablePvar('result')],
        routes: ANY_ROUTE,
        run: getMaskedCallId,
      }),
    ),
    get_callid_unmask: since6(
      fn({
        doc: 'Put the Call-ID behind a masked one into a variable.',
        args: [format('callid'), writablePvar('result')],
        routes: ANY_ROUTE,
        run: getUnmaskedCallId,
      }),
    ),
  },
  events: {
    [EVENTS.outgoing]: 'A packet is about to leave; drop leaves it as it is.',
    [EVENTS.sending]: 'The same, and the route sees that message; drop leaves it as it is.',
    [EVENTS.incoming]: 'A packet came in; drop leaves it as it is.',
    [EVENTS.receiving]: 'The same, and the route sees that message; drop leaves it as it is.',
  },
  timers: {
    clean: {
      doc: 'Remove what is older than it may be.',
      every: (self: Topos) => self.config.clean_interval * 1000,
      run: (self: Topos) => self.clean(),
    },
  },
  tables: [toposD, toposT],
  start: self => self.start(),
  stop: self => self.stop(),
})
