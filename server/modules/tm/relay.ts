/**
 * t_relay and its kin: making the transaction if need be, then forwarding (RFC 3261 section 16).
 */
import { E_BAD_ADDRESS, E_SCRIPT, E_SEND, E_UNSPEC } from '../../core/errors.ts'
import { targetHost, viaLine } from '../../core/forward.ts'
import { type Verdict } from '../../core/module/index.ts'
import { BRANCH_FAILURE_ROUTE, FAILURE_ROUTE, TM_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import type { Resolved } from '../../core/network.ts'
import { destinationOf, runOnsend } from '../../core/outgoing.ts'
import { familyOf, withoutBrackets } from '../../lib/ip.ts'
import { MAGIC_COOKIE } from '../../sip/header/via.ts'
import { ACK, CANCEL } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { printRequest } from '../../sip/print.ts'
import { hashText, hex32 } from '../../sip/reply-tag.ts'
import type { Destination } from '../../sip/transport.ts'
import { defaultPort, parseUri, uriTransport } from '../../sip/uri.ts'
import { answer, answerError, sendTrying } from './answer.ts'
import { relayCancel } from './cancel-in.ts'
import { forward, type NextHop } from './forward.ts'
import { ACK_ABSORBED, newTransaction, receiveAck } from './server.ts'
import type { Tm } from './tm.ts'
import {
  CANCELED,
  DISABLE_FAILOVER,
  DISABLE_INTERNAL_REPLY,
  ERROR_DELAYED,
  PROCEEDING,
  type Transaction,
} from './transaction.ts'

// ---- flags of t_relay_to
const NO_TRYING = 1
const NO_ERROR_REPLY = 2
const NO_FAILOVER = 4

/**
 * Relays a request: 1 done, 0 a retransmission that was absorbed, else the negative error number.
 * After an error the reply that tells of it is sent when the script has ended, unless the script
 * answers itself.
 */
export function relay(tm: Tm, msg: SipMessage, hop: NextHop, flags: number): Verdict {
  const inFailure = (msg.routeType & (FAILURE_ROUTE | BRANCH_FAILURE_ROUTE)) !== 0
  if (inFailure) return relayAgain(tm, msg, hop)
  if ((msg.routeType & TM_ONREPLY_ROUTE) !== 0) return -1
  if (msg.methodBit === ACK) return relayAck(tm, msg, hop)
  let made = true
  let t = tm.current(msg)
  if (msg.methodBit === CANCEL && t === null)
    return relayCancel(tm, msg, () => forwardFirst(tm, msg, tm.current(msg)!, hop, flags))
  if (t === null) {
    const result = newTransaction(tm, msg)
    if (result <= 0 && result !== E_SCRIPT) return result
    t = msg.transaction as Transaction
  } else made = false
  // Refused when it was made (accounting that cannot keep its records).
  if (made && t.status >= 200) return 0
  // A transaction that is over lets go of its request, of which copies may still be sent.
  const isIts = t.request === msg || (t.request === null && hop.replicate)
  if (made || isIts) return forwardFirst(tm, msg, t, hop, flags)
  return -1
}

function forwardFirst(
  tm: Tm,
  msg: SipMessage,
  t: Transaction,
  hop: NextHop,
  flags: number,
): Verdict {
  // RFC 3261 section 9.2: its CANCEL came first.
  if ((t.flags & CANCELED) !== 0 && t.branches.length === 0 && t.isInvite) {
    answer(tm, t, 487, 'Request Terminated', '', null)
    return 1
  }
  // RFC 3261 section 17.2.1: 100 within 200 ms, before the next hop is even looked up.
  if ((flags & NO_TRYING) === 0 && !hop.replicate) sendTrying(tm, t)
  if ((flags & NO_FAILOVER) !== 0) t.flags |= DISABLE_FAILOVER
  const result = forward(tm, t, msg, hop)
  if (result >= 0) return result
  t.lastError = result
  if (hop.replicate) return result
  const quiet = (flags & NO_ERROR_REPLY) !== 0 || (t.flags & DISABLE_INTERNAL_REPLY) !== 0
  if (quiet) return E_BAD_ADDRESS
  t.flags |= ERROR_DELAYED
  // The caller hears 477; the script, as in Kamailio, only that it failed.
  return result === E_SEND ? E_UNSPEC : result
}

/** From a failure route: further branches of the same transaction. */
function relayAgain(tm: Tm, msg: SipMessage, hop: NextHop): Verdict {
  const t = tm.current(msg)
  if (t === null) return -1
  const result = forward(tm, t, msg, hop)
  if (result >= 0) return result
  tm.core.log.error('tm', 't_forward_noack failed')
  t.lastError = result
  return -1
}

/** After the script: the error reply that it owes. */
export function settleError(tm: Tm, msg: SipMessage): void {
  const t = msg.transaction as Transaction | null
  if (t === null || (t.flags & ERROR_DELAYED) === 0) return
  t.flags &= ~ERROR_DELAYED
  // Another t_relay() of the same script has sent it somewhere.
  if (t.state === PROCEEDING && t.branches.length === 0) answerError(tm, t, t.lastError)
}

/**
 * An ACK: absorbed when it ends a reply of ours, else sent on as it is (RFC 3261 section 16.11:
 * without state).
 */
function relayAck(tm: Tm, msg: SipMessage, hop: NextHop): Verdict {
  if (receiveAck(tm, msg, true) === ACK_ABSORBED) return 0
  const uri = parseUri(msg.dstUri === '' ? msg.uri : msg.dstUri)
  if (uri === null && hop.host === '') return E_UNSPEC
  const host = hop.host === '' ? targetHost(uri!) : hop.host
  const port = hop.host === '' ? uri!.portNumber : hop.port
  const scheme = uri === null ? 'sip' : uri.scheme
  const named = hop.proto !== 0 ? hop.proto : hop.host === '' ? 0 : msg.received.proto
  if (familyOf(host) !== 0) {
    const proto = named !== 0 ? named : uriTransport(uri!)
    return sendAck(tm, msg, proto, withoutBrackets(host), port || defaultPort(proto, scheme))
  }
  let result: Verdict = 1
  const sendTo = (to: Resolved | null): void => {
    result =
      to === null
        ? E_BAD_ADDRESS
        : sendAck(tm, msg, to.proto, to.ip, to.port || defaultPort(to.proto, scheme))
    // RFC 3263 section 4.3, as far as it goes without state: what cannot be sent goes elsewhere.
    if (result === E_SEND && to?.more) to.more.next(sendTo)
  }
  tm.core.network.resolve(host, port, named || (uri?.transport ?? 0), scheme === 'sips', sendTo)
  return result
}

function sendAck(tm: Tm, msg: SipMessage, proto: number, ip: string, port: number): Verdict {
  const to = destinationOf(tm.core, msg, proto, ip, port)
  if (to === null) return E_SEND
  const via = viaLine(to.socket!, ackBranch(msg), msg)
  const route = msg.path === '' ? '' : `Route: ${msg.path}\r\n`
  const text = printRequest(msg, msg.uri, via, route, to.socket!)
  const passed = runOnsend(tm.core, msg, text, to)
  if (typeof passed === 'boolean') return !passed || hand(tm, text, to) ? 1 : E_SEND
  void passed.then(sent => {
    if (sent) hand(tm, text, to)
  })
  return 1
}

function hand(tm: Tm, text: string, to: Destination): boolean {
  if (!tm.core.network.send(text, to)) return false
  tm.forwarded.value++
  return true
}

/**
 * RFC 3261 section 16.11: made from the received request alone, so that a retransmission gets the
 * same one.
 */
function ackBranch(msg: SipMessage): string {
  const via = msg.via!
  const first = hashText(hashText(via.port, via.branch), via.host)
  const second = hashText(hashText(first ^ 0x5bd1e995, msg.callId), msg.cseq!.text)
  return `${MAGIC_COOKIE}${hex32(first)}${hex32(second)}.0`
}
