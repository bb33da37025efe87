/** The functions of the core as rows of its surface. */
import type { SipMessage } from '../../sip/message.ts'
import type { AvpName } from '../avp.ts'
import type { CoreInstance } from '../core.module.ts'
import {
  addLocalRport,
  clearBranches,
  forceRport,
  forceSendSocket,
  forceTcpAlias,
  removeBranch,
  setAdvertisedAddress,
  setAdvertisedPort,
  setForwardClose,
  setForwardNoConnect,
  setReplyClose,
  setReplyNoConnect,
  socketText,
  tryProto,
  udpMtuTryProto,
} from './connection.ts'
import { exec } from './exec.ts'
import {
  avp,
  avpFlag,
  flag,
  isAvpFlagSet,
  isFlagSet,
  resetAvpFlag,
  resetFlag,
  setAvpFlag,
  setFlag,
} from './flags.ts'
import { cfgGroup, cfgReset, cfgSelect } from './groups.ts'
import { error, forward, forwardSctp, forwardTcp, forwardTls, forwardUdp, log } from './send.ts'
import {
  prefix,
  revertUri,
  setHost,
  setHostPort,
  setHostPortTransport,
  setPort,
  setUri,
  setUser,
  setUserPassword,
  strip,
  stripTail,
  userPhone,
} from './uri.ts'
import {
  type Arg,
  type ConfigFunction,
  fn,
  inKemi,
  int,
  optional,
  text,
  written,
} from '../module/index.ts'
import { ANY_ROUTE, BRANCH_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../route-bits.ts'

const WHERE_REQUEST = REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE

type Plain = (self: never, msg: SipMessage) => number
type WithText = (self: never, msg: SipMessage, value: string) => number

const plain = (doc: string, run: Plain): ConfigFunction<CoreInstance> =>
  fn({
    doc,
    args: [],
    routes: ANY_ROUTE,
    run: run as (self: CoreInstance, msg: SipMessage) => number,
  })
const onUri = (doc: string, run: WithText): ConfigFunction<CoreInstance> =>
  fn({
    doc,
    args: [written(text('value'), 'text')],
    routes: ANY_ROUTE,
    run: run as (self: CoreInstance, msg: SipMessage, value: string) => number,
  })
const onFlag = (
  doc: string,
  run: (self: CoreInstance, msg: SipMessage, flagNumber: number) => number,
): ConfigFunction<CoreInstance> => fn({ doc, args: [flag as Arg<number>], routes: ANY_ROUTE, run })
const forwarder = (
  doc: string,
  run: (self: CoreInstance, msg: SipMessage, host?: string, port?: number) => number,
): ConfigFunction<CoreInstance> =>
  fn({
    doc,
    args: [optional(written(text('host'), 'host')), optional(written(int('port'), 'port'))],
    routes: WHERE_REQUEST,
    run,
  })
const onAvp = (
  doc: string,
  run: (self: unknown, msg: SipMessage, name: AvpName, bit: number) => number,
): ConfigFunction<CoreInstance> => fn({ doc, args: [avp, avpFlag], routes: ANY_ROUTE, run })
const number = (name: string): Arg<number> => written(int(name), 'number')

/** Several spellings of one function. */
const spelled = (
  names: string,
  row: ConfigFunction<CoreInstance>,
): Record<string, ConfigFunction<CoreInstance>> =>
  Object.fromEntries(names.split(' ').map(name => [name, row]))

export const functions: Record<string, ConfigFunction<CoreInstance>> = {
  forward: forwarder(
    'Send the request on without state, to its next hop or to this host.',
    forward,
  ),
  forward_udp: forwarder('The same over UDP.', forwardUdp),
  forward_tcp: forwarder('The same over TCP.', forwardTcp),
  forward_tls: forwarder('The same over TLS.', forwardTls),
  forward_sctp: forwarder('The same over SCTP.', forwardSctp),
  log: fn({
    doc: 'Write a text to the log, at a level (-5 to 3); without one below L_DBG.',
    args: [written(text('level'), 'log'), optional(written(text('text'), 'text'))],
    routes: ANY_ROUTE,
    run: log,
  }),
  error: fn({
    doc: 'Says in the log that it was called, as it always has.',
    args: [written(text('class'), 'text'), written(text('text'), 'text')],
    routes: ANY_ROUTE,
    run: error,
  }),
  exec: fn({
    doc: 'Run a command of the shell and wait for its end; other messages do not wait.',
    args: [written(text('command'), 'text')],
    routes: ANY_ROUTE,
    waits: true,
    kemi: '',
    run: exec,
  }),
  cfg_select: fn({
    doc: 'Use the values of this instance of a group of runtime parameters for the message.',
    args: [cfgGroup, int('id')],
    routes: ANY_ROUTE,
    run: cfgSelect,
  }),
  cfg_reset: fn({
    doc: 'Use the values of the group itself again.',
    args: [cfgGroup],
    routes: ANY_ROUTE,
    run: cfgReset,
  }),
  setflag: inKemi('setflag(int): bool', onFlag('Set a transaction flag.', setFlag)),
  resetflag: inKemi('resetflag(int): bool', onFlag('Clear a transaction flag.', resetFlag)),
  isflagset: inKemi('isflagset(int): bool', onFlag('Is this transaction flag set?', isFlagSet)),
  setavpflag: onAvp('Set a flag of the newest value of an AVP.', setAvpFlag),
  resetavpflag: onAvp('Clear a flag of the newest value of an AVP.', resetAvpFlag),
  isavpflagset: onAvp('Has the newest value of an AVP this flag?', isAvpFlagSet),
  ...spelled(
    'rewriteuri seturi',
    inKemi('seturi: bool', onUri('Replace the request URI.', setUri)),
  ),
  ...spelled(
    'rewritehost sethost seth',
    inKemi('sethost: bool', onUri('Replace the host of the request URI.', setHost)),
  ),
  ...spelled(
    'rewritehostport sethostport sethp',
    inKemi('sethostport', onUri('Replace host and port.', setHostPort)),
  ),
  ...spelled(
    'rewritehostporttrans sethostporttrans sethpt',
    inKemi('sethostporttrans', onUri('Replace host, port and transport.', setHostPortTransport)),
  ),
  ...spelled(
    'rewriteport setport setp',
    inKemi('setport', onUri('Replace the port of the request URI.', setPort)),
  ),
  ...spelled(
    'rewriteuser setuser setu',
    inKemi('setuser: bool', onUri('Replace the user of the request URI.', setUser)),
  ),
  ...spelled(
    'rewriteuserpass setuserpass setup',
    inKemi('setuserpass', onUri('Replace user and password.', setUserPassword)),
  ),
  revert_uri: plain('Go back to the request URI as received.', revertUri),
  prefix: onUri('Put a text before the user of the request URI.', prefix),
  strip: fn({
    doc: 'Cut characters off the front of the user.',
    args: [number('count')],
    routes: ANY_ROUTE,
    run: strip,
  }),
  strip_tail: fn({
    doc: 'Cut characters off the end of the user.',
    args: [number('count')],
    routes: ANY_ROUTE,
    run: stripTail,
  }),
  userphone: plain('Add ;user=phone to a telephone number.', userPhone),
  remove_branch: fn({
    doc: 'Take one more destination away.',
    args: [optional(number('index'))],
    routes: WHERE_REQUEST,
    run: removeBranch,
  }),
  clear_branches: plain('Take all further destinations away.', clearBranches),
  ...spelled(
    'force_rport add_rport',
    inKemi(
      'force_rport: bool',
      plain('Answer to the port the request came from (RFC 3581).', forceRport),
    ),
  ),
  add_local_rport: inKemi(
    'add_local_rport: bool',
    plain('Ask the next hop for rport.', addLocalRport),
  ),
  ...spelled(
    'force_tcp_alias add_tcp_alias',
    fn({
      doc: 'Reuse this connection for requests to its peer (RFC 5923).',
      args: [optional(number('port'))],
      routes: ANY_ROUTE,
      kemi: 'add_tcp_alias(int) add_tcp_alias_via()',
      run: forceTcpAlias,
    }),
  ),
  udp_mtu_try_proto: fn({
    doc: 'What carries the request when it is larger than udp_mtu: TCP, TLS, SCTP or UDP.',
    args: [tryProto],
    routes: ANY_ROUTE,
    run: udpMtuTryProto,
  }),
  set_advertised_address: fn({
    doc: 'The address that Via and Record-Route name instead of ours.',
    args: [text('address')],
    routes: ANY_ROUTE,
    run: setAdvertisedAddress,
  }),
  set_advertised_port: fn({
    doc: 'The port that Via and Record-Route name instead of ours.',
    args: [number('port')],
    routes: ANY_ROUTE,
    kemi: 'set_advertised_port(str)',
    run: setAdvertisedPort,
  }),
  force_send_socket: fn({
    doc: 'Send from this socket of ours.',
    args: [socketText],
    routes: ANY_ROUTE,
    run: (self: CoreInstance, msg, socket) => forceSendSocket(self.core, msg, socket),
  }),
  set_forward_no_connect: inKemi(
    'set_forward_no_connect: bool',
    plain('Forward over an open connection only.', setForwardNoConnect),
  ),
  set_reply_no_connect: inKemi(
    'set_reply_no_connect: bool',
    plain('Reply over an open connection only.', setReplyNoConnect),
  ),
  set_forward_close: inKemi(
    'set_forward_close: bool',
    plain('Close the connection after forwarding.', setForwardClose),
  ),
  set_reply_close: inKemi(
    'set_reply_close: bool',
    plain('Close the connection after the reply.', setReplyClose),
  ),
}
