/** What the transactions tell the blocklist, and what they ask it (use_dst_blocklist). */
import {
  ERROR_CONNECT,
  ERROR_ICMP,
  ERROR_SEND,
  ERROR_TIMEOUT,
  REPLIED_503,
} from '../../net/blocklist.ts'
import { H_RETRY_AFTER } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type Destination, UDP } from '../../sip/transport.ts'
import type { Tm } from './tm.ts'
import { type ClientBranch, REPLIED, type Transaction } from './transaction.ts'

/** Must nothing be sent there? blst_methods_lookup says of which methods that is asked. */
export function isBlocked(tm: Tm, t: Transaction, to: Destination): boolean {
  if (tm.core.blocklist.reasons(to.proto, to.ip, to.port) === 0) return false
  return (t.methodBit & tm.config.blst_methods_lookup) !== 0
}

/** It could not be handed to the transport; with datagrams that says nothing of the peer. */
export function blockUnsendable(tm: Tm, t: Transaction, to: Destination): void {
  if (to.proto !== UDP && to.ip !== '')
    tm.core.blocklist.noteError(ERROR_SEND, to.proto, to.ip, to.port, t.request)
}

/** No connection could be made, or it broke before everything was sent. */
export function blockUnreachable(tm: Tm, t: Transaction, to: Destination): void {
  const { blocklist } = tm.core
  blocklist.noteError(ERROR_SEND | ERROR_CONNECT, to.proto, to.ip, to.port, t.request)
}

/** It came back as undeliverable. */
export function blockReturned(tm: Tm, t: Transaction, to: Destination): void {
  tm.core.blocklist.noteError(ERROR_ICMP, to.proto, to.ip, to.port, t.request)
}

/** No reply at all in time; blst_methods_add says for which methods that counts. */
export function blockSilent(tm: Tm, branch: ClientBranch): void {
  const t = branch.transaction
  const { proto, ip, port } = branch.destination
  if ((branch.flags2 & REPLIED) !== 0 || ip === '') return
  if (t.request === null || (t.methodBit & tm.config.blst_methods_add) === 0) return
  tm.core.blocklist.noteError(ERROR_TIMEOUT, proto, ip, port, t.request)
}

/** A 503 blocks its sender for the time that Retry-After says (blst_503). */
export function block503(tm: Tm, t: Transaction, reply: SipMessage): void {
  const { config, core } = tm
  if (config.blst_503 === 0 || !core.blocklist.enabled) return
  const { blst_503_def_timeout, blst_503_min_timeout, blst_503_max_timeout } = config
  const told = Number.parseInt(reply.header(H_RETRY_AFTER) ?? '', 10)
  const seconds = Number.isNaN(told)
    ? blst_503_def_timeout
    : Math.min(Math.max(told, blst_503_min_timeout), blst_503_max_timeout)
  const { proto, srcIp, srcPort } = reply.received
  const cause = t.request
  if (seconds > 0) core.blocklist.noteError(REPLIED_503, proto, srcIp, srcPort, cause, seconds)
}
