/** A registration of this node at another server, and the table of all of them. */
import type { SocketInfo } from '../../sip/transport.ts'

// ---- Registration.flags, as Kamailio shows them
export const DISABLED = 1
/** A REGISTER is on its way. */
export const ONGOING = 2
export const ONLINE = 4
/** It was sent with credentials: another challenge means that they are wrong. */
export const AUTH_SENT = 8
/** Its delay is over. */
export const INITIALISED = 16

/** What reg_add and the database say. */
export interface Account {
  readonly uuid: string
  readonly localUser: string
  readonly localDomain: string
  readonly remoteUser: string
  readonly remoteDomain: string
  /** '' and `.` take the one of the challenge. */
  readonly realm: string
  readonly authUser: string
  readonly password: string
  readonly ha1: string
  /** Where requests go, a SIP URI; '' is the remote domain. */
  readonly proxy: string
  readonly expires: number
  readonly flags: number
  readonly delay: number
  readonly socketName: string
  /** Host and port of the Contact. */
  readonly contactAddress: string
}

const HA1_LENGTH = 32

/** Why these cannot answer a challenge; null: they can. */
export function whyBadSecret(password: string, ha1: string): string | null {
  if (ha1 !== '' && ha1.length !== HA1_LENGTH) return `invalid HA1 length: ${ha1.length}`
  return ha1 === '' && password === '' ? 'no password value provided' : null
}

export class Registration {
  readonly account: Account
  readonly socket: SocketInfo | null
  /** Seconds that are asked for. */
  expires: number
  flags: number
  /** Second since 1970 at which the registration, or the last attempt, ends. */
  endsAt = 0
  readonly addedAt: number
  /** Of the last REGISTER; '' and 0 begin anew. */
  callId = ''
  cseq = 0

  constructor(account: Account, socket: SocketInfo | null, now: number) {
    this.account = account
    this.socket = socket
    this.expires = account.expires
    this.flags = account.flags
    this.addedAt = now
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0
  }
}

/** Which field of an account a filter of a function or command looks at. */
const FILTERS: Readonly<Record<string, (account: Account) => string>> = {
  l_uuid: account => account.uuid,
  l_username: account => account.localUser,
  r_username: account => account.remoteUser,
  auth_username: account => account.authUser,
}

export const isFilter = (attribute: string): boolean => Object.hasOwn(FILTERS, attribute)

export class RegistrationTable {
  private readonly byUuid = new Map<string, Registration>()
  /** Local user, or user@domain, of those that were added first. */
  private readonly byUser = new Map<string, Registration>()
  private readonly useDomain: boolean

  constructor(useDomain: boolean) {
    this.useDomain = useDomain
  }

  get size(): number {
    return this.byUuid.size
  }

  all(): Registration[] {
    return [...this.byUuid.values()]
  }

  private key(user: string, domain: string): string {
    return this.useDomain ? `${user}@${domain}` : user
  }

  /** False when the uuid is there already. */
  add(registration: Registration): boolean {
    const { uuid, localUser, localDomain } = registration.account
    if (this.byUuid.has(uuid)) return false
    this.byUuid.set(uuid, registration)
    const user = this.key(localUser, localDomain)
    if (!this.byUser.has(user)) this.byUser.set(user, registration)
    return true
  }

  remove(uuid: string): boolean {
    const registration = this.byUuid.get(uuid)
    if (registration === undefined) return false
    this.byUuid.delete(uuid)
    const { localUser, localDomain } = registration.account
    const user = this.key(localUser, localDomain)
    if (this.byUser.get(user) !== registration) return true
    this.byUser.delete(user)
    const other = this.all().find(
      ({ account }) => this.key(account.localUser, account.localDomain) === user,
    )
    if (other !== undefined) this.byUser.set(user, other)
    return true
  }

  find(uuid: string): Registration | null {
    return this.byUuid.get(uuid) ?? null
  }

  findUser(user: string, domain: string): Registration | null {
    return this.byUser.get(this.key(user, domain)) ?? null
  }

  /** The first one whose field has this value. */
  filtered(attribute: string, value: string): Registration | null {
    const field = FILTERS[attribute]
    if (field === undefined) return null
    return this.all().find(({ account }) => field(account) === value) ?? null
  }

  count(flag: number): number {
    let count = 0
    for (const registration of this.byUuid.values()) if (registration.has(flag)) count++
    return count
  }
}
