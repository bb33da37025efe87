/** uac_auth: answers the challenge of a failed branch in the request that is sent next. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { answerChallenge, type Challenge, type Login, parseChallenge } from '../../sip/digest.ts'
import { Edit } from '../../sip/edit.ts'
import { STRIDE, type SipMessage } from '../../sip/message.ts'
import { BadValue } from '../../core/module/index.ts'
import type { Uac } from './uac.ts'

const UNAUTHORIZED = 401
const PROXY_AUTHENTICATION_REQUIRED = 407

export const isChallenge = (code: number): boolean =>
  code === UNAUTHORIZED || code === PROXY_AUTHENTICATION_REQUIRED

/** A row of the parameter `credential`. */
export interface Credential {
  readonly user: string
  readonly realm: string
  readonly password: string
}

/** `user:realm:password`; the password may hold colons. */
export function parseCredential(text: string): Credential {
  const [user = '', realm = '', ...rest] = text.split(':')
  if (user === '' || realm === '' || rest.length === 0)
    throw new BadValue(`"${text}" is no credential`, 'user:realm:password')
  return { user, realm, password: rest.join(':') }
}

const textOf = (variable: PvHandle | null, msg: SipMessage): string | null => {
  const value = variable === null ? null : variable.get(msg)
  return value === null ? null : String(value)
}

/** What the script put into auth_*_avp, when it is for this realm; an empty one is for any. */
function loginOfScript(self: Uac, msg: SipMessage, realm: string, isHa1: boolean): Login | null {
  const { auth_realm_avp, auth_username_avp, auth_password_avp } = self.config
  const wanted = textOf(auth_realm_avp, msg)
  if (wanted === null || (wanted !== '' && wanted !== realm)) return null
  const user = textOf(auth_username_avp, msg)
  const password = textOf(auth_password_avp, msg)
  return user === null || password === null ? null : { user, password, isHa1 }
}

function loginOfParameter(self: Uac, realm: string, isHa1: boolean): Login | null {
  for (const { user, realm: known, password } of self.config.credential)
    if (known === realm) return { user, password, isHa1 }
  return null
}

/** All challenges of a reply that can be answered, in order. */
export function challengesOf(reply: SipMessage, code: number): Challenge[] {
  const name = code === UNAUTHORIZED ? 'www-authenticate' : 'proxy-authenticate'
  const found: Challenge[] = []
  for (let i = reply.findNamed(name); i >= 0; i = reply.findNamed(name, i + STRIDE)) {
    const challenge = parseChallenge(reply.bodyAt(i))
    if (challenge !== null) found.push(challenge)
  }
  return found
}

/** The whole header line that answers a challenge with this code. */
export function authorizationLine(
  self: Uac,
  code: number,
  challenge: Challenge,
  login: Login,
  method: string,
  uri: string,
  body: string,
): string {
  const name = code === UNAUTHORIZED ? 'Authorization' : 'Proxy-Authorization'
  const cnonce = self.core.random.hex(16)
  return `${name}: ${answerChallenge(challenge, login, method, uri, body, cnonce)}\r\n`
}

/** `mode` 1: the password is the hash of user, realm and password. */
export function authenticate(self: Uac, msg: SipMessage, mode = 0): Verdict {
  const { core, tm } = self
  const transaction = tm.transactionOf(msg)
  if (transaction === null) return refuse(self, 'no current transaction found')
  const branch = transaction.branches[transaction.pickedBranch]
  if (branch === undefined) return refuse(self, 'no picked branch')
  const { reply, status } = branch
  if (!isChallenge(status) || reply === null) {
    core.log.error('uac', `reply is not a challenge (${status})`)
    return -1
  }
  for (const challenge of challengesOf(reply, status)) {
    const isHa1 = mode === 1
    const { realm } = challenge
    const login = loginOfScript(self, msg, realm, isHa1) ?? loginOfParameter(self, realm, isHa1)
    if (login === null) continue
    const { method, body } = msg
    const line = authorizationLine(self, status, challenge, login, method, branch.uri, body)
    // To where it was challenged, once more: that makes it a branch again.
    msg.setUri(branch.uri)
    msg.addEdit(new Edit(msg.headersEnd, 0, line))
    self.calls?.raiseCSeq(msg)
    return 1
  }
  return refuse(self, 'no credential for the realms of the reply')
}

function refuse(self: Uac, why: string): Verdict {
  self.core.log.error('uac', why)
  return -1
}
