/**
 * What other modules may ask of tm: transactions, their events, replies and requests of our own.
 */
import { api, type RouteBlock, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Destination, SocketInfo } from '../../sip/transport.ts'

// ---- events of a transaction, as bits (Kamailio's TMCB_ names without the prefix)
/** A request made a new transaction (only through `onRequestIn`). */
export const REQUEST_IN = 1 << 0
/** A reply arrived on a branch, before anything was done with it. */
export const RESPONSE_IN = 1 << 1
/** The ACK to a 2xx passed through: `request` is the ACK. */
export const E2E_ACK_IN = 1 << 2
/** A branch is about to be sent; edits made now go out with it. */
export const REQUEST_FWDED = 1 << 4
/** A reply is about to be relayed; edits made to it now go out with it. */
export const RESPONSE_FWDED = 1 << 5
/** All branches failed, before the failure route; the route cannot be changed here. */
export const ON_FAILURE_RO = 1 << 6
/** All branches failed, before the failure route; branches may be added. */
export const ON_FAILURE = 1 << 7
/** A branch was sent (not for retransmissions). */
export const REQUEST_OUT = 1 << 8
/** A reply was sent upstream: relayed (`reply` is it) or our own (`reply` is null). */
export const RESPONSE_OUT = 1 << 9
/** A request of our own has its final reply; `reply` is null when it timed out. */
export const LOCAL_COMPLETED = 1 << 10
/** A reply of our own was built; it comes before RESPONSE_OUT. */
export const LOCAL_RESPONSE_OUT = 1 << 11
/** The ACK to a negative final reply arrived. */
export const ACK_NEG_IN = 1 << 12
/** The request was retransmitted to us. */
export const REQ_RETR_IN = 1 << 13
/** A provisional reply to a request of our own. */
export const LOCAL_RESPONSE_IN = 1 << 14
/** A request of our own starts (only through `onLocalRequest`). */
export const LOCAL_REQUEST_IN = 1 << 15
/** The transaction is about to be forgotten. */
export const DESTROY = 1 << 17
/** A CANCEL for this INVITE arrived: `request` is the CANCEL. */
export const E2E_CANCEL_IN = 1 << 18
/** A reply upstream was chosen and is about to be built. */
export const RESPONSE_READY = 1 << 20
/** One branch failed, before the branch-failure event route. */
export const ON_BRANCH_FAILURE = 1 << 24

/**
 * Called at an event. `request` is the transaction's request (or the ACK or CANCEL that the event
 * is about), `reply` the reply it is about or null when there is no message behind `code` (made
 * here, or a timeout).
 */
export type TransactionCallback = (
  event: number,
  transaction: TransactionView,
  request: SipMessage | null,
  reply: SipMessage | null,
  code: number,
) => void

/** One branch of a transaction as others may read it. */
export interface BranchView {
  readonly index: number
  readonly uri: string
  readonly dstUri: string
  readonly path: string
  readonly flags: number
  readonly instance: string
  readonly ruid: string
  readonly destination: Destination
  /** The last status received on it, 0 before the first; a timeout counts as 408. */
  readonly status: number
  readonly reply: SipMessage | null
}

export interface TransactionView {
  /** With `label`, the identifier of a transaction: $T(id_index), $T(id_label). */
  readonly hashIndex: number
  readonly label: number
  readonly method: string
  readonly isInvite: boolean
  /** A request of our own (`TmApi.request`). */
  readonly isLocal: boolean
  /**
   * The request as received, with what the script decided about it; null for a request of our own.
   */
  readonly request: SipMessage | null
  /** The last status sent upstream, 0 before the first. */
  readonly status: number
  /** The To tag of our own replies to it, '' before the first that has one. */
  readonly localTag: string
  readonly branches: readonly BranchView[]
  /** The first branch of the newest leg of serial forking. */
  readonly legStart: number
  /** The branch whose reply is being relayed or dealt with, -1 when there is none. */
  readonly pickedBranch: number
  readonly isCanceled: boolean
  /** The status that a failure route is about, 0 outside. */
  readonly failureCode: number
  /** The reply that a reply or failure route is about; null when it was made here, or outside. */
  readonly currentReply: SipMessage | null
  /** Wall clock at which it began, milliseconds. */
  readonly startedAt: number
  /** Asks to be told of these events (bits) until the transaction ends. */
  addCallback(events: number, callback: TransactionCallback): void
}

/** A request of our own. Texts are byte strings; header bodies come without their names. */
export interface ClientRequest {
  method: string
  uri: string
  /** `<sip:a@b>` or with a display name, without a tag. */
  from: string
  to: string
  /** '' makes a new tag. */
  fromTag?: string
  toTag?: string
  /** '' or absent makes a new one. */
  callId?: string
  cseq?: number
  /** Bodies of Route headers, in order; the first loose one is the next hop. */
  routes?: readonly string[]
  /** Where it is sent, a SIP URI; absent: the first route, else the request URI. */
  nextHop?: string
  socket?: SocketInfo | null
  /** Whole header lines with their line ends (Contact, Content-Type ...). */
  headers?: string
  body?: string
  /** The caller sends the ACK to a 2xx itself. */
  noAck?: boolean
  /** Bits of LOCAL_COMPLETED, LOCAL_RESPONSE_IN, DESTROY ... for `callback`. */
  events?: number
  callback?: TransactionCallback
}

export interface TmCounters {
  created: number
  freed: number
  /** Transactions that wait for late messages only. */
  waiting: number
  /** Transactions in memory. */
  current: number
  /** Server transactions ever made; `createdLocal` are our own requests. */
  total: number
  totalLocal: number
  replyReceived: number
  replyGenerated: number
  replySent: number
  /** By the class of the final reply: index 2 to 6. */
  completed: number[]
}

export interface TmApi {
  readonly counters: TmCounters
  /** Calls back for every new transaction made from a request (TMCB_REQUEST_IN). */
  onRequestIn(callback: TransactionCallback): void
  /** Calls back for every request of our own that starts (TMCB_LOCAL_REQUEST_IN). */
  onLocalRequest(callback: TransactionCallback): void
  /** The transaction of a message, or the one that it belongs to; null when there is none. */
  transactionOf(msg: SipMessage): TransactionView | null
  find(hashIndex: number, label: number): TransactionView | null
  /**
   * Makes the transaction of a request (t_newtran): 1 made, 0 a retransmission that was dealt with,
   * -1 impossible.
   */
  newTransaction(msg: SipMessage): Verdict
  /**
   * Answers the request of a message through its transaction, which it makes if need be (t_reply).
   */
  reply(msg: SipMessage, code: number, reason: string): Verdict
  /**
   * Answers a transaction from outside any script; `headers` are whole lines. False when it was
   * answered before.
   */
  replyTo(
    transaction: TransactionView,
    code: number,
    reason: string,
    toTag?: string,
    headers?: string,
    body?: string,
  ): boolean
  /** Sends the request on to its request URI and branches (t_relay). */
  relay(msg: SipMessage): Verdict
  /** Starts a request of our own; null when it cannot be sent (no transport, bad URI). */
  request(request: ClientRequest): TransactionView | null
  /**
   * Cancels all pending branches of an INVITE: how many. `reason` is a whole header line or empty.
   */
  cancel(transaction: TransactionView, reason?: string): number
  /** Answers later: the transaction ends without anything sent, with this status (tmx t_drop). */
  drop(transaction: TransactionView, code: number): void
  /** The INVITE of a CANCEL, or of another request of its call; null when there is none. */
  inviteOf(msg: SipMessage): TransactionView | null
  /**
   * The first server transaction of a call that is pending or waits: by Call-ID and CSeq number.
   */
  findCall(callId: string, cseq: string, invite: boolean): TransactionView | null
  /** Cancels one branch of an INVITE; false when there was nothing to cancel. */
  cancelBranch(transaction: TransactionView, index: number, reason: string): boolean
  /** Sets a request aside (t_suspend): its transaction is made if need be, fr_timer runs. */
  suspend(msg: SipMessage): Verdict
  /**
   * Goes on with it in a route, as in a failure route; false when there is nothing to go on with.
   */
  resume(hashIndex: number, label: number, block: RouteBlock): boolean
  /** Notes the flags of a request for failure routes (t_flush_flags). */
  keepFlags(msg: SipMessage): void
  /** The To tag of our replies to the request of this message. */
  localTag(msg: SipMessage): string
  /** What went wrong last while this message was processed: Kamailio's ser_error, 0 for nothing. */
  errorOf(msg: SipMessage): number
}

export const tm = api<TmApi>('tm')
