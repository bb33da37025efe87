/** KSR.is_...() and KSR.to_...(): what a message is, where it came from, where it goes. */
import { AF_INET, AF_INET6, familyOf, inBrackets } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import { SCTP, TCP, TLS, UDP, WS, WSS } from '../../sip/transport.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { CoreInstance } from '../core.module.ts'
import { isOneOf, parseMethods } from '../methods.ts'
import { int, type KemiFunction, kemiFn, literal, text } from '../module/index.ts'
import { isOurUri, namesUs } from '../ourselves.ts'

type Self = CoreInstance
type Rows = Record<string, KemiFunction<Self>>

const yesOrNo = (doc: string, run: (msg: SipMessage, self: Self) => boolean): KemiFunction<Self> =>
  kemiFn({ doc, args: [], returns: 'bool', run: (self: Self, msg) => run(msg, self) })

// ---- methods

/** Letters of is_method_in(). */
const METHOD_LETTERS: Readonly<Record<string, string>> = {
  I: 'INVITE',
  A: 'ACK',
  C: 'CANCEL',
  B: 'BYE',
  R: 'REGISTER',
  O: 'OPTIONS',
  S: 'SUBSCRIBE',
  P: 'PUBLISH',
  N: 'NOTIFY',
  F: 'REFER',
  U: 'UPDATE',
  E: 'PRACK',
  M: 'MESSAGE',
  K: 'KDMQ',
  G: 'GET',
  T: 'POST',
  V: 'PUT',
  D: 'DELETE',
}

function isMethodIn(_self: Self, msg: SipMessage, letters: string): boolean {
  for (let i = 0; i < letters.length; i++)
    if (METHOD_LETTERS[letters.charAt(i).toUpperCase()] === msg.method) return true
  return false
}

/** INFO has a question of its own, and no letter. */
const METHODS = [...Object.values(METHOD_LETTERS), 'INFO']

const methodQuestions: Rows = Object.fromEntries(
  METHODS.map(name => [`is_${name}`, yesOrNo(`Is it ${name}?`, msg => msg.method === name)]),
)

// ---- transports

/** Letters of is_proto(). */
const PROTO_LETTERS: Readonly<Record<string, number>> = {
  U: UDP,
  T: TCP,
  E: TLS,
  S: SCTP,
  V: WS,
  W: WSS,
}

function isProto(_self: Self, msg: SipMessage, letters: string): boolean {
  for (let i = 0; i < letters.length; i++)
    if (PROTO_LETTERS[letters.charAt(i).toUpperCase()] === msg.received.proto) return true
  return false
}

const from = (name: string, ...protos: number[]): KemiFunction<Self> =>
  yesOrNo(`Did it come by ${name}?`, msg => protos.includes(msg.received.proto))

/** Only what the next hop that was set ($du) says: nothing is resolved. */
const nextHop = (msg: SipMessage): SipUri | null =>
  msg.dstUri === '' ? null : parseUri(msg.dstUri)

const toProto = (name: string, ...protos: number[]): KemiFunction<Self> =>
  yesOrNo(`Does the next hop that was set name ${name} as its transport?`, msg => {
    const uri = nextHop(msg)
    return uri !== null && protos.includes(uri.transport)
  })

const toFamily = (name: string, family: number): KemiFunction<Self> =>
  yesOrNo(
    `Is the host of the next hop that was set an ${name} address?`,
    msg => familyOf(nextHop(msg)?.host ?? '') === family,
  )

// ---- ourselves

const ours = (what: string, uriOf: (msg: SipMessage) => string): KemiFunction<Self> =>
  yesOrNo(`Is ${what} ours?`, (msg, self) => isOurUri(self.core.sockets, uriOf(msg)))

const source = ({ received }: SipMessage): string =>
  `sip:${inBrackets(received.srcIp)}:${received.srcPort}`

export const questions: Rows = {
  is_method: kemiFn({
    doc: 'Is the method one of these? INVITE|BYE',
    args: [literal('methods', parseMethods)],
    returns: 'bool',
    run: (_self: Self, msg, methods) => isOneOf(msg, methods),
  }),
  is_method_in: kemiFn({
    doc: 'Is the method one of these letters? I INVITE, A ACK, C CANCEL, B BYE, R REGISTER ...',
    args: [text('letters')],
    returns: 'bool',
    run: isMethodIn,
  }),
  ...methodQuestions,
  is_proto: kemiFn({
    doc: 'Did it come by one of these? U UDP, T TCP, E TLS, S SCTP, V WS, W WSS',
    args: [text('letters')],
    returns: 'bool',
    run: isProto,
  }),
  is_UDP: from('UDP', UDP),
  is_TCP: from('TCP', TCP),
  is_TLS: from('TLS', TLS),
  is_SCTP: from('SCTP', SCTP),
  is_WS: from('WebSocket', WS),
  is_WSS: from('secure WebSocket', WSS),
  is_WSX: from('WebSocket, secure or not', WS, WSS),
  is_IPv4: yesOrNo('Did it come by IPv4?', msg => !msg.received.srcIp.includes(':')),
  is_IPv6: yesOrNo('Did it come by IPv6?', msg => msg.received.srcIp.includes(':')),
  is_src_port: kemiFn({
    doc: 'Did it come from this port?',
    args: [int('port')],
    returns: 'bool',
    run: (_self: Self, msg, port) => msg.received.srcPort === port,
  }),
  is_dst_port: kemiFn({
    doc: 'Did it arrive at this port?',
    args: [int('port')],
    returns: 'bool',
    run: (_self: Self, msg, port) => msg.received.dstPort === port,
  }),
  to_UDP: toProto('UDP', UDP),
  to_TCP: toProto('TCP', TCP),
  to_TLS: toProto('TLS', TLS),
  to_SCTP: toProto('SCTP', SCTP),
  to_WS: toProto('WebSocket', WS),
  to_WSS: toProto('secure WebSocket', WSS),
  to_WSX: toProto('WebSocket, secure or not', WS, WSS),
  to_IPv4: toFamily('IPv4', AF_INET),
  to_IPv6: toFamily('IPv6', AF_INET6),
  is_myself: kemiFn({
    doc: 'Is this URI or host ours?',
    args: [text('uri')],
    returns: 'bool',
    run: (self: Self, _msg, name) => namesUs(self.core.sockets, name),
  }),
  is_myself_ruri: ours('the request URI', msg => msg.uri),
  is_myself_duri: ours('the next hop that was set', msg => msg.dstUri),
  is_myself_nhuri: ours('the next hop, set or of the request URI,', msg =>
    msg.dstUri === '' ? msg.uri : msg.dstUri,
  ),
  is_myself_furi: ours('the URI of From', msg => msg.from?.uri ?? ''),
  is_myself_turi: ours('the URI of To', msg => msg.to?.uri ?? ''),
  is_myself_suri: ours('the address and port that it came from', source),
  is_myself_srcip: yesOrNo('Is the address that it came from one of ours?', (msg, self) =>
    self.core.sockets.isMyself(msg.received.srcIp, 0, 0),
  ),
}
