/** Our side of a handshake that a peer begins. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { canonical, inBrackets } from '../../lib/ip.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { handleOf, reasonOf } from './handle.ts'
import { asksForCertificate, mustShowCertificate, type Profile } from './profile.ts'
import type { Profiles } from './profiles.ts'

/**
 * Shakes hands by the profile of our address, or of the name that the client asks for. `secure` is
 * emitted when that has succeeded; the profile that judges the peer is in `judges` then.
 */
export function accept(
  profiles: Profiles,
  info: SocketInfo,
  plain: Socket,
  judges: WeakMap<TLSSocket, Profile>,
): TLSSocket {
  let profile = profiles.server(info, '')
  let socket: TLSSocket | null = null
  const choose = (name: string, done: (e: null, context: Profile['context']) => void): void => {
    profile = profiles.server(info, name)
    if (socket !== null) demand(socket, profile)
    done(null, profile.context)
  }
  // A hello that lies in `plain` already is read here.
  socket = new TLSSocket(plain, {
    isServer: true,
    secureContext: profile.context,
    SNICallback: choose,
    requestCert: true,
    rejectUnauthorized: false,
  })
  const made = socket
  demand(made, profile)
  const peer = `TLS peer ${inBrackets(canonical(plain.remoteAddress ?? ''))}:${plain.remotePort}`
  let verb = 'refused'
  // The runtime leaves them to its own servers. The alert has gone out.
  made.on('_tlsError', (error: Error) => {
    error.message = `${peer} ${verb}: ${reasonOf(error) ?? error.message}`
    made.destroy(error)
  })
  made.once('secure', () => {
    verb = 'failed'
    judges.set(made, profile)
    judge(made)
  })
  return made
}

function demand(socket: TLSSocket, profile: Profile): void {
  handleOf(socket)?.setVerifyMode(asksForCertificate(profile), mustShowCertificate(profile))
}

/** Notes what was found out about the certificate, as the runtime does for its own servers. */
function judge(socket: TLSSocket): void {
  const error = handleOf(socket)?.verifyError() ?? null
  socket.authorized = error === null && socket.getPeerX509Certificate() !== undefined
  if (error !== null) socket.authorizationError = error.code as unknown as Error
}
