/** The parameters of dispatcher. */
import { formatParam, intParam, pvarParam, strParam } from '../../core/module/index.ts'

const lists = {
  list_file: strParam({
    default: '/etc/kamailio/dispatcher.list',
    doc: 'The file with the destinations, unless they are in a database.',
  }),
  db_url: strParam({ default: '', doc: 'The database with the destinations; empty: the file.' }),
  table_name: strParam({ default: 'dispatcher', doc: 'Its table.' }),
  setid_col: strParam({ default: 'setid', doc: 'Column of the number of the set.' }),
  destination_col: strParam({ default: 'destination', doc: 'Column of the URI.' }),
  flags_col: strParam({ default: 'flags', doc: 'Column of the flags.' }),
  priority_col: strParam({ default: 'priority', doc: 'Column of the priority.' }),
  attrs_col: strParam({ default: 'attrs', doc: 'Column of the attributes.' }),
  ds_db_extra_attrs: strParam({
    default: '',
    doc: 'Further columns that become attributes: name=column;name=column.',
  }),
  ds_load_mode: intParam({
    default: 0,
    doc: '0: at the start a destination that cannot be used is left out; 1: the list is refused.',
  }),
  ds_attrs_none: intParam({
    default: 0,
    doc: '1: destinations without attributes have the attribute none=yes.',
  }),
  reload_delta: intParam({ default: 5, min: 0, doc: 'Fewest seconds between two reloads.' }),
}

const selection = {
  flags: intParam({ default: 0, doc: '1: hashes are of users only; 2: failover is possible.' }),
  use_default: intParam({
    default: 0,
    doc: 'Not 0: the last destination of a set is for when no other one is up.',
  }),
  force_dst: intParam({ default: 1, doc: '0: a $du that is set already is not replaced.' }),
  hash_pvar: formatParam({ doc: 'What algorithm 7 hashes.' }),
  xavp_dst: strParam({ default: '_dsdst_', doc: 'The xavp with the destinations to be tried.' }),
  xavp_dst_mode: intParam({
    default: 0,
    doc: 'Fields of it: 1 without attrs; 2 with socket; 4 with sockname.',
  }),
  xavp_ctx: strParam({ default: '_dsctx_', doc: 'The xavp with the number of destinations.' }),
  xavp_ctx_mode: intParam({ default: 0, doc: '1: that number is not kept.' }),
  setid_pvname: pvarParam({ doc: 'Where ds_is_from_list leaves the number of the set.' }),
  attrs_pvname: pvarParam({ doc: 'Where ds_is_from_list leaves the attributes.' }),
}

const load = {
  ds_hash_size: intParam({
    default: 0,
    doc: 'Not 0: calls are counted, for algorithm 10. Kamailio makes 2^ds_hash_size slots.',
  }),
  ds_hash_expire: intParam({ default: 7200, doc: 'Seconds after which a call counts as over.' }),
  ds_hash_initexpire: intParam({
    default: 7200,
    doc: 'Seconds after which a call counts as over that was never answered.',
  }),
  ds_hash_check_interval: intParam({
    default: 30,
    min: 1,
    doc: 'Seconds between two looks for calls that are over.',
  }),
}

const probing = {
  ds_ping_interval: intParam({ default: 0, doc: 'Seconds between two pings; 0: none.' }),
  ds_ping_method: strParam({ default: 'OPTIONS', doc: 'Method of pings.' }),
  ds_ping_from: strParam({
    default: 'sip:dispatcher@localhost',
    doc: 'URI in the From of pings.',
  }),
  ds_ping_reply_codes: strParam({
    default: '',
    doc: 'Replies that count as life beside 2xx: class=3;code=404.',
    live: 'ping_reply_codes',
  }),
  ds_probing_mode: intParam({
    default: 0,
    doc: 'Who is pinged: 0 flag 8, until up; 1 all; 2 flag 8 while down; 3 flag 8, always.',
  }),
  ds_probing_threshold: intParam({
    default: 1,
    doc: 'So many pings in a row without life and a destination is down.',
    live: 'probing_threshold',
  }),
  ds_inactive_threshold: intParam({
    default: 1,
    doc: 'So many signs of life in a row and it is up again.',
    live: 'inactive_threshold',
  }),
  ds_ping_latency_stats: intParam({ default: 0, doc: '1: the time that answers take is kept.' }),
  ds_latency_estimator_alpha: intParam({
    default: 900,
    doc: 'Thousandths of the estimate that stay when another answer comes.',
  }),
  outbound_proxy: strParam({ default: '', doc: 'Where pings are sent instead.' }),
  ds_default_socket: strParam({
    default: '',
    doc: 'From which socket it is sent to destinations that name none: udp:192.0.2.1:5060.',
  }),
  ds_default_sockname: strParam({ default: '', doc: 'The same by the name of the socket.' }),
  ds_timer_mode: intParam({ default: 0, doc: 'Which process pings; here it is one timer.' }),
}

const names = {
  ds_dns_mode: intParam({
    default: 1,
    doc: 'Hosts are looked up: 1 at load; 2 at each use; 4 by a timer; 8: by SRV records, too.',
  }),
  ds_dns_interval: intParam({ default: 600, doc: 'Seconds between two looks of that timer.' }),
  ds_dns_ttl: intParam({ default: 0, doc: 'Seconds for which an answer is kept; it says itself.' }),
}

export const params = {
  ...lists,
  ...selection,
  ...load,
  ...probing,
  ...names,
  event_callback: strParam({
    default: '',
    doc: 'Function of a KEMI script that runs in place of the event routes.',
  }),
}
