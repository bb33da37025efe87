/** The functions of corex as rows of its surface. */
import {
  computed,
  type ConfigFunction,
  fn,
  format,
  int,
  type KemiFunction,
  kemiFn,
  optional,
  writablePvar,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  CORE_ONREPLY_ROUTE,
  FAILURE_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { H_USER_AGENT } from '../../sip/header-names.ts'
import { appendBranch } from './branches.ts'
import type { Corex } from './corex.ts'
import { readFile, textOf, writeFile } from './files.ts'
import * as flags from './flags.ts'
import { forwardNow, sendData, sendFrom, sendTcp, sendUdp } from './send.ts'
import * as sockets from './sockets.ts'
import { addParams, addServerId, useFields } from './via.ts'

type Row = ConfigFunction<Corex>

const onText = (doc: string, name: string, run: typeof sockets.setSendSocket): Row =>
  fn({ doc, args: [format(name)], routes: ANY_ROUTE, run })
const onNumber = (doc: string, name: string, run: typeof flags.setExtended): Row =>
  fn({ doc, args: [int(name)], routes: ANY_ROUTE, run })
const onInternal = (doc: string, run: typeof flags.setInternal): Row =>
  fn({ doc, args: [computed(flags.internalFlag)], routes: ANY_ROUTE, run })
const sender = (doc: string, run: typeof sendUdp): Row =>
  fn({
    doc,
    args: [optional(format('host[:port]'))],
    routes: REQUEST_ROUTE | FAILURE_ROUTE,
    run,
  })

const sending: Record<string, Row> = {
  append_branch: fn({
    doc: 'Add a destination: this URI with this q, or the request URI with its attributes.',
    args: [optional(format('uri')), optional(format('q'))],
    routes: REQUEST_ROUTE | FAILURE_ROUTE,
    kemi: 'append_branch() append_branch_uri(str) append_branch_uri_q(str, str)',
    run: appendBranch,
  }),
  send_udp: sender('Send the request as received over UDP.', sendUdp),
  send_tcp: sender('Send the request as received over TCP.', sendTcp),
  send_data: fn({
    doc: 'Send a text to a SIP URI.',
    args: [format('uri'), format('data')],
    routes: ANY_ROUTE,
    run: sendData,
  }),
  sendx: fn({
    doc: 'Send a text to a SIP URI from one of our sockets.',
    args: [format('uri'), format('sock'), format('data')],
    routes: ANY_ROUTE,
    run: sendFrom,
  }),
  forward_reply: fn({
    doc: 'Send the reply on now.',
    args: [],
    routes: CORE_ONREPLY_ROUTE,
    run: forwardNow,
  }),
}

const flagging: Record<string, Row> = {
  setxflag: onNumber('Set an extended transaction flag, 0 to 63.', 'flag', flags.setExtended),
  isxflagset: onNumber('Is this extended flag set?', 'flag', flags.isExtendedSet),
  resetxflag: onNumber('Clear an extended flag.', 'flag', flags.resetExtended),
  msg_iflag_set: onInternal(
    'Set an internal flag: USE_UAC_FROM, USE_UAC_TO, UAC_AUTH.',
    flags.setInternal,
  ),
  msg_iflag_reset: onInternal('Clear an internal flag.', flags.resetInternal),
  msg_iflag_is_set: onInternal('Is this internal flag set?', flags.isInternalSet),
}

const addressing: Record<string, Row> = {
  set_send_socket: onText('Send from this socket.', 'saddr', sockets.setSendSocket),
  set_send_socket_name: onText(
    'Send from the socket with this name.',
    'sname',
    sockets.setSendSocketName,
  ),
  set_recv_socket: onText(
    'Let the message count as received on this socket.',
    'saddr',
    sockets.setReceiveSocket,
  ),
  set_recv_socket_name: onText(
    'Let the message count as received on the socket with this name.',
    'sname',
    sockets.setReceiveSocketName,
  ),
  set_source_address: onText(
    'Let the message count as sent from this address.',
    'saddr',
    sockets.setSourceAddress,
  ),
  is_socket_name: onText('Has one of our sockets this name?', 'sockname', sockets.isSocketName),
  via_add_srvid: onNumber('1: our Via names the server_id; 0: no more.', 'flags', addServerId),
  via_add_xavp_params: onNumber(
    '1: our Via has the parameters in the xavp of xavp_via_params; 0: no more.',
    'flags',
    addParams,
  ),
  via_use_xavp_fields: onNumber(
    '1: our Via has host and port of the xavp of xavp_via_fields; 0: no more.',
    'flags',
    useFields,
  ),
}

export const functions: Record<string, Row> = {
  ...sending,
  ...flagging,
  ...addressing,
  is_incoming: fn({
    doc: 'In event_route[network:msg]: is it a packet that came in?',
    args: [],
    routes: ANY_ROUTE,
    run: (self: Corex) => (self.incoming ? 1 : -1),
  }),
  is_faked_msg: fn({
    doc: 'Is the message made up for a route that runs without one?',
    args: [],
    routes: ANY_ROUTE,
    run: (_self: Corex, msg) => (msg.id === 0 ? 1 : -1),
  }),
  file_read: fn({
    doc: 'Read a text file into a variable.',
    args: [format('fpath'), writablePvar('var')],
    routes: ANY_ROUTE,
    run: readFile,
  }),
  file_write: fn({
    doc: 'Write a text to a file.',
    args: [format('fpath'), format('content')],
    routes: ANY_ROUTE,
    run: writeFile,
  }),
}

/** What only KEMI scripts have. */
export const kemi: Record<string, KemiFunction<Corex>> = {
  file_read: kemiFn({
    doc: 'The text of a file, empty when it cannot be read.',
    args: [format('fpath')],
    returns: 'xval',
    type: 'string',
    run: (self: Corex, _msg, path) => textOf(self, path) ?? '',
  }),
  has_ruri_user: kemiFn({
    doc: 'Has the request URI a user?',
    args: [],
    returns: 'int',
    run: (_self: Corex, msg) => (msg.isRequest && (msg.sipUri?.user ?? '') !== '' ? 1 : -1),
  }),
  has_user_agent: kemiFn({
    doc: 'Is there a User-Agent?',
    args: [],
    returns: 'int',
    run: (_self: Corex, msg) => ((msg.header(H_USER_AGENT) ?? '') === '' ? -1 : 1),
  }),
}
