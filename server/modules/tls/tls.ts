/** The instance: profiles of the present configuration, and the judge of the transport's peers. */
import { readFileSync } from 'node:fs'
import { isAbsolute, resolve, dirname } from 'node:path'
import type { Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { Core } from '../../core/core.ts'
import { eventMessage } from '../../core/event-message.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import type { Connection, TlsAuthority } from '../../core/network.ts'
import { SCRIPT_DROP } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import { inBrackets } from '../../lib/ip.ts'
import { type SocketInfo, TLS, WSS } from '../../sip/transport.ts'
import { knownXavps } from '../../core/xavp.ts'
import { accept } from './accept.ts'
import { reasonOf } from './handle.ts'
import { readTlsConfig, type Section } from './config-file.ts'
import type { Profile, ProfileSettings } from './profile.ts'
import { Profiles, refusal, type Wanted } from './profiles.ts'
import { params } from './params.ts'

export const EVENT = 'tls:connection-out'

/** Seconds that Kamailio gives to a connection that is never closed. */
const FOREVER = 134_217_727

/** What a section for servers shows that names nothing: both parts are in it. */
const CERTIFICATE = params.certificate.default

const NOTHING: Wanted = { serverName: '', serverId: '' }

export class Tls implements TlsAuthority {
  readonly core: Core
  readonly config: ModuleEnv<typeof params, {}>['config']
  profiles: Profiles
  /** What the running message asks of the connections that it opens. */
  wanted: Wanted = NOTHING

  /** The profile by which a connection was opened or taken. */
  private readonly judges = new WeakMap<TLSSocket, Profile>()

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
    this.profiles = this.load()
  }

  start(): void {
    const { streams } = this.core.network
    if (streams !== null) streams.authority = this
    if (!this.core.sockets.list.some(({ proto }) => proto === TLS)) {
      this.core.log.warn('tls', 'no TLS socket: add enable_tls=yes and listen=tls:ADDRESS:5061')
    }
  }

  /** Reads the configuration file anew; throws BadValue and keeps what there is. */
  reload(): void {
    this.profiles = this.load()
  }

  private load(): Profiles {
    const { config } = this.config
    const profiles =
      config === ''
        ? new Profiles(this.fromParams(), [])
        : new Profiles(this.beside(''), this.sections(config), this.beside(CERTIFICATE))
    const sockets = this.core.sockets.list.filter(({ proto }) => proto === TLS)
    profiles.checkAddresses(sockets)
    for (const socket of sockets) profiles.checkServer(socket)
    return profiles
  }

  private sections(path: string): Section[] {
    const file = this.absolute(path)
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      throw new BadValue(`cannot read ${file}: ${(error as Error).message}`)
    }
    return readTlsConfig(text, file).map(section => ({
      ...section,
      settings: this.withPaths(section.settings),
    }))
  }

  /** Paths are relative to the config file, as in Kamailio. */
  readonly absolute = (path: string): string =>
    path === '' || isAbsolute(path) ? path : resolve(dirname(this.core.options.configFile), path)

  private withPaths(settings: Partial<ProfileSettings>): Partial<ProfileSettings> {
    const paths = ['private_key', 'certificate', 'ca_list', 'ca_path', 'crl'] as const
    const found = paths.filter(name => settings[name] !== undefined)
    return { ...settings, ...Object.fromEntries(found.map(n => [n, this.absolute(settings[n]!)])) }
  }

  /** The one profile that there is without a file. */
  private fromParams(): ProfileSettings {
    const { config } = this
    return {
      method: config.tls_method,
      verify_certificate: config.verify_certificate !== 0,
      verify_depth: config.verify_depth,
      require_certificate: config.require_certificate !== 0,
      verify_client: config.verify_client,
      private_key: this.absolute(config.private_key),
      certificate: this.absolute(config.certificate),
      ca_list: this.absolute(config.ca_list),
      ca_path: this.absolute(config.ca_path),
      crl: this.absolute(config.crl),
      cipher_list: config.cipher_list,
      server_name: config.server_name,
      server_name_mode: 0,
      server_id: '',
    }
  }

  /** What sections leave out: with a file the parameters count for nothing, as in Kamailio. */
  private beside(certificate: string): ProfileSettings {
    const file = this.absolute(certificate)
    return {
      method: params.tls_method.default,
      verify_certificate: false,
      verify_depth: params.verify_depth.default,
      require_certificate: false,
      verify_client: params.verify_client.default,
      private_key: '',
      certificate: file,
      ...{ ca_list: '', ca_path: '', crl: '', cipher_list: '' },
      ...{ server_name: '', server_name_mode: 0, server_id: '' },
    }
  }

  accept(info: SocketInfo, plain: Socket): TLSSocket {
    return accept(this.profiles, info, plain, this.judges)
  }

  get lifetime(): number {
    const { connection_timeout: seconds } = this.config
    return seconds < 0 ? FOREVER : seconds
  }

  get handshakeQueue(): number {
    return this.config.con_ct_wq_max
  }

  connect(info: SocketInfo, ip: string, port: number, plain: Socket): TLSSocket {
    const wanted = this.wantedNow()
    const profile = this.profiles.client(ip, port, wanted, info.address)
    const socket = connect({
      socket: plain,
      secureContext: profile.context,
      // The profile judges by its rules, which have their own texts.
      rejectUnauthorized: false,
      // Whom a certificate is for is the script's to judge ($tls_peer_subject_cn), as in Kamailio.
      checkServerIdentity: () => undefined,
      // The name of the profile chooses it, and is not asked for, as in Kamailio.
      ...(wanted.serverName === '' ? {} : { servername: wanted.serverName }),
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasonOf(error)
      if (reason === null) return
      error.message = `TLS peer ${inBrackets(ip)}:${port} refused: ${reason}`
      // The number says "protocol error" for all of them.
      delete error.errno
    })
    this.judges.set(socket, profile)
    return socket
  }

  /** `$xavp(tls=>server_name)` of the message in hand, if xavp_cfg names `tls`. */
  private wantedNow(): Wanted {
    const msg = this.core.routes.current
    const { xavp_cfg } = this.config
    if (msg === null || xavp_cfg === '') return this.wanted
    const own = knownXavps(msg)?.list(xavp_cfg)
    const text = (name: string): string => String(own?.get(name) ?? '')
    return {
      serverName: text('server_name') || this.wanted.serverName,
      serverId: text('server_id') || this.wanted.serverId,
    }
  }

  refuse(connection: Connection): string | null {
    const socket = connection.socket as TLSSocket
    const { passive, remoteIp, remotePort } = connection
    const why = refusal(this.judges.get(socket)!, socket)
    if (why !== null) return `TLS peer ${inBrackets(remoteIp)}:${remotePort} refused: ${why}`
    connection.lifetime = this.lifetime
    return passive || this.mayUse(connection) ? null : `dropped by event_route[${EVENT}]`
  }

  /** The config may look at a connection that we opened and drop it. */
  private mayUse({ info, remoteIp, remotePort, id }: Connection): boolean {
    const { kemi, routes } = this.core
    const block = kemi.event(EVENT, this.config.event_callback)
    if (block === null) return true
    const from = { srcIp: remoteIp, srcPort: remotePort, connection: id }
    routes.runNow(block, eventMessage(info, from), EVENT_ROUTE)
    return routes.ended !== SCRIPT_DROP
  }

  /** The connection that a message came by; null when it is not secure or gone. */
  connectionOf(msg: SipMessage): Connection | null {
    const { proto, connection } = msg.received
    if (proto !== TLS && proto !== WSS) return null
    return this.core.network.streams?.connection(connection) ?? null
  }
}
