/** The header fields of session timers (RFC 4028), as a message has them. */
import { H_SUPPORTED } from '../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'

const SECONDS = /^\s*(\d{1,9})\s*(?:;|$)/

function secondsOf(msg: SipMessage, index: number): number | null {
  const found = index < 0 ? null : SECONDS.exec(msg.bodyAt(index))
  return found === null ? null : Number(found[1])
}

/** The seconds of Session-Expires, in either of its names; null when there are none. */
export function sessionExpires(msg: SipMessage): number | null {
  const index = msg.findNamed('session-expires')
  return secondsOf(msg, index < 0 ? msg.findNamed('x') : index)
}

/** The seconds of Min-SE; null when there are none. */
export const minimumSession = (msg: SipMessage): number | null =>
  secondsOf(msg, msg.findNamed('min-se'))

/** Has Supported the option `timer`? */
export function supportsTimer(msg: SipMessage): boolean {
  for (let i = msg.find(H_SUPPORTED); i >= 0; i = msg.find(H_SUPPORTED, i + STRIDE)) {
    if (
      msg
        .bodyAt(i)
        .split(',')
        .some(option => option.trim().toLowerCase() === 'timer')
    )
      return true
  }
  return false
}
