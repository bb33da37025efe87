/** The session timer of one dialog: what was asked, what was agreed, and what became of it. */
import { Edit } from '../../sip/edit.ts'
import { INVITE, UPDATE } from '../../sip/method.ts'
import { NEXT, type SipMessage, START } from '../../sip/message.ts'
import {
  type Dialog,
  type DialogEvent,
  EXPIRED,
  REQUEST_WITHIN,
  RESPONSE_FORWARDED,
  RESPONSE_WITHIN,
} from '../dialog/api.ts'
import { refuseCall } from './check.ts'
import { minimumSession, sessionExpires, supportsTimer } from './session-headers.ts'
import type { SessionTimers } from './sst.ts'

export const SESSION_EVENTS = REQUEST_WITHIN | RESPONSE_FORWARDED | RESPONSE_WITHIN | EXPIRED

const addLine = (msg: SipMessage, line: string): void =>
  msg.addEdit(new Edit(msg.headersEnd, 0, `${line}\r\n`))

/** An INVITE begins a dialog that is to have a timer. */
export function beginTimer(self: SessionTimers, dialog: Dialog, request: SipMessage): void {
  const least = self.config.min_se
  const given = sessionExpires(request)
  const can = supportsTimer(request)
  let asked = given ?? 0
  if (given === null) {
    asked = raisedMinimum(request, least)
    addLine(request, `Session-Expires: ${asked}`)
  } else if (given < least) {
    if (can && self.config.reject_to_small !== 0) {
      refuseCall(self, request)
      return
    }
    // RFC 4028 section 8.1: for a caller without timers the proxy raises the least interval.
    if (!can) addLine(request, `Min-SE: ${least}`)
    asked = least
  }
  self.tell(request, asked)
  self.follow(dialog, new SessionTimer(dialog, can, asked))
}

/** The larger of both minima; RFC 4028 section 8.1: a proxy may increase Min-SE, not lower it. */
function raisedMinimum(request: SipMessage, least: number): number {
  const minimum = minimumSession(request)
  if (minimum === null || minimum >= least) return minimum ?? least
  const index = request.findNamed('min-se')
  const start = request.headers[index + START]!
  request.addEdit(new Edit(start, request.headers[index + NEXT]! - start, ''))
  addLine(request, `Min-SE: ${least}`)
  return least
}

export class SessionTimer {
  private readonly dialog: Dialog
  private readonly callerCan: boolean
  /** Seconds that the INVITE asked for when it left us. */
  private readonly asked: number
  /** How long the dialog may last without a timer. */
  private readonly untimed: number
  /** Seconds that were agreed on; 0: nothing. */
  private agreed = 0

  constructor(dialog: Dialog, callerCan: boolean, asked: number) {
    this.dialog = dialog
    this.callerCan = callerCan
    this.asked = asked
    this.untimed = dialog.lifetime
  }

  take(self: SessionTimers, { event, request, reply }: DialogEvent): void {
    if (event === EXPIRED) {
      if (this.agreed > 0) self.expired.value++
    } else if (event === REQUEST_WITHIN) {
      if (request !== null && refreshes(request)) self.tell(request, sessionExpires(request) ?? 0)
    } else if (reply !== null && reply.status >= 200 && reply.status < 300) {
      if (event === RESPONSE_FORWARDED) this.onAnswer(self, reply, this.callerCan ? this.asked : 0)
      else if (refreshes(reply) && request !== null) {
        const asked = supportsTimer(request) ? sessionExpires(request) : null
        this.onAnswer(self, reply, asked ?? 0)
      }
    }
  }

  /** A 2xx; `asked` is 0 when the side that asked knows no timers or wants none. */
  private onAnswer(self: SessionTimers, reply: SipMessage, asked: number): void {
    let seconds = sessionExpires(reply)
    if (seconds === null && asked > 0) {
      // RFC 4028 section 8.2: the proxy MUST insert a Session-Expires header field into the
      // response; it MUST set the refresher parameter to uac, and add timer to Require.
      seconds = asked
      addLine(reply, `Session-Expires: ${seconds};refresher=uac`)
      addLine(reply, 'Require: timer')
    }
    this.agree(self, seconds ?? 0)
  }

  /** RFC 4028 section 8.2: a 2xx without Session-Expires says that there is no expiration. */
  private agree(self: SessionTimers, seconds: number): void {
    if (seconds === 0 && this.agreed === 0) return
    this.agreed = seconds
    self.dialogs.setLifetime(this.dialog, seconds === 0 ? this.untimed : seconds)
  }
}

const refreshes = (msg: SipMessage): boolean => (msg.methodBit & (INVITE | UPDATE)) !== 0
