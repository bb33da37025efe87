/** Challenges, and the functions that send them. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ACK, CANCEL, REGISTER } from '../../sip/method.ts'
import type { CredentialsHeader } from './api.ts'
import type { Auth } from './auth.ts'
import { isMissing } from '../../core/filled-argument.ts'

// ---- bits of `flags`
const QOP_AUTH = 1
const QOP_AUTH_INT = 2
const SAY_STALE = 16

const SEND_FAILED = -3
const SEND_ERROR_FAILED = -4

/** Which quality of protection a challenge offers. */
export type Qop = '' | 'auth' | 'auth-int'

const qopOf = (flags: number): Qop =>
  (flags & QOP_AUTH_INT) !== 0 ? 'auth-int' : (flags & QOP_AUTH) !== 0 ? 'auth' : ''

/** The whole header line of a challenge (RFC 7616 section 3.3). `realm` as realmOf gives it. */
export function challengeLine(
  self: Auth,
  msg: SipMessage,
  realm: string,
  header: CredentialsHeader,
  qop: Qop,
  stale: boolean,
): string {
  const { config, nonces } = self
  const name =
    header === H_AUTHORIZATION ? config.www_challenge_header : config.proxy_challenge_header
  let line = `${name}: Digest realm="${realm}", nonce="${nonces.make(msg)}"`
  if (qop !== '') line += `, qop="${qop}"`
  if (stale) line += ', stale=true'
  const algorithm = self.digestFor(msg).name
  return algorithm === '' ? `${line}\r\n` : `${line}, algorithm=${algorithm}\r\n`
}

/** Sends a reply with this header. */
function reply(self: Auth, msg: SipMessage, code: number, reason: string, line: string): boolean {
  if (line !== '') {
    if (msg.replyLumps === null) msg.replyLumps = [line]
    else msg.replyLumps.push(line)
  }
  const { sl } = self.apis
  const sent =
    self.config.force_stateless_reply === 0
      ? sl.sendReply(msg, code, reason)
      : sl.reply(msg, code, reason)
  return sent > 0
}

function challenge(
  self: Auth,
  msg: SipMessage,
  realm: string,
  flags: number,
  header: CredentialsHeader,
): Verdict {
  if (isMissing(realm)) {
    self.core.log.error('auth', 'failed to get realm value')
    // Flag 4, which forbids this answer, is only looked at when there is a realm.
    return reply(self, msg, 500, 'Internal Server Error', '') ? -1 : SEND_ERROR_FAILED
  }
  const stale = (flags & SAY_STALE) !== 0
  const line = challengeLine(self, msg, self.realmOf(realm), header, qopOf(flags), stale)
  const sent =
    header === H_AUTHORIZATION
      ? reply(self, msg, 401, 'Unauthorized', line)
      : reply(self, msg, 407, 'Proxy Authentication Required', line)
  return sent ? 1 : SEND_FAILED
}

export const wwwChallenge = (self: Auth, msg: SipMessage, realm: string, flags: number): Verdict =>
  challenge(self, msg, realm, flags, H_AUTHORIZATION)

export const proxyChallenge = (
  self: Auth,
  msg: SipMessage,
  realm: string,
  flags: number,
): Verdict => challenge(self, msg, realm, flags, H_PROXY_AUTHORIZATION)

/** auth_challenge: 401 to a REGISTER, 407 to other requests, nothing to those that get none. */
export function authChallenge(self: Auth, msg: SipMessage, realm: string, flags: number): Verdict {
  if ((msg.methodBit & (ACK | CANCEL)) !== 0) return 1
  const header = msg.methodBit === REGISTER ? H_AUTHORIZATION : H_PROXY_AUTHORIZATION
  return challenge(self, msg, realm, flags, header)
}

/** auth_algorithm: the hash for challenges and responses of this message. */
export const chooseAlgorithm = (self: Auth, msg: SipMessage, algorithm: string): Verdict =>
  self.choose(msg, algorithm)

/** auth_get_www_authenticate: the line for a variable, so that the script sends it. */
export function getWwwAuthenticate(
  self: Auth,
  msg: SipMessage,
  realm: string,
  flags: number,
  into: PvHandle,
): Verdict {
  if (isMissing(realm)) return -1
  const stale = (flags & SAY_STALE) !== 0
  const name = self.realmOf(realm)
  into.set!(msg, challengeLine(self, msg, name, H_AUTHORIZATION, qopOf(flags), stale))
  return 1
}
