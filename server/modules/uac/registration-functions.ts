/** What scripts ask of the registrations at other servers. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { nowSeconds } from './register.ts'
import { NO_DATABASE, refreshed, switchRegistration } from './registration-commands.ts'
import { DISABLED, isFilter, ONGOING, ONLINE, type Registration } from './registration.ts'
import type { Uac } from './uac.ts'

const UNKNOWN = -1
const UNDER_WAY = -2
const SWITCHED_OFF = -3
const WAITING = -99

/** `sip:user@domain` of the local side of a registration. */
export function lookup(self: Uac, msg: SipMessage, uuid: string, place: PvHandle): Verdict {
  const registration = self.registrations.find(uuid)
  if (registration === null) return -1
  const { localUser, localDomain } = registration.account
  place.set!(msg, `sip:${localUser}@${localDomain}`)
  return 1
}

/** The uuid of the registration of a local URI. */
export function lookupUri(self: Uac, msg: SipMessage, uri: string, place: PvHandle): Verdict {
  const parsed = parseUri(uri)
  if (parsed === null) return -1
  const registration = self.registrations.findUser(parsed.user, parsed.host)
  if (registration === null) return -1
  place.set!(msg, registration.account.uuid)
  return 1
}

export function status(self: Uac, _msg: SipMessage, uuid: string): Verdict {
  const registration = self.registrations.find(uuid)
  if (registration === null) return UNKNOWN
  if (registration.has(ONLINE) && registration.endsAt > nowSeconds(self)) return 1
  if (registration.has(ONGOING)) return UNDER_WAY
  return registration.has(DISABLED) ? SWITCHED_OFF : WAITING
}

// ---- bits of the mode of uac_reg_request_to
const BY_USER = 1
const WITH_HA1 = 2

/** Sends the request to where a registration is, with what a challenge there is answered with. */
export function requestTo(self: Uac, msg: SipMessage, user: string, mode: number): Verdict {
  const { auth_realm_avp: realm, auth_username_avp: name, auth_password_avp: secret } = self.config
  const registration = (mode & BY_USER) !== 0 ? byUser(self, user) : self.registrations.find(user)
  if (registration === null) return -1
  const { account } = registration
  const password = (mode & WITH_HA1) !== 0 ? account.ha1 : account.password
  msg.setUri(`sip:${account.remoteUser}@${account.remoteDomain}`)
  if (account.proxy !== '') msg.setDstUri(account.proxy)
  if (registration.socket !== null) msg.forceSocket = registration.socket
  // Without these parameters a challenge is left to `credential`.
  realm?.set?.(msg, account.realm)
  name?.set?.(msg, account.authUser)
  secret?.set?.(msg, password)
  return 1
}

/** `user` or, with reg_use_domain, `user@domain`. */
function byUser(self: Uac, text: string): Registration | null {
  const at = text.indexOf('@')
  return at < 0
    ? self.registrations.findUser(text, '')
    : self.registrations.findUser(text.slice(0, at), text.slice(at + 1))
}

const switchTo =
  (on: boolean) =>
  (self: Uac, _msg: SipMessage, attribute: string, value: string): Verdict => {
    if (!self.registers) return -1
    const registration = isFilter(attribute) ? self.registrations.filtered(attribute, value) : null
    if (registration === null) return -2
    switchRegistration(self, registration, on)
    return 1
  }

export const enable = switchTo(true)
export const disable = switchTo(false)

/** Reads a registration anew from the database. */
export function refresh(self: Uac, _msg: SipMessage, uuid: string): Verdict | Promise<Verdict> {
  const { database } = self
  if (database !== null)
    return refreshed(self, database, uuid).then(found => (found === true ? 1 : -1))
  self.core.log.error('uac', NO_DATABASE)
  return -1
}
