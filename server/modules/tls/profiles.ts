/** All profiles of one load of the configuration, and which one a connection gets. */
import type { TLSSocket } from 'node:tls'
import type { SocketInfo } from '../../sip/transport.ts'
import type { Section } from './config-file.ts'
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

export class Profiles {
  private readonly all: Profile[]

  /**
   * `base` is what modparams say; sections that leave something out inherit it. Throws BadValue.
   */
  constructor(base: ProfileSettings, sections: readonly Section[]) {
    this.all = sections.map(({ side, ip, port, settings }) =>
      makeProfile(side, ip, port, { ...base, ...settings }),
    )
    for (const side of ['server', 'client'] as const) {
      if (this.all.some(one => one.side === side && one.ip === DEFAULT)) continue
      this.all.push(makeProfile(side, DEFAULT, 0, base))
    }
  }

  /**
   * The profile of a connection that came in: by our address, then by the name that is asked for.
   */
  server(info: SocketInfo, name: string): Profile {
    const here = this.all.filter(
      one => one.side === 'server' && one.ip === info.address && sameOrAny(one.port, info.port),
    )
    const named = [...here, ...this.of('server', ANY)].find(
      one => one.server_name !== '' && name !== '' && fits(one, name),
    )
    if (named !== undefined) return named
    // Who names nobody gets a profile of the address even when it has a name, the last one of them.
    const nameless = here.find(one => one.server_name === '') ?? (name === '' ? here.at(-1) : null)
    return nameless ?? this.of('server', DEFAULT)[0]!
  }

  /** The profile of a connection that we open: by id, by name, by address. */
  client(ip: string, port: number, { serverName, serverId }: Wanted): Profile {
    const clients = this.all.filter(one => one.side === 'client')
    const byId = serverId === '' ? undefined : clients.find(one => one.server_id === serverId)
    const here = clients.filter(one => one.ip === ip && sameOrAny(one.port, port))
    const byName = [...here, ...this.of('client', ANY)].find(
      one => serverName !== '' && one.server_name === serverName,
    )
    return byId ?? byName ?? here[0] ?? this.of('client', DEFAULT)[0]!
  }

  /** Throws BadValue when no handshake with this socket of ours could ever succeed. */
  checkServer(info: SocketInfo): void {
    const shown = this.all.filter(
      one => one.side === 'server' && (one.ip === info.address || one.ip === ANY),
    )
    const main = this.server(info, '')
    if ([main, ...shown].some(({ options }) => options.cert !== undefined)) return
    throw new BadValue(
      `${profileName(main)}: no certificate for tls:${info.host}:${info.port}`,
      'give certificate and private_key in [server:default] of tls.cfg',
    )
  }

  private of(side: Profile['side'], ip: string): Profile[] {
    return this.all.filter(one => one.side === side && one.ip === ip)
  }
}

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
  if (!socket.authorized) return `bad certificate: ${String(socket.authorizationError)}`
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
