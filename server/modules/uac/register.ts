/** Registering at other servers: when REGISTER is sent, and what comes of it. */
import { parseNameAddressList } from '../../sip/header/address.ts'
import { H_CONTACT } from '../../sip/header-names.ts'
import { STRIDE, type SipMessage } from '../../sip/message.ts'
import type { Login } from '../../sip/digest.ts'
import { type ClientRequest, LOCAL_COMPLETED } from '../tm/api.ts'
import { authorizationLine, challengesOf, isChallenge } from './auth.ts'
import {
  AUTH_SENT,
  DISABLED,
  INITIALISED,
  ONGOING,
  ONLINE,
  type Registration,
} from './registration.ts'
import type { Uac } from './uac.ts'

const FIRST_CSEQ = 10
/** Renewed this much before the run of the timer that might come too late. */
const MARGIN_SECONDS = 3
const INTERVAL_TOO_BRIEF = 423

export const nowSeconds = (self: Uac): number => Math.floor(self.core.clock.now() / 1000)

/** Every reg_timer_interval: sends what is due. */
export function renewAll(self: Uac): void {
  const now = nowSeconds(self)
  for (const registration of self.registrations.all()) renew(self, registration, now)
}

function renew(self: Uac, registration: Registration, now: number): void {
  if (registration.expires === 0 || registration.has(ONGOING | DISABLED) || !self.active) return
  if (!registration.has(INITIALISED)) {
    const { delay } = registration.account
    if (delay > 0 && now < registration.addedAt + delay) return
    registration.flags |= INITIALISED
  }
  if (registration.endsAt > now + self.config.reg_timer_interval + MARGIN_SECONDS) return
  registration.endsAt = now
  register(self, registration, registration.expires)
}

/** Sends a REGISTER; `expires` 0 takes the registration back. */
export function register(self: Uac, registration: Registration, expires: number): void {
  const { account, socket } = registration
  const address = `<sip:${account.remoteUser}@${account.remoteDomain}>`
  const keep = self.config.reg_keep_callid !== 0 && registration.cseq > 0
  registration.flags = (registration.flags | ONGOING) & ~(ONLINE | AUTH_SENT)
  send(self, registration, {
    method: 'REGISTER',
    uri: `sip:${account.remoteDomain}`,
    from: address,
    to: address,
    // RFC 3261 section 10.2.4: refreshes should use the same Call-ID.
    callId: keep ? registration.callId : '',
    cseq: keep ? registration.cseq + 1 : FIRST_CSEQ,
    nextHop: account.proxy,
    socket,
    headers: `Contact: <sip:${account.uuid}@${account.contactAddress}>\r\nExpires: ${expires}\r\n`,
  })
}

function send(self: Uac, registration: Registration, request: ClientRequest): void {
  request.events = LOCAL_COMPLETED
  request.callback = (_event, _transaction, _request, reply, code) => {
    // It may have been taken out of the table meanwhile.
    if (self.registrations.find(registration.account.uuid) === registration)
      completed(self, registration, request, reply, code)
  }
  if (self.tm.request(request) === null) failed(self, registration)
}

function completed(
  self: Uac,
  registration: Registration,
  request: ClientRequest,
  reply: SipMessage | null,
  code: number,
): void {
  const { log } = self.core
  const { uuid } = registration.account
  if (reply === null) {
    log.error('uac', `got sip response ${code} while registering [${uuid}]`)
    failed(self, registration)
  } else if (code === 200) accepted(self, registration, reply)
  else if (isChallenge(code)) challenged(self, registration, request, reply, code)
  else if (code === INTERVAL_TOO_BRIEF) tooBrief(self, registration, reply)
  else {
    log.error('uac', `got sip response ${code} while registering [${uuid}]`)
    failed(self, registration)
  }
}

/** The Expires parameter of our own contact in the reply; null when it is not among them. */
function expiresOfOurs(registration: Registration, reply: SipMessage): number | null {
  const { uuid } = registration.account
  for (let i = reply.find(H_CONTACT); i >= 0; i = reply.find(H_CONTACT, i + STRIDE)) {
    for (const contact of parseNameAddressList(reply.bodyAt(i)) ?? []) {
      if (contact.sipUri?.user !== uuid) continue
      const expires = contact.param('expires')
      if (expires !== null && /^\d{1,9}$/.test(expires)) return Number(expires)
      // RFC 3261 section 10.2.4: without the parameter the Expires header counts.
      return reply.expires >= 0 ? reply.expires : registration.expires
    }
  }
  return null
}

function accepted(self: Uac, registration: Registration, reply: SipMessage): void {
  registration.callId = reply.callId
  registration.cseq = reply.cseq?.number ?? 0
  const expires = expiresOfOurs(registration, reply)
  if (expires === null && !reply.hasContact) {
    self.core.log.error('uac', 'no Contact found')
    failed(self, registration)
    return
  }
  settle(registration)
  if (expires === null) {
    self.core.log.error('uac', `local contact not found [${registration.account.uuid}]`)
    return
  }
  registration.endsAt = nowSeconds(self) + expires
  // Also when it was taken back: endsAt says that it is over.
  registration.flags |= ONLINE
}

function settle(registration: Registration): void {
  registration.flags &= ~(ONGOING | AUTH_SENT | ONLINE)
}

/** RFC 3261 section 10.3 step 7: the server wants a longer time. */
function tooBrief(self: Uac, registration: Registration, reply: SipMessage): void {
  const index = reply.findNamed('min-expires')
  const least = index < 0 ? '' : reply.bodyAt(index)
  if (!/^\d{1,9}$/.test(least)) {
    failed(self, registration)
    return
  }
  registration.expires = Number(least)
  const { uuid } = registration.account
  self.core.log.info(
    'uac',
    `got 423 response while registering [${uuid}], set new expires to ${least}`,
  )
  settle(registration)
}

function challenged(
  self: Uac,
  registration: Registration,
  request: ClientRequest,
  reply: SipMessage,
  code: number,
): void {
  const { account } = registration
  const wanted = account.realm
  const challenge = challengesOf(reply, code).find(({ realm }) => wanted === '' || realm === wanted)
  const again = registration.has(AUTH_SENT)
  if (challenge === undefined || again) {
    const why = again ? 'authentication failed for' : 'no challenge of the realm of'
    self.core.log.error('uac', `${why} <${account.uuid}>`)
    failed(self, registration)
    return
  }
  const { method, uri, headers = '' } = request
  const line = authorizationLine(self, code, challenge, loginOf(account), method, uri, '')
  registration.flags |= AUTH_SENT
  send(self, registration, {
    ...request,
    callId: reply.callId,
    fromTag: reply.from?.tag ?? '',
    cseq: (request.cseq ?? FIRST_CSEQ) + 1,
    // An answer to an earlier challenge would only be in the way.
    headers: withoutAuthorization(headers) + line,
  })
}

function loginOf({ authUser, password, ha1 }: Registration['account']): Login {
  return password !== ''
    ? { user: authUser, password, isHa1: false }
    : { user: authUser, password: ha1, isHa1: true }
}

const withoutAuthorization = (headers: string): string =>
  headers.replace(/^(Proxy-)?Authorization:.*\r\n/gm, '')

/** Tries again later or, with reg_retry_interval 0, never. */
function failed(self: Uac, registration: Registration): void {
  const { reg_retry_interval: retry } = self.config
  if (retry > 0) registration.endsAt = nowSeconds(self) + retry
  else registration.flags |= DISABLED
  registration.cseq = 0
  settle(registration)
}
