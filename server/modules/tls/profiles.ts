/** All profiles of one load of the configuration, and which one a connection gets. */
import type { TLSSocket } from 'node:tls'
import type { SocketInfo } from '../../sip/transport.ts'
import type { Section } from './config-file.ts'
import { handleOf } from './handle.ts'
import { BadValue } from '../../core/module/index.ts'
import {
  ANY,
  DEFAULT,
  makeProfile,
  mustShowCertificate,
  type Profile,
  profileName,
  type ProfileSettings,
  wantsGoodCertificate,
} from './profile.ts'

/** What an outgoing connection asks for; '' where nothing was said. */
export interface Wanted {
  readonly serverName: string
  readonly serverId: string
}

/** Which of the profiles a connection is for; '' and 0 where nothing is known. */
interface Sought extends Wanted {
  readonly ip: string
  readonly port: number
  /** Our own end, in the profiles of clients. */
  readonly local: string
}

export class Profiles {
  /** Sections of their own, the last one of the file first. */
  private readonly servers: readonly Profile[]
  private readonly clients: readonly Profile[]
  private readonly serverDefault: Profile
  private readonly clientDefault: Profile

  /**
   * `base` is what sections inherit that leave something out; `shown` is the same for those of
   * servers where they show no certificate. Throws BadValue that names the section.
   */
  constructor(base: ProfileSettings, sections: readonly Section[], shown = base) {
    // A session that is resumed has the certificate that some profile found good, and nothing tells
    // which one where clients choose among several by a name.
    const resumes = !sections.some(
      ({ side, settings }) => side === 'server' && (settings.server_name ?? '') !== '',
    )
    const made = sections.map(section => profileOf(section, shown, base, resumes))
    const own = (side: Profile['side']): Profile[] =>
      made.filter(one => one.side === side && one.ip !== DEFAULT).reverse()
    const byDefault = (side: Profile['side']): Profile =>
      made.findLast(one => one.side === side && one.ip === DEFAULT) ??
      makeProfile(side, DEFAULT, 0, base, resumes)
    this.servers = own('server')
    this.clients = own('client')
    this.serverDefault = byDefault('server')
    this.clientDefault = byDefault('client')
  }

  /**
   * The profile of a connection that came in: by our address, then by the name that is asked for.
   */
  server({ address: ip, port }: SocketInfo, name: string): Profile {
    const at = { ip, port, local: '', serverId: '' }
    const first = find(this.servers, { ...at, serverName: '' }) ?? this.serverDefault
    // One of the address that has no name itself is for every name, as in Kamailio.
    if (name === '' || (first.ip !== DEFAULT && first.server_name === '')) return first
    return find(this.servers, { ...at, serverName: name }) ?? this.serverDefault
  }

  /** The profile of a connection that we open: by id, by name, by address. */
  client(ip: string, port: number, wanted: Wanted, local = ''): Profile {
    return find(this.clients, { ...wanted, ip, port, local }) ?? this.clientDefault
  }

  /** Throws BadValue when no handshake with this socket of ours could ever succeed. */
  checkServer(info: SocketInfo): void {
    const shown = this.servers.filter(({ ip }) => ip === info.address || ip === ANY)
    const main = this.server(info, '')
    if ([main, ...shown].some(({ options }) => options.cert !== undefined)) return
    throw new BadValue(
      `${profileName(main)}: no certificate for tls:${info.host}:${info.port}`,
      'give certificate and private_key in [server:default] of tls.cfg',
    )
  }

  /** Throws BadValue when a section is for an address of which none of these sockets is. */
  checkAddresses(sockets: readonly SocketInfo[]): void {
    for (const one of this.servers) {
      const fits = ({ address, port }: SocketInfo): boolean =>
        address === one.ip && sameOrAny(one.port, port)
      if (one.ip === ANY || sockets.some(fits)) continue
      throw new BadValue(`${profileName(one)}: No listening socket found`)
    }
  }
}

function profileOf(
  { side, ip, port, settings, at }: Section,
  shown: ProfileSettings,
  base: ProfileSettings,
  resumes: boolean,
): Profile {
  const inherited = side === 'server' ? shown : base
  try {
    return makeProfile(side, ip, port, { ...inherited, ...settings }, resumes)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    throw new BadValue(`${at}: ${error.message}`, error.hint)
  }
}

/** The first one that has the id, the name, or the address and nothing against the name. */
function find(profiles: readonly Profile[], sought: Sought): Profile | undefined {
  const { serverName: name, serverId: id } = sought
  return profiles.find(one => {
    if (id !== '' && one.server_id === id) return true
    if (one.ip === ANY) return name !== '' && fits(one, name)
    if (!isAt(one, sought)) return false
    return name === '' || one.server_name === '' || fits(one, name)
  })
}

/**
 * Kamailio's manual has sections of clients for the address of the peer, its code compares that of
 * our own end, whose port is anything: both are taken.
 */
const isAt = (one: Profile, { ip, port, local }: Sought): boolean =>
  (one.ip === ip && sameOrAny(one.port, port)) || (one.ip === local && one.port === 0)

const sameOrAny = (port: number, wanted: number): boolean => port === 0 || port === wanted

/** Does the name in the client's hello fall into the profile's? */
function fits({ server_name, server_name_mode }: Profile, name: string): boolean {
  const subdomain = name.toLowerCase().endsWith(`.${server_name.toLowerCase()}`)
  if (server_name_mode === 2) return subdomain
  if (name.toLowerCase() === server_name.toLowerCase()) return true
  return server_name_mode === 1 && subdomain
}

/** The side of a handshake that is ours to judge: null, or what the peer's certificate lacks. */
export function refusal(profile: Profile, socket: TLSSocket): string | null {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) {
    const mustShow = profile.side === 'server' && mustShowCertificate(profile)
    return mustShow ? 'peer did not return a certificate' : null
  }
  if (!wantsGoodCertificate(profile)) return null
  if (!socket.authorized)
    return `bad certificate: ${handleOf(socket)?.verifyError()?.message ?? 'unknown'}`
  const depth = certificatesBetween(socket)
  if (depth > profile.verify_depth) return `certificate chain too long: ${depth}`
  return null
}

/** Certificates between the peer's own and a root. */
function certificatesBetween(socket: TLSSocket): number {
  let links = 0
  let one = socket.getPeerCertificate(true)
  while (one?.issuerCertificate !== undefined && one.issuerCertificate !== one) {
    one = one.issuerCertificate
    if (++links > 100) break
  }
  return Math.max(0, links - 1)
}
