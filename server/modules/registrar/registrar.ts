/**
 * The registrar: its configuration, what it uses of other modules, and the rules for times and
 * preferences.
 */
import type { Core } from '../../core/core.ts'
import { eventMessage } from '../../core/event-message.ts'
import {
  BadValue,
  type ApisOf,
  type ConfigOf,
  type CountersOf,
  type ModuleEnv,
  type RouteBlock,
} from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { knownXavps, XavpList, xavpsOf, type XavpValue } from '../../core/xavp.ts'
import { H_EXPIRES } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import type { SlApi } from '../sl/api.ts'
import {
  CONTACT_EXPIRED,
  type Contact,
  type LocationTable,
  type UserLocation,
} from '../usrloc/api.ts'
import { parseQ, parseSeconds } from './bindings.ts'
import type { params } from './params.ts'
import type { needs, stats } from './registrar.module.ts'
import type { Answer } from './reply.ts'

/** Flags of save(). The first one is also a flag of the contacts: usrloc writes no row of those. */
export const SAVE_IN_MEMORY_ONLY = 0x01
export const SAVE_NO_REPLY = 0x02
export const SAVE_ONE_CONTACT = 0x04
export const SAVE_NO_RANGE = 0x08
export const SAVE_PREPARE_REPLY = 0x10

/** The name of a table in a function call, bound to the table at the first call. */
export class TableRef {
  readonly name: string
  private table: LocationTable | null = null

  constructor(name: string) {
    if (name === '') throw new BadValue('the name of a location table must not be empty')
    this.name = name
  }

  in(usrloc: UserLocation): LocationTable {
    return (this.table ??= usrloc.register(this.name))
  }
}

/** The contacts that reg_fetch_contacts() has put under a name. */
export interface Profile {
  readonly table: string
  readonly aor: string
  readonly contacts: Contact[]
}

const EXPIRED_ROUTE = 'usrloc:contact-expired'
export class Registrar {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly usrloc: UserLocation
  readonly sl: SlApi
  readonly stats: CountersOf<typeof stats>
  readonly profiles = new Map<string, Profile>()
  /** Answers that save() with flag 0x02 left for reg_send_reply(). */
  readonly held = new WeakMap<SipMessage, Answer>()
  /** Sockets under their advertised addresses (sock_mode). */
  private readonly advertised = new Map<SocketInfo, SocketInfo>()
  /** The message whose contacts get a q of the script's, and that q. */
  private overriddenFor = -1
  private overriddenQ = 0

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { usrloc, sl }: ApisOf<typeof needs> = env.apis
    this.config = env.config
    this.core = env.core
    this.usrloc = usrloc
    this.sl = sl
    this.stats = env.stats
    this.refuseUnsupported()
    usrloc.register('location')
  }

  private refuseUnsupported(): void {
    const { config } = this
    if (config.flow_timer > 0 && config.outbound_mode === 0)
      throw new BadValue('registrar: flow_timer needs outbound_mode 1 or 2')
  }

  start(): void {
    this.usrloc.isCaseSensitive = () => this.config.case_sensitive !== 0
    const { core, config } = this
    let block: RouteBlock | null = null
    core.routes.follow(() => {
      block = core.kemi.event(EXPIRED_ROUTE, config.event_callback)
    })
    this.usrloc.onContact(CONTACT_EXPIRED, contact => {
      const socket = core.sockets.list[0]
      if (block === null || socket === undefined) return
      this.profiles.set('exp', { table: contact.table, aor: contact.aor, contacts: [contact] })
      core.routes.runNow(block, eventMessage(socket), EVENT_ROUTE)
      this.profiles.delete('exp')
    })
  }

  /** A setting for this call alone, from the xavp that xavp_cfg names; null when there is none. */
  setting(msg: SipMessage, name: string): XavpValue {
    const { xavp_cfg: root } = this.config
    return root === '' ? null : (knownXavps(msg)?.list(root)?.get(name) ?? null)
  }

  numberSetting(msg: SipMessage, name: string): number | null {
    const value = this.setting(msg, name)
    return typeof value === 'number' ? value : null
  }

  /**
   * Seconds that a contact is to live: its own parameter, else the Expires header, else the default
   * (RFC 3261 section 10.3 step 7); 0 takes it back, -1 is refused as too brief.
   */
  expiresOf(msg: SipMessage, param: string | null, flags: number): number {
    const { config } = this
    const header = config.xavp_cfg === '' ? null : this.numberSetting(msg, 'expires')
    let seconds = header ?? (param === null ? -1 : parseSeconds(param))
    if (seconds < 0) {
      const text = msg.header(H_EXPIRES)
      seconds = text === null ? -1 : parseSeconds(text)
    }
    if (seconds === 0) return 0
    const asked = seconds > 0
    if (!asked) seconds = config.default_expires
    if ((flags & SAVE_NO_RANGE) === 0)
      seconds = this.shortened(seconds, asked ? config.expires_range : config.default_expires_range)
    if (seconds < config.min_expires) {
      // RFC 3261 section 10.3 step 7: "the registrar MAY reject the request with a response of 423
      // (Interval Too Brief)".
      if (asked && config.min_expires_mode !== 0) return -1
      seconds = config.min_expires
    }
    return config.max_expires > 0 ? Math.min(seconds, config.max_expires) : seconds
  }

  /** Takes up to so many percent off, so that phones do not all come back at once. */
  private shortened(seconds: number, percent: number): number {
    if (percent <= 0) return seconds
    const most = Math.floor((seconds * Math.min(percent, 100)) / 100)
    return most === 0 ? seconds : Math.max(1, seconds - (this.core.random.uint32() % (most + 1)))
  }

  /** set_q_override of a KEMI script: lasts for this message. */
  overrideQ(msg: SipMessage, text: string): number {
    const q = parseQ(text)
    if (q < 0) return -1
    this.overriddenFor = msg.id
    this.overriddenQ = q
    return 1
  }

  /** Thousandths; -1 when nobody names a preference, -2 when the phone's is malformed. */
  qOf(msg: SipMessage, param: string | null): number {
    if (this.overriddenFor === msg.id) return this.overriddenQ
    const set = this.config.xavp_cfg === '' ? null : this.numberSetting(msg, 'q')
    if (set !== null) return Math.max(-1, Math.min(set, 1000))
    if (param !== null && param !== '') return parseQ(param)
    return this.config.default_q
  }

  /** The socket as sock_mode wants it stored. */
  storedSocket(socket: SocketInfo): SocketInfo {
    if (this.config.sock_mode === 0) return socket
    let known = this.advertised.get(socket)
    if (known === undefined) {
      known = { ...socket, host: socket.advertisedHost, port: socket.advertisedPort }
      this.advertised.set(socket, known)
    }
    return known
  }

  /** Tells the script about a record (parameter xavp_rcd). */
  tellRecord(msg: SipMessage, contact: Contact, now: number): void {
    const { xavp_rcd: name, xavp_rcd_mask: without } = this.config
    if (name === '') return
    const root = xavpsOf(msg)
    const list = new XavpList()
    if ((without & 1) === 0) list.append('ruid', contact.ruid)
    if ((without & 2) === 0) list.append('contact', contact.uri)
    if ((without & 4) === 0) list.append('expires', contact.expires - now)
    if ((without & 8) === 0 && contact.received !== '') list.append('received', contact.received)
    if ((without & 16) === 0 && contact.path !== '') list.append('path', contact.path)
    root.set(name, list)
  }

  /** Gives the script back the attributes that it stored with a contact (usrloc's xavp_contact). */
  restoreAttributes(msg: SipMessage, contact: Contact): void {
    if (contact.extra instanceof XavpList)
      xavpsOf(msg).append(this.usrloc.xavpContact, contact.extra.copy())
  }

  /** May this contact be used? */
  isUsable(contact: Contact, now: number): boolean {
    return this.config.use_expired_contacts !== 0 || !contact.isExpired(now)
  }
}
