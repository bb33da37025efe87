/** The surface of acc_json: every name that a config can use. */
import { defineModule, intParam, optionalApi, strParam } from '../../core/module/index.ts'
import { acc } from '../acc/api.ts'
import { mqueue } from '../mqueue/api.ts'
import { JsonAccounting } from './acc_json.ts'

const flag = (doc: string) =>
  intParam({ default: -1, min: -1, max: 31, doc: `${doc}; -1 is none.` })

export const params = {
  acc_flag: flag('Message flag that makes a transaction accounted'),
  acc_missed_flag: flag('Message flag that makes a missed call accounted'),
  acc_extra: strParam({ default: '', doc: 'More values: name=$variable;name=$variable.' }),
  acc_pre_encoded_prefix: strParam({
    default: '',
    doc: 'Values whose names begin with it are JSON already.',
  }),
  acc_time_mode: intParam({
    default: 0,
    min: 0,
    max: 4,
    doc: 'The time: 0 and 1 seconds, 2 milliseconds, 3 local time, 4 UTC.',
  }),
  acc_time_format: strParam({
    default: '%Y-%m-%d %H:%M:%S',
    doc: 'How it is written (acc_time_mode 3 and 4).',
  }),
  acc_log_level: intParam({ default: 1, doc: 'Level of the lines (acc_output_syslog).' }),
  acc_log_facility: strParam({
    default: '',
    doc: 'Syslog facility of the lines: LOG_LOCAL0 ...; empty: that of all lines.',
  }),
  acc_output_mqueue: strParam({ default: '', doc: 'Queue of mqueue that gets the texts.' }),
  acc_output_syslog: intParam({ default: -1, doc: '1: the texts go to the log.' }),
  cdr_extra: strParam({ default: '', doc: 'More values of a call data record.' }),
  cdr_pre_encoded_prefix: strParam({ default: '', doc: 'Those of them that are JSON already.' }),
  cdr_enable: intParam({
    default: 0,
    doc: 'Not 0: call data records too; needs the one of acc.',
  }),
  cdr_expired_dlg_enable: intParam({ default: 0, doc: 'Not 0: expired dialogs are recorded.' }),
  cdr_log_level: intParam({ default: 1, doc: 'Level of the lines of records.' }),
  cdr_log_facility: strParam({ default: '', doc: 'Syslog facility of records.' }),
  cdr_output_mqueue: strParam({ default: '', doc: 'Queue of mqueue that gets records.' }),
  cdr_output_syslog: intParam({ default: -1, doc: '1: records go to the log.' }),
}

export const needs = { acc, mqueue: optionalApi(mqueue) }

export default defineModule({
  name: 'acc_json',
  doc: 'Accounts transactions as JSON texts, in a queue or in the log.',
  needs,
  params,
  instance: JsonAccounting,
  start: self => self.start(),
})
