/**
 * The functions of tm as a config calls them: argument kinds, where each may stand, and the verb
 * that does it.
 */
import {
  type Arg,
  BadValue,
  type ConfigFunction,
  fn,
  format,
  int,
  literal,
  optional,
  parsed,
  route,
  text,
  type Verdict,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import { compileRegex } from '../../core/regex.ts'
import type { SipMessage } from '../../sip/message.ts'
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import * as own from './answer-functions.ts'
import { tRelayCancel } from './cancel-in.ts'
import * as ask from './checks.ts'
import { loadContacts, nextContactFlow, nextContacts } from './contacts.ts'
import * as to from './relay-to.ts'
import { newTransaction } from './server.ts'
import * as set from './settings.ts'
import { textOrVariable } from './text-or-variable.ts'
import type { Tm } from './tm.ts'
import { tUacSend } from './uac.ts'
import { parseWriting, writeToFifo, writeToUnix } from './write.ts'

// Where Kamailio 5.6.3 lets each function stand; an event route counts as a request route there.
const REQUEST = REQUEST_ROUTE | EVENT_ROUTE | BRANCH_FAILURE_ROUTE
const RELAY = REQUEST | FAILURE_ROUTE
const REPLYING = RELAY | ONREPLY_ROUTE
const SETTING = RELAY | BRANCH_ROUTE | TM_ONREPLY_ROUTE

const plain = (
  doc: string,
  routes: number,
  run: (tm: Tm, msg: SipMessage) => Verdict,
): ConfigFunction<Tm> => fn({ doc, args: [], routes, run })

/** A number that switches something. */
const onOff = (
  doc: string,
  run: (tm: Tm, msg: SipMessage, on: number) => Verdict,
): ConfigFunction<Tm> => fn({ doc, args: [int('on')], routes: SETTING, run })

const hostPort = [format('host'), int('port')] as const
const codeReason = [int('code'), textOrVariable('reason')] as const

const relayBy = (doc: string, proto: number): ConfigFunction<Tm> =>
  fn({
    doc,
    args: [optional(format('host')), optional(int('port'))],
    routes: RELAY,
    run: to.relayBy(proto),
  })
const forwardBy = (doc: string, proto: number): ConfigFunction<Tm> =>
  fn({ doc, args: hostPort, routes: REQUEST, run: to.forwardBy(proto) })
const replicateBy = (doc: string, proto: number): ConfigFunction<Tm> =>
  fn({ doc, args: hostPort, routes: REQUEST, run: to.replicateBy(proto) })

const target = (name: string): Arg<to.RelayTarget> => parsed(name, to.parseTarget)

function oneOf(name: string, allowed: readonly string[]): Arg<string> {
  return literal(name, value => {
    if (allowed.includes(value)) return value
    throw new BadValue(`'${value}' is none of ${allowed.join(', ')}`)
  })
}

const writing = literal('info', parseWriting)

const relaying = {
  t_relay: fn({
    doc: 'Relay the request to its URI and branches, or to a host and port.',
    args: [optional(format('host')), optional(int('port'))],
    routes: RELAY,
    kemi: 't_relay()',
    run: to.tRelay,
  }),
  t_relay_to: fn({
    doc: 'Relay to proto:host:port; flags 1 no 100, 2 no reply on error, 4 no DNS failover.',
    args: [optional(target('proxy or flags')), optional(target('flags'))],
    routes: RELAY,
    run: to.tRelayTo,
  }),
  t_relay_to_avp: fn({
    doc: 'Relay by a transport to host:port from a variable.',
    args: [format('proto'), format('host:port')],
    routes: REQUEST,
    run: to.relayToHostPort,
  }),
  t_relay_to_udp: relayBy('Relay over UDP.', UDP),
  t_relay_to_tcp: relayBy('Relay over TCP.', TCP),
  t_relay_to_tls: relayBy('Relay over TLS.', TLS),
  t_relay_to_sctp: relayBy('Relay over SCTP.', SCTP),
  t_forward_nonack: forwardBy('Add branches to the transaction, sent to host and port.', 0),
  t_forward_nonack_udp: forwardBy('The same over UDP.', UDP),
  t_forward_nonack_tcp: forwardBy('The same over TCP.', TCP),
  t_forward_nonack_tls: forwardBy('The same over TLS.', TLS),
  t_forward_nonack_sctp: forwardBy('The same over SCTP.', SCTP),
  t_forward_nonack_uri: plain('Add branches to the transaction.', REQUEST, to.forwardByUri),
  t_forward_nonack_to: fn({
    doc: 'Add branches by a transport to host:port.',
    args: [format('proto'), format('host:port')],
    routes: REQUEST,
    run: to.forwardToHostPort,
  }),
  t_replicate: fn({
    doc: 'Send a copy of the request whose replies go nowhere.',
    args: [optional(format('uri or host')), optional(int('port'))],
    routes: REQUEST,
    kemi: 't_replicate(str)',
    run: to.replicate,
  }),
  t_replicate_udp: replicateBy('The same over UDP.', UDP),
  t_replicate_tcp: replicateBy('The same over TCP.', TCP),
  t_replicate_tls: replicateBy('The same over TLS.', TLS),
  t_replicate_sctp: replicateBy('The same over SCTP.', SCTP),
  t_replicate_to: fn({
    doc: 'The same by a transport to host:port.',
    args: [format('proto'), format('host:port')],
    routes: REQUEST,
    run: to.replicateToHostPort,
  }),
  t_relay_cancel: plain('Cancel the INVITE of this CANCEL.', REQUEST, tRelayCancel),
}

const answering = {
  t_newtran: plain('Make the transaction.', REQUEST, newTransaction),
  t_reply: fn({
    doc: 'Answer through the transaction.',
    args: codeReason,
    routes: REPLYING,
    run: (tm: Tm, msg, code, reason) => own.tReply(tm, msg, code, reason(msg) ?? ''),
  }),
  t_send_reply: fn({
    doc: 'Make the transaction if there is none, and answer.',
    args: codeReason,
    routes: REPLYING,
    run: (tm: Tm, msg, code, reason) => own.tSendReply(tm, msg, code, reason(msg) ?? ''),
  }),
  t_retransmit_reply: plain('Send the last reply again.', REQUEST, own.retransmitLastReply),
  t_release: plain('Let the transaction end.', REQUEST, own.release),
  t_clean: plain('End transactions that have outlived everything.', ANY_ROUTE, own.clean),
}

const asking = {
  t_check_trans: plain(
    'Deal with retransmissions and ACKs.',
    REQUEST | BRANCH_ROUTE | ONREPLY_ROUTE,
    ask.checkTransaction,
  ),
  t_lookup_request: plain('Is there a transaction?', REQUEST, ask.lookup),
  t_lookup_cancel: fn({
    doc: 'Is there an INVITE for this CANCEL? With 1 its flags are taken over.',
    args: [optional(int('flags'))],
    routes: REQUEST,
    kemi: 't_lookup_cancel() t_lookup_cancel_flags',
    run: ask.lookupCancel,
  }),
  t_check_status: fn({
    doc: 'Does the status match an expression?',
    args: [parsed('expression', pattern => compileRegex(pattern, 0))],
    routes: REPLYING,
    run: ask.checkStatus,
  }),
  t_get_status_code: plain('The status, -1 without one.', REPLYING | BRANCH_ROUTE, ask.statusCode),
  t_grep_status: fn({
    doc: 'Has a branch this status?',
    args: [int('code')],
    routes: SETTING,
    run: ask.grepStatus,
  }),
  t_branch_timeout: plain('Did this branch time out?', RELAY, ask.branchTimedOut),
  t_branch_replied: plain('Did it reply before?', RELAY, ask.branchReplied),
  t_any_timeout: plain('Did a branch time out?', SETTING, ask.anyTimedOut),
  t_any_replied: plain('Did a branch reply before?', SETTING, ask.anyReplied),
  t_is_canceled: plain('Was the transaction cancelled?', SETTING, ask.isCanceled),
  t_is_expired: plain('Is the life of the transaction over?', SETTING, ask.isExpired),
  t_is_retr_async_reply: plain(
    'Is this a reply that came again while it was suspended?',
    TM_ONREPLY_ROUTE,
    ask.isRetransmittedAsync,
  ),
  t_is_set: fn({
    doc: 'Is such a route set?',
    args: [oneOf('target', ['branch_route', 'failure_route', 'onreply_route'])],
    routes: ANY_ROUTE,
    run: set.isSet,
  }),
}

const settings = {
  t_on_failure: fn({
    doc: 'Run this failure_route when all branches have failed.',
    args: [route('failure_route', 'failure')],
    routes: SETTING,
    run: set.onFailure,
  }),
  t_on_branch_failure: fn({
    doc: 'Run event_route[tm:branch-failure:name] when a branch fails.',
    args: [text('name')],
    routes: SETTING,
    run: set.onBranchFailure,
  }),
  t_on_reply: fn({
    doc: 'Run this onreply_route for each reply.',
    args: [route('onreply_route', 'onreply')],
    routes: SETTING,
    run: set.onReply,
  }),
  t_on_branch: fn({
    doc: 'Run this branch_route for each branch.',
    args: [route('branch_route', 'branch')],
    routes: RELAY,
    run: set.onBranch,
  }),
  t_set_fr: fn({
    doc: 'Set fr_inv_timer and fr_timer for this transaction.',
    args: [int('fr_inv_timeout'), optional(int('fr_timeout'))],
    routes: SETTING,
    kemi: 't_set_fr t_set_fr_inv(int)',
    run: set.setFr,
  }),
  t_reset_fr: plain('Take t_set_fr back.', SETTING, set.resetFr),
  t_set_max_lifetime: fn({
    doc: 'Set the longest life for this transaction.',
    args: [int('inv_lifetime'), int('noninv_lifetime')],
    routes: SETTING,
    run: set.setMaxLifetime,
  }),
  t_reset_max_lifetime: plain('Take t_set_max_lifetime back.', SETTING, set.resetMaxLifetime),
  t_set_retr: fn({
    doc: 'Set T1 and T2 for this transaction.',
    args: [int('retr_t1_interval'), int('retr_t2_interval')],
    routes: SETTING,
    run: set.setRetr,
  }),
  t_reset_retr: plain('Take t_set_retr back.', SETTING, set.resetRetr),
  t_set_auto_inv_100: fn({
    doc: 'Switch the automatic 100.',
    args: [int('on')],
    routes: REQUEST,
    run: set.setAutoInv100,
  }),
  t_set_disable_6xx: onOff('Treat 6xx as any other failure.', set.setDisable6xx),
  t_set_disable_failover: onOff('Switch DNS failover off.', set.setDisableFailover),
  t_set_disable_internal_reply: onOff('No own reply to errors.', set.setDisableInternalReply),
  t_set_no_e2e_cancel_reason: onOff('Do not copy Reason of a CANCEL.', set.setNoE2eCancelReason),
  t_disable_e2e_cancel_reason: onOff('The same.', set.setNoE2eCancelReason),
  t_use_uac_headers: plain('Make CANCEL and ACK from what was sent.', ANY_ROUTE, set.useUacHeaders),
  t_drop_replies: fn({
    doc: 'Leave old replies out of the choice: a all, l last leg, n none.',
    args: [optional(oneOf('mode', ['a', 'l', 'n']))],
    routes: FAILURE_ROUTE,
    kemi: 't_drop_replies t_drop_replies_all()',
    run: set.dropReplies,
  }),
  t_save_lumps: plain('Keep the edits made so far for failure routes.', REQUEST, set.saveLumps),
}

const others = {
  t_load_contacts: fn({
    doc: 'Put the destination set away, in the order of q.',
    args: [optional(int('mode'))],
    routes: RELAY,
    kemi: 't_load_contacts() ki_t_load_contacts_mode',
    run: loadContacts,
  }),
  t_next_contacts: plain('Take the best of it back.', RELAY, nextContacts),
  t_next_contact_flow: plain('Take another flow to the same device.', REQUEST, nextContactFlow),
  t_uac_send: fn({
    doc: 'Send a request of our own.',
    args: [
      format('method'),
      format('ruri'),
      format('nexthop'),
      format('socket'),
      format('headers'),
      format('body'),
    ],
    routes: ANY_ROUTE,
    run: tUacSend,
  }),
  t_write_req: fn({
    doc: 'Write the request to a FIFO: action, or action/append of tw_append.',
    args: [text('fifo'), writing],
    routes: RELAY,
    run: writeToFifo,
  }),
  t_write_unix: fn({
    doc: 'The same to a Unix datagram socket.',
    args: [text('socket'), writing],
    routes: RELAY,
    waits: true,
    run: writeToUnix,
  }),
}

export const functions = { ...relaying, ...answering, ...asking, ...settings, ...others }
