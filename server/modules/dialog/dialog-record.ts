/** One call: what is kept of it. What happens to it is in the files named after what happens. */
import { Timer } from '../../lib/wheel.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import type { TransactionView } from '../tm/api.ts'
import type { DialogCallback, DialogEvent } from './api.ts'

// ---- Dialog.dflags, as dlg.list shows them
export const FLAG_NEW = 1 << 0
export const FLAG_CHANGED = 1 << 1
/** A BYE came. */
export const FLAG_HAS_BYE = 1 << 2
export const FLAG_CALLER_BYE = 1 << 4
export const FLAG_CALLEE_BYE = 1 << 5
export const FLAG_CHANGED_VARIABLES = 1 << 7
/** Its transaction knows of it. */
export const FLAG_TRANSACTION = 1 << 9
/** Its lifetime is over. */
export const FLAG_EXPIRED = 1 << 10
/** Kamailio has one bit for this and FLAG_EXPIRED. */
export const FLAG_CHANGED_PROFILES = 1 << 10

// ---- Dialog.iflags, kept in databases
export const TIMEOUT_BYE = 1 << 0
export const KEEPALIVE_CALLER = 1 << 1
export const KEEPALIVE_CALLEE = 1 << 2
export const TIMEOUT_NO_RESET = 1 << 3
/** CSeq numbers of the two sides differ because we authenticated for one. */
export const CSEQ_DIFFERS = 1 << 4
export const PRACK_SEEN = 1 << 5

/** One side of a dialog. */
export class Leg {
  tag = ''
  /** URI of its Contact. */
  contact = ''
  /** Number of its last request, as a text; '' before the first. */
  cseq = ''
  /** Route header values towards it, separated by commas. */
  routeSet = ''
  /** Our socket towards it. */
  socket: SocketInfo | null = null
}

/** A variable of a dialog; `value` null: it was removed and a row is still to be deleted. */
export interface DialogVariable {
  value: string | null
  changed: boolean
}

/** A dialog is in a profile, under a value if the profile has values. */
export interface ProfileLink {
  readonly profile: { readonly name: string; readonly hasValue: boolean }
  readonly value: string
}

interface Listener {
  readonly events: number
  readonly callback: DialogCallback
}

export class DialogTimer extends Timer {
  readonly dialog: Dialog
  constructor(fire: () => void, dialog: Dialog) {
    super(fire)
    this.dialog = dialog
  }
}

export class Dialog {
  // ---- its name: what the Record-Route parameter carries
  readonly entry: number
  id: number
  // ---- the table
  readonly callId: string
  /** How many refer to it, as Kamailio counts. */
  ref: number
  state: number
  /** Seconds that it may last once it is answered. */
  lifetime: number
  // ---- seconds since 1970; 0: not yet
  initTime: number
  startTime: number
  endTime: number
  dflags: number
  iflags: number
  /** Flags of the script (dlg_setflag). */
  sflags: number
  /** Route that runs when its lifetime is over, '' for none. */
  timeoutRoute: string
  /** Record-Routes of the INVITE as it came in. */
  recordRoutes: number
  readonly fromUri: string
  readonly toUri: string
  requestUri: string
  /** Caller and callee. */
  readonly legs: readonly [Leg, Leg]
  /** The number of the INVITE that began it. */
  firstCSeq: string
  variables: Map<string, DialogVariable> | null
  profiles: ProfileLink[]
  /** Runs from the answer to the end. */
  readonly timer: DialogTimer
  /** When it fires, in seconds since 1970; 0 while it does not run. */
  timeout: number
  /** The one of its INVITE, until that has its final reply. */
  transaction: TransactionView | null
  // ---- keepalive requests without an answer
  callerFailures: number
  calleeFailures: number
  private listeners: Listener[] | null
  /** The events of all of them. */
  events: number

  constructor(
    entry: number,
    id: number,
    callId: string,
    fromUri: string,
    toUri: string,
    fire: (this: DialogTimer) => void,
  ) {
    this.entry = entry
    this.id = id
    this.callId = callId
    this.ref = 0
    this.state = 1
    this.lifetime = 0
    this.initTime = 0
    this.startTime = 0
    this.endTime = 0
    this.dflags = 0
    this.iflags = 0
    this.sflags = 0
    this.timeoutRoute = ''
    this.recordRoutes = 0
    this.fromUri = fromUri
    this.toUri = toUri
    this.requestUri = ''
    this.legs = [new Leg(), new Leg()]
    this.firstCSeq = ''
    this.variables = null
    this.profiles = []
    this.timer = new DialogTimer(fire, this)
    this.timeout = 0
    this.transaction = null
    this.callerFailures = 0
    this.calleeFailures = 0
    this.listeners = null
    this.events = 0
  }

  /** Asks to be told of these events (bits) of this dialog. */
  on(events: number, callback: DialogCallback): void {
    this.events |= events
    this.listeners ??= []
    this.listeners.push({ events, callback })
  }

  /** Tells those who asked. Callers test `events` first: most dialogs have no listener. */
  tell(event: DialogEvent): void {
    const { listeners } = this
    if (listeners === null) return
    for (let i = 0; i < listeners.length; i++)
      if ((listeners[i]!.events & event.event) !== 0) listeners[i]!.callback(this, event)
  }
}
