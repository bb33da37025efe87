/** The surface of acc: every name that a config, an operator or another module can use. */
import {
  counter,
  defineModule,
  fn,
  format,
  intParam,
  optionalApi,
  strParam,
} from '../../core/module/index.ts'
import { acc as accTable, accCdrs, missedCalls } from '../../core/db/tables/acc.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { dialog } from '../dialog/api.ts'
import { rr } from '../rr/api.ts'
import { tm } from '../tm/api.ts'
import { Accounting } from './acc.ts'
import type { AccountingApi } from './api.ts'
import { compileExtras, legsOf, parseExtras } from './extra.ts'
import {
  accountRequest,
  accountRequestInDatabase,
  accountRequestInLog,
  requestRecord,
} from './request.ts'

const flag = (doc: string) =>
  intParam({ default: -1, min: -1, max: 31, doc: `${doc}; -1 is none.` })
const column = (name: string, what: string) =>
  strParam({ default: name, doc: `Name of the database column with ${what}.` })

export const params = {
  log_flag: flag('Message flag that makes a transaction accounted in the log'),
  log_missed_flag: flag('Message flag that makes a missed call accounted in the log'),
  failed_transaction_flag: flag('Message flag that makes a failed transaction accounted too'),
  failed_filter: strParam({
    default: '',
    doc: 'Codes, separated by commas, of failures that are not accounted.',
  }),
  early_media: intParam({
    default: 0,
    doc: 'Not 0: a provisional reply with a body is accounted too.',
  }),
  report_ack: intParam({ default: 0, doc: 'Not 0: the ACK to a 2xx is accounted too.' }),
  report_cancels: intParam({ default: 0, doc: 'Not 0: CANCEL is accounted too.' }),
  detect_direction: intParam({
    default: 0,
    doc: 'Not 0: the tags of a request from the callee change places.',
  }),
  acc_prepare_flag: flag('Message flag that lets later routes set the others'),
  acc_prepare_always: intParam({ default: 0, doc: 'Not 0: as if that flag were always set.' }),
  acc_extra_nullable: intParam({
    default: 0,
    doc: 'Not 0: a missing extra value is NULL in the database.',
  }),
  acc_extra_size: intParam({ default: 64, min: 1, doc: 'Most extra values.' }),
  multi_leg_info: strParam({
    default: '',
    doc: 'Values of each leg of a call: name=$avp(x);name=$avp(y).',
  }),
  log_level: intParam({ default: 1, doc: 'Level of the lines.' }),
  log_facility: strParam({
    default: '',
    doc: 'Syslog facility of the lines: LOG_LOCAL0 ...; empty: that of all lines.',
  }),
  log_extra: strParam({ default: '', doc: 'More values: name=$variable;name=$variable.' }),
  reason_from_hf: intParam({
    default: 0,
    doc: 'Not 0: the reason is the Reason header of the reply, if there is one.',
  }),
  time_mode: intParam({
    default: 0,
    min: 0,
    max: 4,
    doc: 'More about the time: 1 microseconds, 2 milliseconds, 3 local time, 4 UTC.',
  }),
  time_attr: strParam({ default: 'time_attr', doc: 'Name of that value (time_mode 2 to 4).' }),
  time_exten: strParam({ default: 'time_exten', doc: 'Name of the microseconds (time_mode 1).' }),
  time_format: strParam({
    default: '%Y-%m-%d %H:%M:%S',
    doc: 'How the time is written (time_mode 3 and 4).',
  }),
  clone_msg: intParam({ default: 1, doc: 'Exists for Kamailio configs; nothing is shared here.' }),

  db_url: strParam({ default: '', doc: 'Database to account in; empty: none.' }),
  db_flag: flag('Message flag that makes a transaction accounted in the database'),
  db_missed_flag: flag('Message flag that makes a missed call accounted in the database'),
  db_extra: strParam({ default: '', doc: 'More values for the database.' }),
  db_table_acc: strParam({ default: 'acc', doc: 'Table of transactions.' }),
  db_table_missed_calls: strParam({ default: 'missed_calls', doc: 'Table of missed calls.' }),
  db_insert_mode: intParam({
    default: 0,
    doc: 'Exists for Kamailio configs: nothing waits for a row here.',
  }),
  acc_method_column: column('method', 'the method'),
  acc_from_tag_column: column('from_tag', 'the From tag'),
  acc_to_tag_column: column('to_tag', 'the To tag'),
  acc_callid_column: column('callid', 'the Call-ID'),
  acc_sip_code_column: column('sip_code', 'the status code'),
  acc_sip_reason_column: column('sip_reason', 'the reason'),
  acc_time_column: column('time', 'the time'),

  cdr_enable: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: a call data record is written for each dialog.',
  }),
  cdr_skip: strParam({
    default: '',
    doc: 'Variable of dialogs: one that has it gets no record.',
  }),
  cdr_log_enable: intParam({ default: 1, doc: 'Not 0: records go to the log.' }),
  cdr_start_on_confirmed: intParam({
    default: 0,
    doc: 'Not 0: a call starts with its ACK, not with its INVITE.',
  }),
  cdr_facility: strParam({ default: 'LOG_DAEMON', doc: 'Syslog facility of records.' }),
  cdr_extra: strParam({ default: '', doc: 'More values of a record.' }),
  cdr_extra_nullable: intParam({
    default: 0,
    doc: 'Not 0: a missing value is NULL in the database.',
  }),
  cdr_extra_size: intParam({ default: 64, doc: 'Most extra values of a record.' }),
  cdr_start_id: strParam({ default: 'start_time', doc: 'Name of the start.' }),
  cdr_end_id: strParam({ default: 'end_time', doc: 'Name of the end.' }),
  cdr_duration_id: strParam({ default: 'duration', doc: 'Name of the duration.' }),
  cdr_expired_dlg_enable: intParam({ default: 0, doc: 'Not 0: expired dialogs are recorded.' }),
  cdr_on_failed: intParam({ default: 1, doc: 'Not 0: failed calls are recorded.' }),
  cdrs_table: strParam({ default: '', doc: 'Table of records.' }),
}

export const stats = {
  refused: counter('Calls that were refused because their records could not be kept'),
}

export const needs = { tm, rr: optionalApi(rr), dialog: optionalApi(dialog) }

export default defineModule({
  name: 'acc',
  doc: 'Accounts what became of transactions: in the log, in a database, by other modules.',
  needs,
  params,
  stats,
  tables: [accTable, missedCalls, accCdrs],
  instance: Accounting,
  functions: {
    acc_log_request: fn({
      doc: 'Accounts the current request in the log.',
      args: [format('comment')],
      routes: ANY_ROUTE,
      run: accountRequestInLog,
    }),
    acc_db_request: fn({
      doc: 'Accounts the current request in the database.',
      args: [format('comment'), format('table')],
      routes: ANY_ROUTE,
      run: accountRequestInDatabase,
    }),
    acc_request: fn({
      doc: 'Accounts the current request in the log and, if there is one, in the database.',
      args: [format('comment'), format('table')],
      routes: ANY_ROUTE,
      run: accountRequest,
    }),
  },
  api: (self): AccountingApi => ({
    inLog: (msg, comment) => accountRequestInLog(self, msg, comment),
    inDatabase: (msg, comment, table) => accountRequestInDatabase(self, msg, comment, table),
    everywhere: (msg, comment, table) => accountRequest(self, msg, comment, table),
    addEngine: engine => void self.engines.push(engine),
    addCallEngine: engine => self.calls !== null && self.calls.engines.push(engine) > 0,
    readExtras: (text, parameter) => parseExtras(text, parameter, self.config.acc_extra_size),
    compileExtras: extras => compileExtras(self.core, extras),
    legNames: self.legs.map(leg => leg.name),
    legsOf: msg => legsOf(self.legs, msg),
    recordOf: (msg, comment) => requestRecord(self, msg, comment),
  }),
  start: self => self.start(),
  stop: self => self.stop(),
})
