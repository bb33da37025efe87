/** The parameters of dialog. */
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { formatParam, intParam, pvarParam, since6, strParam } from '../../core/module/index.ts'

const column = (name: string, what: string) =>
  strParam({ default: name, doc: `Name of the database column with ${what}.` })

/** Parameters of persistence. */
const databaseParams = {
  db_url: strParam({ default: DEFAULT_DB_URL, doc: 'The database, if db_mode is not 0.' }),
  db_mode: intParam({
    default: 0,
    min: 0,
    max: 3,
    doc: 'When dialogs are written: 0 never, 1 at once, 2 from time to time, 3 at the end.',
  }),
  db_update_period: intParam({
    default: 60,
    min: 1,
    doc: 'Seconds between two writes in db_mode 2.',
  }),
  db_fetch_rows: intParam({ default: 200, doc: 'Rows that are read at once at the start.' }),
  db_skip_load: intParam({ default: 0, doc: 'Not 0: nothing is read at the start.' }),
  table_name: strParam({ default: 'dialog', doc: 'Table of dialogs.' }),
  call_id_column: column('callid', 'the Call-ID'),
  from_uri_column: column('from_uri', 'the From URI'),
  from_tag_column: column('from_tag', 'the From tag'),
  to_uri_column: column('to_uri', 'the To URI'),
  to_tag_column: column('to_tag', 'the To tag'),
  h_id_column: column('hash_id', 'the number within the slot'),
  h_entry_column: column('hash_entry', 'the slot'),
  state_column: column('state', 'the state'),
  start_time_column: column('start_time', 'the time of the answer'),
  timeout_column: column('timeout', 'the time at which it ends'),
  to_cseq_column: column('callee_cseq', 'the CSeq number of the callee'),
  from_cseq_column: column('caller_cseq', 'the CSeq number of the caller'),
  to_route_column: column('callee_route_set', 'the route set towards the callee'),
  from_route_column: column('caller_route_set', 'the route set towards the caller'),
  to_contact_column: column('callee_contact', 'the Contact of the callee'),
  from_contact_column: column('caller_contact', 'the Contact of the caller'),
  to_sock_column: column('callee_sock', 'our socket towards the callee'),
  from_sock_column: column('caller_sock', 'our socket towards the caller'),
  sflags_column: column('sflags', 'the flags of the script'),
  toroute_name_column: column('toroute_name', 'the timeout route'),
  vars_table_name: strParam({ default: 'dialog_vars', doc: 'Table of variables.' }),
  vars_h_id_column: column('hash_id', 'the number within the slot, of variables'),
  vars_h_entry_column: column('hash_entry', 'the slot, of variables'),
  vars_key_column: column('dialog_key', 'the name of a variable'),
  vars_value_column: column('dialog_value', 'the value of a variable'),
}

/** What needs other nodes. */
const clusterParams = {
  enable_dmq: intParam({ default: 0, doc: 'Not 0: dialogs are shared by DMQ. Not supported.' }),
  enable_dmq_ka_iflags_sync: since6(
    intParam({ default: 0, doc: 'Not 0: keepalives are shared by DMQ. Not supported.' }),
  ),
  dmq_peer_id: since6(strParam({ default: 'dialog', doc: 'Name of the peer in DMQ.' })),
}

const timerParams = {
  default_timeout: intParam({
    default: 43_200,
    min: 1,
    doc: 'Seconds that an answered dialog may last.',
  }),
  early_timeout: intParam({
    default: 300,
    doc: 'Seconds after which a dialog that nobody answers is removed.',
  }),
  noack_timeout: intParam({
    default: 60,
    doc: 'Seconds after which an answered dialog without ACK ends.',
  }),
  end_timeout: intParam({
    default: 300,
    doc: 'Seconds after which a dialog that has ended is removed for good.',
  }),
  timeout_avp: pvarParam({ doc: 'Variable with the lifetime of a dialog in seconds.' }),
  timeout_noreset: intParam({
    default: 0,
    doc: 'Not 0: requests within do not begin the lifetime anew.',
  }),
  timer_procs: intParam({ default: 0, doc: 'Exists for Kamailio configs: there is one timer.' }),
  ka_timer: intParam({ default: 0, doc: 'Seconds between two looks for keepalives; 0: none.' }),
  ka_interval: intParam({ default: 0, doc: 'Seconds between two keepalives to one side.' }),
  ka_failed_limit: intParam({
    default: 1,
    doc: 'Keepalives without an answer after which the dialog ends.',
  }),
}

export const params = {
  enable_stats: intParam({ default: 1, doc: 'Exists for Kamailio configs; counting is cheap.' }),
  hash_size: intParam({ default: 4096, min: 1, doc: 'Slots of the table, a power of 2.' }),
  rr_param: strParam({ default: 'did', doc: 'Record-Route parameter that names the dialog.' }),
  dlg_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag that makes every INVITE begin a dialog; -1 is none.',
  }),
  ...timerParams,
  dlg_extra_hdrs: strParam({ default: '', doc: 'Header lines of requests of our own.' }),
  dlg_match_mode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'How requests find their dialog: 0 by rr_param, 1 that or their tags, 2 tags alone.',
  }),
  detect_spirals: intParam({
    default: 1,
    doc: 'Not 0: an INVITE that comes through again begins no second dialog.',
  }),
  ...databaseParams,
  profiles_with_value: strParam({ default: '', doc: 'Profiles that count by value: a;b;c.' }),
  profiles_no_value: strParam({ default: '', doc: 'Profiles that just count: a;b;c.' }),
  bridge_controller: strParam({
    default: 'sip:controller@kamailio.org',
    doc: 'From URI of calls that dlg_bridge() makes.',
  }),
  bridge_contact: strParam({
    default: 'sip:controller@kamailio.org:5060',
    doc: 'Contact URI of those calls.',
  }),
  ruri_pvar: formatParam({ default: '$ru', doc: 'The request URI that a dialog keeps.' }),
  initial_cbs_inscript: intParam({
    default: 1,
    min: 0,
    max: 1,
    doc: 'Not 0: whoever wants to know of new dialogs is told within the route already.',
  }),
  send_bye: intParam({ default: 0, doc: 'Not 0: a dialog whose lifetime is over gets BYEs.' }),
  wait_ack: intParam({
    default: 1,
    doc: 'Not 0: the dialog of a failed INVITE stays until its transaction has gone.',
  }),
  xavp_cfg: strParam({ default: '', doc: 'Exists for configs, as in Kamailio 5.6.' }),
  track_cseq_updates: intParam({
    default: 0,
    doc: 'Not 0: CSeq numbers are kept right when uac authenticates.',
  }),
  lreq_callee_headers: strParam({
    default: '',
    doc: 'Header lines of requests of our own to the callee.',
  }),
  ...clusterParams,
  event_callback: strParam({
    default: '',
    doc: 'Function of the KEMI script that stands for the event routes.',
  }),
  h_id_start: intParam({
    default: 0,
    doc: 'Where numbers of dialogs begin, with a step above 1; -1: the server_id.',
  }),
  h_id_step: intParam({ default: 1, doc: 'Step of these numbers.' }),
  keep_proxy_rr: intParam({
    default: 0,
    min: 0,
    max: 3,
    doc: 'Our own Record-Routes stay in the route set: 1 towards the callee, 2 the caller.',
  }),
  dlg_filter_mode: intParam({
    default: 0,
    doc: '1: no keepalives and no timeout for dialogs of other nodes.',
  }),
  bye_early_code: since6(
    intParam({
      default: 480,
      min: 300,
      max: 699,
      doc: 'Status with which an early dialog is ended.',
    }),
  ),
  bye_early_reason: since6(
    strParam({ default: 'Temporarily Unavailable', doc: 'Its reason phrase.' }),
  ),
  dlg_ctxiuid_mode: since6(
    intParam({ default: 0, doc: 'Exists for configs: a message always knows its dialog.' }),
  ),
  debug_variables: since6(intParam({ default: 0, doc: 'Exists for configs.' })),
  dlg_mode: since6(
    intParam({ default: 0, doc: 'Only 0: dlg_manage() or dlg_flag begin dialogs.' }),
  ),
}
