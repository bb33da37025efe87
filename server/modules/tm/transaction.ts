/**
 * A transaction and its branches: plain records. What happens to them is in the files named after
 * what happens.
 */
import type { RouteBlock } from '../../core/module/index.ts'
import type { Places } from '../../core/network.ts'
import { Timer } from '../../lib/wheel.ts'
import { INVITE } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Edit } from '../../sip/edit.ts'
import type { Destination, SocketInfo } from '../../sip/transport.ts'
import type { Scheme } from '../../sip/uri.ts'
import type { BranchView, TransactionCallback, TransactionView } from './api.ts'

// ---- states
/**
 * Only a place for settings that the script makes before the transaction exists; not in the table.
 */
export const DRAFT = 0
/** No final reply went upstream yet (Trying and Proceeding of RFC 3261 section 17.2). */
export const PROCEEDING = 1
/** A final reply to an INVITE waits for its ACK (Completed). */
export const COMPLETED = 2
/**
 * Only absorbs what comes late (Accepted, Confirmed, or Completed of a non-INVITE), until wt_timer.
 */
export const WAITING = 3
export const ENDED = 4

// ---- Transaction.flags
export const CANCELED = 1
export const AUTO_INV_100 = 2
export const DISABLE_6XX = 4
/** A 6xx came: no more branches (RFC 3261 section 16.7 step 5). */
export const BLOCKED_6XX = 8
export const DISABLE_FAILOVER = 16
export const DISABLE_INTERNAL_REPLY = 32
export const NO_E2E_CANCEL_REASON = 64
export const UAC_HEADERS = 128
/** The script must still be answered for with an error when it has ended. */
export const ERROR_DELAYED = 256
/** The script did something with it: relayed, replied, released. */
export const HANDLED = 512
/** The 100 was sent. */
export const TRYING_SENT = 1024
/** No ACK to a 2xx of our own INVITE: its maker sends it. */
export const NO_AUTO_ACK = 2048
/** A failure route waits for something: nothing goes upstream before it has ended. */
export const FAILING = 4096

// ---- Branch.flags2
/** Its final status was made here: a timeout or a transport error. */
export const FAKED = 1
/** A reply really arrived. */
export const REPLIED = 2
/** A copy for somebody else (t_replicate): its replies go nowhere. */
export const REPLICA = 4
/** Left out of the choice of the best reply (t_drop_replies, failure_reply_mode). */
export const DROPPED = 8
/** To be cancelled as soon as a provisional reply allows it. */
export const CANCEL_WANTED = 16
/** A 2xx of this branch was relayed. */
export const RELAYED_2XX = 32
/** No branch at all: it stands for a request that was set aside (t_suspend). */
export const SUSPENDED = 128
/** More than one reply arrived. */
export const REPLIED_TWICE = 64
/** Its reply was set aside by the script (t_suspend), and waits for t_continue. */
export const REPLY_SUSPENDED = 256

/** What timers call: one object for all transactions, so that no timer needs a closure. */
export interface TimerOwner {
  retransmitRequest(branch: ClientBranch): void
  branchTimeout(branch: ClientBranch): void
  retransmitCancel(branch: ClientBranch): void
  retransmitReply(transaction: Transaction): void
  transactionTimeout(transaction: Transaction): void
}

export class BranchTimer extends Timer {
  readonly branch: ClientBranch
  constructor(fire: () => void, branch: ClientBranch) {
    super(fire)
    this.branch = branch
  }
}

export class TransactionTimer extends Timer {
  readonly transaction: Transaction
  constructor(fire: () => void, transaction: Transaction) {
    super(fire)
    this.transaction = transaction
  }
}

function fireRetransmit(this: BranchTimer): void {
  this.branch.transaction.owner.retransmitRequest(this.branch)
}
function fireBranchTimeout(this: BranchTimer): void {
  this.branch.transaction.owner.branchTimeout(this.branch)
}
function fireCancel(this: BranchTimer): void {
  this.branch.transaction.owner.retransmitCancel(this.branch)
}
function fireReply(this: TransactionTimer): void {
  this.transaction.owner.retransmitReply(this.transaction)
}
function fireTransaction(this: TransactionTimer): void {
  this.transaction.owner.transactionTimeout(this.transaction)
}

/** The CANCEL sent on one branch: a client transaction of its own (RFC 3261 section 9.1). */
export class LocalCancel {
  text: string
  interval: number
  /** Milliseconds of retransmission that are left. */
  left: number
  readonly timer: BranchTimer

  constructor(branch: ClientBranch, text: string, interval: number, left: number) {
    this.text = text
    this.interval = interval
    this.left = left
    this.timer = new BranchTimer(fireCancel, branch)
  }
}

/** Where a branch goes when its place fails (RFC 3263 section 4.3), and with what. */
export interface Failover {
  readonly places: Places
  readonly scheme: Scheme
  /** The socket that the script wants to send from. */
  readonly socket: SocketInfo | null
  /** Runs for the new branch when the request is written anew (reparse_on_dns_failover 0). */
  readonly onBranch: RouteBlock | null
}

/** One client transaction (RFC 3261 section 17.1) with what was chosen for it. */
export class ClientBranch implements BranchView {
  readonly transaction: Transaction
  readonly index: number
  uri: string
  dstUri: string
  path: string
  flags: number
  instance: string
  ruid: string
  userAgent: string
  destination: Destination
  /** null: it has one place to go, or has tried them all. */
  failover: Failover | null
  /** The edits to print it with, while its next hop is being looked up. */
  edits: Edit[] | null
  /** The request as sent; '' when it will not be needed again. */
  sent: string
  /** The ACK to a negative final reply, for its retransmissions. */
  ack: string
  status: number
  reply: SipMessage | null
  /** The reply whose route waits for something, or that was set aside; null for none. */
  heldReply: SipMessage | null
  flags2: number
  /** Why it could not be sent (server/core/errors.ts); 0 when it was. */
  error: number
  /** The Reason header lines of a CANCEL that waits for a provisional reply. */
  cancelReason: string
  cancel: LocalCancel | null
  interval: number
  /** Timer A or E. */
  readonly retransmit: BranchTimer
  /** Timer B, C or F. */
  readonly final: BranchTimer

  constructor(transaction: Transaction, index: number, uri: string, destination: Destination) {
    this.transaction = transaction
    this.index = index
    this.uri = uri
    this.dstUri = ''
    this.path = ''
    this.flags = 0
    this.instance = ''
    this.ruid = ''
    this.userAgent = ''
    this.destination = destination
    this.failover = null
    this.edits = null
    this.sent = ''
    this.ack = ''
    this.status = 0
    this.reply = null
    this.heldReply = null
    this.flags2 = 0
    this.error = 0
    this.cancelReason = ''
    this.cancel = null
    this.interval = 0
    this.retransmit = new BranchTimer(fireRetransmit, this)
    this.final = new BranchTimer(fireBranchTimeout, this)
  }
}

interface Listener {
  readonly events: number
  readonly callback: TransactionCallback
}

/** No branch is picked. */
export const NO_BRANCH = -1

export class Transaction implements TransactionView {
  readonly owner: TimerOwner
  // ---- the table
  previous: Transaction | null
  next: Transaction | null
  hashIndex: number
  label: number
  /**
   * Hashes that tell transactions apart: Call-ID and CSeq number, then top Via (RFC 3261 section
   * 17.2.3).
   */
  callHash: number
  viaHash1: number
  viaHash2: number
  fromHash: number
  state: number
  flags: number
  // ---- the request
  readonly method: string
  readonly methodBit: number
  readonly isInvite: boolean
  readonly isLocal: boolean
  request: SipMessage | null
  startedAt: number
  /** Monotonic time at which max_inv_lifetime or max_noninv_lifetime is over. */
  endOfLife: number
  // ---- upstream
  status: number
  /** Where replies go. */
  destination: Destination | null
  /** The last reply sent, for retransmissions of the request. */
  response: string
  /** The tag of our own replies to it, '' before the first. */
  localTag: string
  replyInterval: number
  /** Timer G; made when the first negative reply to an INVITE needs it. */
  replyTimer: TransactionTimer | null
  /** Timer H, then wt_timer. */
  readonly timer: TransactionTimer
  // ---- downstream
  branches: ClientBranch[]
  /** `z9hG4bK...` up to the branch index. */
  branchPrefix: string
  /** First branch of the newest leg of serial forking. */
  legStart: number
  pickedBranch: number
  /** Status for failure and branch-failure routes, 0 outside. */
  failureCode: number
  /** The reply being processed, null for a timeout or outside. */
  currentReply: SipMessage | null
  /** The reply being processed is one that was set aside, come again. */
  repeatedReply: boolean
  /** Branches whose failure has to wait for a route that works with the request. */
  failures: ClientBranch[] | null
  // ---- what the script chose; 0 is the configured value
  onFailure: RouteBlock | null
  onBranchFailure: RouteBlock | null
  onReply: RouteBlock | null
  onBranch: RouteBlock | null
  frTimer: number
  frInvTimer: number
  retransmitT1: number
  retransmitT2: number
  inviteLifetime: number
  otherLifetime: number
  /** 0 as failure_reply_mode says, else the letter of t_drop_replies. */
  dropReplies: string
  /**
   * The URIs, flags and edits that the request had when it was relayed: what a failure route starts
   * from.
   */
  relayedUri: string | null
  relayedDstUri: string
  relayedFlags: number
  relayedEdits: number
  /** Edits up to here are for failure routes as well (t_save_lumps), -1 when relaying decides. */
  savedEdits: number
  lastError: number
  avps: object | null
  /** To tag hashes of ACKs to 2xx that passed. */
  ackTag: number
  /** The resolved events of all listeners. */
  events: number
  listeners: Listener[] | null

  constructor(owner: TimerOwner, method: string, methodBit: number, request: SipMessage | null) {
    this.owner = owner
    this.previous = null
    this.next = null
    this.hashIndex = 0
    this.label = 0
    this.callHash = 0
    this.viaHash1 = 0
    this.viaHash2 = 0
    this.fromHash = 0
    this.state = DRAFT
    this.flags = 0
    this.method = method
    this.methodBit = methodBit
    this.isInvite = methodBit === INVITE
    this.isLocal = request === null
    this.request = request
    this.startedAt = 0
    this.endOfLife = 0
    this.status = 0
    this.destination = null
    this.response = ''
    this.localTag = ''
    this.replyInterval = 0
    this.replyTimer = null
    this.timer = new TransactionTimer(fireTransaction, this)
    this.branches = []
    this.branchPrefix = ''
    this.legStart = 0
    this.pickedBranch = NO_BRANCH
    this.failureCode = 0
    this.currentReply = null
    this.repeatedReply = false
    this.failures = null
    this.onFailure = null
    this.onBranchFailure = null
    this.onReply = null
    this.onBranch = null
    this.frTimer = 0
    this.frInvTimer = 0
    this.retransmitT1 = 0
    this.retransmitT2 = 0
    this.inviteLifetime = 0
    this.otherLifetime = 0
    this.dropReplies = ''
    this.relayedUri = null
    this.relayedDstUri = ''
    this.relayedFlags = 0
    this.relayedEdits = 0
    this.savedEdits = -1
    this.lastError = 0
    this.avps = null
    this.ackTag = 0
    this.events = 0
    this.listeners = null
  }

  get isCanceled(): boolean {
    return (this.flags & CANCELED) !== 0
  }

  /** Nearly every transaction has one branch: its array is then as long as it must be. */
  setBranch(index: number, branch: ClientBranch): void {
    if (index === 0 && this.branches.length === 0) this.branches = [branch]
    else this.branches[index] = branch
  }

  addCallback(events: number, callback: TransactionCallback): void {
    this.events |= events
    const listener = { events, callback }
    if (this.listeners === null) this.listeners = [listener]
    else this.listeners.push(listener)
  }

  /**
   * Tells those who asked for this event. Callers test `events` first: most transactions have no
   * listener.
   */
  tell(event: number, request: SipMessage | null, reply: SipMessage | null, code: number): void {
    const listeners = this.listeners
    if (listeners === null) return
    for (let i = 0; i < listeners.length; i++) {
      if ((listeners[i]!.events & event) !== 0)
        listeners[i]!.callback(event, this, request, reply, code)
    }
  }

  /** The timer that sends our final reply again. */
  replyRetransmission(): TransactionTimer {
    this.replyTimer ??= new TransactionTimer(fireReply, this)
    return this.replyTimer
  }
}
