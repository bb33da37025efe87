/** The parameters of htable. */
import { eachParam, intParam, strParam } from '../../core/module/index.ts'
import { readSpec } from './spec.ts'

export const htableParams = {
  htable: eachParam({
    doc: 'A table: name=>size=8;autoexpire=7200;initval=0;updateexpire=1.',
    parse: readSpec,
  }),
  db_url: strParam({ default: '', doc: 'The database of tables with dbtable.' }),
  key_name_column: strParam({ default: 'key_name', doc: 'Column of the name of an item.' }),
  key_type_column: strParam({ default: 'key_type', doc: 'Column of the kind of a name.' }),
  value_type_column: strParam({ default: 'value_type', doc: 'Column of the kind of a value.' }),
  key_value_column: strParam({ default: 'key_value', doc: 'Column of the value.' }),
  expires_column: strParam({ default: 'expires', doc: 'Column of the end of an item.' }),
  array_size_suffix: strParam({ default: '::size', doc: 'What names the size of an array.' }),
  fetch_rows: intParam({ default: 100, min: 1, doc: 'Rows that are read at once.' }),
  timer_interval: intParam({
    default: 20,
    min: 1,
    doc: 'Seconds between two looks for items that are over.',
  }),
  timer_procs: intParam({ default: 0, min: 0, doc: 'Processes for that; here it is one timer.' }),
  db_expires: intParam({ default: 0, doc: 'Keep the end of items in the database.' }),
  enable_dmq: intParam({ default: 0, doc: 'Replicate tables; not supported yet, only 0.' }),
  dmq_init_sync: intParam({ default: 0, doc: 'Ask for all items at the start; only 0.' }),
  event_callback: strParam({
    default: '',
    doc: 'Function of a KEMI script that runs in place of the event routes.',
  }),
  event_callback_mode: intParam({
    default: 0,
    doc: 'With a script engine: 1 runs the callback for mod-init too early in Kamailio; no matter.',
  }),
}
