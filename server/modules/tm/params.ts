/** The parameters of tm; the live ones are the variables of the cfg group `tm`. */
import { eachParam, intParam, type Param, strParam } from '../../core/module/index.ts'
import { parseAppend } from './write-append.ts'

const live = (value: number, doc: string): Param<number> =>
  intParam({ default: value, live: true, doc })
/** A live change must be one of 0 ... `liveMax`. */
const upTo = (liveMax: number, value: number, doc: string): Param<number> =>
  intParam({ default: value, live: true, liveMin: 0, liveMax, doc })
const timer = (value: number, doc: string): Param<number> =>
  intParam({ default: value, live: true, min: 0, doc })
const interval = (value: number, doc: string): Param<number> =>
  intParam({ default: value, live: true, min: 0, liveMax: 65_534, doc })
const fixed = (value: number, doc: string): Param<number> => intParam({ default: value, doc })
const liveText = (value: string, doc: string): Param<string> =>
  strParam({ default: value, live: true, doc })
const text = (value: string, doc: string): Param<string> => strParam({ default: value, doc })

export const params = {
  ruri_matching: upTo(1, 1, 'Compare the request URI when a Via has no RFC 3261 branch.'),
  via1_matching: upTo(1, 1, 'Compare the top Via when it has no RFC 3261 branch.'),
  callid_matching: live(0, 'Replies must carry the Call-ID of their transaction.'),
  callid_cseq_matching: live(0, 'Match by Call-ID and CSeq alone (not RFC 3261).'),
  fr_timer: timer(30000, 'Milliseconds without any reply until a branch fails.'),
  fr_inv_timer: timer(120000, 'Milliseconds from a provisional to the final reply of an INVITE.'),
  fr_inv_timer_next: intParam({
    default: 30000,
    live: true,
    onlyLive: true,
    min: 0,
    doc: 'Nothing reads it, as in Kamailio; t_set_fr() sets the timers of a later branch.',
  }),
  wt_timer: timer(5000, 'Milliseconds for which a completed transaction absorbs late messages.'),
  retr_timer1: interval(500, 'First retransmission interval, milliseconds (T1).'),
  retr_timer2: interval(4000, 'Longest retransmission interval, milliseconds (T2).'),
  max_inv_lifetime: timer(180000, 'Longest life of an INVITE transaction, milliseconds.'),
  max_noninv_lifetime: timer(32000, 'Longest life of any other transaction, milliseconds.'),
  noisy_ctimer: upTo(1, 1, 'Answer 408 also to an INVITE whose only branch never replied.'),
  auto_inv_100: upTo(1, 1, 'Answer each INVITE with 100 when it is relayed.'),
  auto_inv_100_reason: liveText(
    'trying -- your call is important to us',
    'Reason phrase of that 100.',
  ),
  unix_tx_timeout: live(500, 'Time limit of writes to Unix sockets (t_write_unix), milliseconds.'),
  restart_fr_on_each_reply: upTo(1, 1, 'Each provisional reply starts fr_inv_timer again.'),
  fr_timer_avp: text('', 'AVP with the fr_timer of one transaction, in seconds: $avp(x).'),
  fr_inv_timer_avp: text('', 'AVP with the fr_inv_timer of one transaction, in seconds.'),
  tw_append: eachParam({
    doc: 'Extra lines of t_write_req: name:hdr[x];title=avp[y];msg[body].',
    parse: parseAppend,
  }),
  pass_provisional_replies: upTo(1, 0, 'Tell listeners of local replies of provisional ones too.'),
  aggregate_challenges: upTo(1, 1, 'Gather the challenges of all branches in one 401 or 407.'),
  unmatched_cancel: upTo(2, 0, 'CANCEL without INVITE: 0 stateful, 1 stateless, 2 dropped.'),
  default_code: live(500, 'Status of t_reply when its own is no status.'),
  default_reason: liveText('Server Internal Error', 'Reason of t_reply when its own is empty.'),
  reparse_invite: upTo(1, 1, 'Build CANCEL and ACK from the INVITE as it was sent.'),
  ac_extra_hdrs: liveText('', 'Prefix of further headers that CANCEL and ACK take over.'),
  blst_503: upTo(1, 0, 'Put peers that answer 503 on the blocklist.'),
  blst_503_def_timeout: live(0, 'Seconds on the blocklist for a 503 without Retry-After.'),
  blst_503_min_timeout: live(0, 'Least seconds on the blocklist for a 503.'),
  blst_503_max_timeout: live(3600, 'Most seconds on the blocklist for a 503.'),
  blst_methods_add: live(1, 'Methods whose timeouts put the peer on the blocklist.'),
  blst_methods_lookup: live(-9, 'Methods for which the blocklist is asked.'),
  cancel_b_method: upTo(2, 1, 'Unanswered branches: 0 given up, 1 cancelled later, 2 at once.'),
  reparse_on_dns_failover: upTo(1, 1, 'Build the request for the next address from the sent one.'),
  on_sl_reply: text('', 'onreply_route for replies that match no transaction.'),
  contacts_avp: text('', 'Variable in which t_load_contacts keeps its contacts.'),
  contact_flows_avp: text('', 'Variable in which t_next_contacts keeps further flows.'),
  disable_6xx_block: upTo(1, 0, 'Treat 6xx as any other negative reply.'),
  local_ack_mode: upTo(2, 0, 'ACK to a 2xx of our own: 0 RFC, 1 as the INVITE, 2 to the source.'),
  failure_reply_mode: fixed(3, 'Which old branches count in a later leg: 0 all ... 3 none.'),
  faked_reply_prio: fixed(0, 'Added to the rank of replies made here; more loses.'),
  remap_503_500: fixed(1, 'Relay 503 as 500 (RFC 3261 section 16.7).'),
  failure_exec_mode: fixed(0, 'A branch that cannot be sent fails like a replied one.'),
  dns_reuse_rcv_socket: fixed(0, 'Send DNS failover branches from the receiving socket.'),
  local_cancel_reason: upTo(1, 1, 'Say in our own CANCELs why (RFC 3326).'),
  e2e_cancel_reason: upTo(1, 1, 'Copy the Reason of a received CANCEL.'),
  xavp_contact: text('', 'XAVP with attributes of a contact, as in usrloc.'),
  event_callback: text('', 'KEMI function for tm:local-request.'),
  event_callback_lres_sent: text('', 'KEMI function for tm:local-response.'),
  relay_100: upTo(1, 0, 'Relay 100 as well.'),
  rich_redirect: fixed(0, 'Contacts of a 3xx: 1 with branch flags, 2 with the path.'),
  exec_time_check: fixed(5000, 'Milliseconds a failure route may take before it is checked.'),
  reply_relay_mode: fixed(1, 'A suspended 200 is not relayed after another final reply.'),
  enable_uac_fr: upTo(1, 0, 'Failure routes for our own requests.'),
}
