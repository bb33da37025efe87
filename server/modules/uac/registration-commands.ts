/** The uac.reg_* commands. */
import type { uac as contract } from '../../../rpc/contract/uac.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Handlers } from '../../core/module/index.ts'
import { nowSeconds, register } from './register.ts'
import { DISABLED, isFilter, Registration, whyBadSecret } from './registration.ts'
import type { RegistrationDatabase } from './registration-database.ts'
import type { Uac } from './uac.ts'

type Contract = typeof contract
type Row = ResultOf<Contract['uac.reg_info']>

/** Kamailio's word for an empty field. */
const orNone = (text: string): string => (text === '' ? 'none' : text)

function row(self: Uac, registration: Registration): Row {
  const { account } = registration
  return {
    l_uuid: account.uuid,
    l_username: account.localUser,
    l_domain: account.localDomain,
    r_username: account.remoteUser,
    r_domain: account.remoteDomain,
    realm: account.realm,
    auth_username: account.authUser,
    auth_password: orNone(account.password),
    auth_ha1: orNone(account.ha1),
    auth_proxy: orNone(account.proxy),
    expires: registration.expires,
    flags: registration.flags,
    diff_expires: registration.endsAt - nowSeconds(self),
    timer_expires: registration.endsAt,
    reg_init: registration.addedAt,
    reg_delay: registration.account.delay,
    contact_addr: account.contactAddress,
    socket: account.socketName === '' ? null : account.socketName,
  }
}

function enabled(self: Uac): void {
  if (!self.registers) throw new Fault(500, 'Not enabled')
}

function found(self: Uac, attribute: string, value: string): Registration {
  enabled(self)
  const registration = self.registrations.filtered(attribute, value)
  if (registration === null) throw new Fault(404, 'Record not found')
  return registration
}

/** Switches a registration on or off; the next run of the timer acts on it. */
export function switchRegistration(self: Uac, registration: Registration, on: boolean): void {
  if (on) registration.flags &= ~DISABLED
  else registration.flags |= DISABLED
  registration.endsAt = nowSeconds(self) + 1
}

export const NO_DATABASE = 'registrations cannot be read: there is no reg_db_url'
const NOT_REFRESHED = 'Failed to refresh record - check log messages'
const NOT_RELOADED = 'Failed to reload records - check log messages'

/** Reads one from the database: was it there? null: it could not be read, which is logged. */
export async function refreshed(
  self: Uac,
  database: RegistrationDatabase,
  uuid: string,
): Promise<boolean | null> {
  try {
    return await database.refresh(uuid)
  } catch (error) {
    self.core.log.error('uac', `registration ${uuid}: ${(error as Error).message}`)
    return null
  }
}

async function refresh(self: Uac, database: RegistrationDatabase, uuid: string): Promise<void> {
  const found = await refreshed(self, database, uuid)
  if (found === null) throw new Fault(500, NOT_REFRESHED)
  if (!found) throw new Fault(404, 'Record not found')
}

async function reload(database: RegistrationDatabase): Promise<void> {
  try {
    await database.load('rpc uac.reg_reload')
  } catch {
    // Why is in the log.
    throw new Fault(500, NOT_RELOADED)
  }
}

/** `.` leaves a field empty. */
const orEmpty = (text: string): string => (text === '.' ? '' : text)

function add(
  self: Uac,
  uuid: string,
  localUser: string,
  localDomain: string,
  remoteUser: string,
  remoteDomain: string,
  realm: string,
  authUser: string,
  authPassword: string,
  authHa1: string,
  proxy: string,
  expires: number,
  flags: number,
  delay: number,
  socketName: string,
  contact: string,
): void {
  enabled(self)
  const password = orEmpty(authPassword)
  const ha1 = orEmpty(authHa1)
  if (whyBadSecret(password, ha1) !== null)
    throw new Fault(500, 'Failed to add record - invalid password or ha1')
  const socket = self.socket(orEmpty(socketName))
  const contactAddress = orEmpty(contact) || self.config.reg_contact_addr
  const account = {
    uuid,
    localUser,
    localDomain,
    remoteUser,
    remoteDomain,
    realm,
    authUser,
    password,
    ha1,
    proxy: orEmpty(proxy),
    expires,
    flags,
    delay: delay > 0 ? delay : self.randomDelay(),
    socketName,
    contactAddress,
  }
  if (!self.registrations.add(new Registration(account, socket, nowSeconds(self))))
    throw new Fault(409, 'uuid already exists')
}

export const handlers: Handlers<Uac, Contract> = {
  'uac.reg_dump': self => {
    enabled(self)
    return self.registrations.all().map(registration => row(self, registration))
  },
  'uac.reg_info': (self, attribute, value) => {
    enabled(self)
    if (!isFilter(attribute)) throw new Fault(400, 'Unsupported filter attribute')
    return row(self, found(self, attribute, value))
  },
  'uac.reg_enable': (self, attribute, value) => {
    switchRegistration(self, found(self, attribute, value), true)
  },
  'uac.reg_disable': (self, attribute, value) => {
    switchRegistration(self, found(self, attribute, value), false)
  },
  'uac.reg_unregister': (self, attribute, value) => {
    const registration = found(self, attribute, value)
    registration.expires = 0
    registration.endsAt = nowSeconds(self)
    register(self, registration, 0)
  },
  'uac.reg_refresh': (self, uuid) => {
    enabled(self)
    const { database } = self
    if (database !== null) return refresh(self, database, uuid)
    if (self.registrations.find(uuid) === null) throw new Fault(404, 'Record not found')
    throw new Fault(500, NOT_REFRESHED)
  },
  'uac.reg_reload': self => {
    enabled(self)
    const { database } = self
    if (database !== null) return reload(database)
    self.core.log.error('uac', NO_DATABASE)
    throw new Fault(500, NOT_RELOADED)
  },
  'uac.reg_remove': (self, uuid) => {
    enabled(self)
    if (!self.registrations.remove(uuid)) throw new Fault(404, 'Record not found')
  },
  'uac.reg_add': add,
  'uac.reg_active': (self, mode) => {
    enabled(self)
    const before = self.active
    self.active = mode !== 0
    return { omode: before ? 1 : 0, nmode: self.active ? 1 : 0 }
  },
}
