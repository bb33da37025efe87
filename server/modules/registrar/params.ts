/** The parameters of registrar. */
import { intParam, pvarParam, strParam } from '../../core/module/index.ts'

export const params = {
  default_expires: intParam({
    default: 3600,
    live: true,
    doc: 'Seconds that a contact lives when the phone names none.',
  }),
  default_expires_range: intParam({
    default: 0,
    min: 0,
    max: 100,
    live: true,
    doc: 'Percent by which the default may be shortened at random.',
  }),
  expires_range: intParam({
    default: 0,
    min: 0,
    max: 100,
    live: true,
    doc: 'Percent by which a requested time may be shortened at random.',
  }),
  min_expires: intParam({ default: 60, min: 0, live: true, doc: 'Shortest time; 0 is no limit.' }),
  min_expires_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '0: a shorter time is raised to the minimum; 1: it is refused with 423.',
  }),
  max_expires: intParam({ default: 0, min: 0, live: true, doc: 'Longest time; 0 is no limit.' }),
  default_q: intParam({
    default: -1,
    min: -1,
    max: 1000,
    live: true,
    doc: 'Preference in thousandths of a contact without q; -1 leaves it without.',
  }),
  append_branches: intParam({
    default: 1,
    live: true,
    doc: 'Not 0: lookup() makes a branch of every contact, else only the first is used.',
  }),
  case_sensitive: intParam({
    default: 0,
    live: true,
    doc: 'Not 0: addresses of record are told apart by case.',
  }),
  realm_prefix: strParam({
    default: '',
    live: 'realm_pref',
    doc: 'Prefix that is cut off the domain of an address of record.',
  }),
  received_param: strParam({
    default: 'received',
    doc: 'Name of the parameter that tells the received address in replies; empty is none.',
  }),
  received_avp: pvarParam({ doc: 'Variable with the received address, as nathelper sets it.' }),
  max_contacts: intParam({
    default: 0,
    min: 0,
    live: true,
    doc: 'Contacts kept per address of record; 0 is no limit.',
  }),
  retry_after: intParam({
    default: 0,
    min: 0,
    live: true,
    doc: 'Value of Retry-After in 503; 0 is none.',
  }),
  sock_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: the advertised address of the socket is stored.',
  }),
  sock_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag that makes save() read the socket from a header; -1 is none.',
  }),
  sock_hdr_name: strParam({ default: '', doc: 'Name of that header.' }),
  method_filtering: intParam({
    default: 0,
    doc: 'Not 0: lookup() leaves out contacts that do not support the method.',
  }),
  use_path: intParam({ default: 0, doc: 'Not 0: Path headers are stored and used (RFC 3327).' }),
  path_mode: intParam({
    default: 2,
    min: 0,
    max: 2,
    doc: 'Path in the reply: 0 never, 1 to phones that support it, 2 refuse others.',
  }),
  path_use_received: intParam({
    default: 0,
    doc: 'Not 0: the received parameter of the first Path is the received address.',
  }),
  path_check_local: intParam({
    default: 0,
    doc: 'Not 0: lookup() skips the first Path when it is this server.',
  }),
  xavp_cfg: strParam({ default: '', doc: 'Name of the xavp with settings for one call.' }),
  xavp_rcd: strParam({
    default: '',
    doc: 'Name of the xavp that gets the attributes of the record.',
  }),
  xavp_rcd_mask: intParam({
    default: 0,
    min: 0,
    max: 31,
    doc: 'Attributes to leave out: 1 ruid, 2 contact, 4 expires, 8 received, 16 path.',
  }),
  gruu_enabled: intParam({
    default: 1,
    doc: 'Not 0: phones with an instance get GRUUs (RFC 5627).',
  }),
  outbound_mode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'Outbound (RFC 5626): 0 not offered, 1 offered, 2 demanded.',
  }),
  regid_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: reg-id counts without outbound support.',
  }),
  flow_timer: intParam({ default: 0, min: 0, doc: 'Value of Flow-Timer in replies; 0 is none.' }),
  contact_max_size: intParam({ default: 512, min: 1, doc: 'Longest contact URI.' }),
  event_callback: strParam({
    default: '',
    doc: 'Function of a KEMI script that runs for event routes. Not supported yet.',
  }),
  lookup_filter_mode: intParam({
    default: 0,
    min: 0,
    max: 3,
    doc: '1: lookup() filters by branch flags; 2: by live connections; 3: by both.',
  }),
  use_expired_contacts: intParam({
    default: 0,
    live: true,
    doc: 'Not 0: contacts are used although they have expired.',
  }),
}
