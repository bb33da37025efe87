// A node that listens for TLS with a tls.cfg of the test's, and a client that looks at it.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConnectionOptions, type TLSSocket, connect } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Authority, KeyPair } from './certificates.ts'
import { freePort } from './ports.ts'
import { KAMAILIO, type SipServer, serverForTest } from './server.ts'

/** A section of tls.cfg. */
export const profile = (head: string, { certificate, key }: KeyPair, more = ''): string =>
  `[${head}]\nprivate_key = ${key}\ncertificate = ${certificate}\n${more}\n`

/** Writes a tls.cfg and returns its path. */
export const tlsFile = (authority: Authority, text: string): string => {
  const path = join(authority.folder, `tls-${Math.random()}.cfg`)
  writeFileSync(path, text)
  return path
}

const script = (tlsPort: number, file: string): string =>
  `#!KAMAILIO
children=1
enable_tls=yes
listen=tls:127.0.0.1:${tlsPort}
loadmodule "ctl.so"
loadmodule "cfg_rpc.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "tls.so"
modparam("tls", "config", "${file}")
request_route {
  append_to_reply("X-Name: $tls_peer_server_name\\r\\n");
  append_to_reply("X-Peer: $tls_peer_subject_cn $tls_peer_verified\\r\\n");
  $var(checked) = @tls.peer.verified;
  $var(mine) = @tls.my.subject.cn;
  $var(name) = @tls.server_name;
  append_to_reply("X-Select: $sel(tls.peer.subject.cn) $var(checked) $var(mine) $var(name) ");
  append_to_reply("$sel(tls.version)\\r\\n");
  if (is_peer_verified()) append_to_reply("X-Good: yes\\r\\n");
  append_to_reply("X-Cipher: $tls_version $tls_cipher_bits $proto\\r\\n");
  sl_send_reply("200", "OK");
}`

export interface SecureNode {
  readonly sip: SipServer
  readonly port: number
}

/** A node with this tls.cfg, and the port of its TLS socket. */
export async function secureNode(file: string, original = KAMAILIO): Promise<SecureNode> {
  const port = await freePort()
  const sip = await serverForTest({ config: script(port, file), original })
  return { sip, port }
}

export const OPTIONS =
  'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK1\r\n' +
  'From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n' +
  'Content-Length: 0\r\n\r\n'

/** A client's connection after the handshake; it asks for sip.example.org. */
export async function dial(
  authority: Authority,
  { port }: SecureNode,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const ca = readFileSync(authority.certificate)
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'sip.example.org', ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket.setEncoding('latin1')
}

/** The reply to an OPTIONS over this connection. */
export async function ask(socket: TLSSocket): Promise<string> {
  const answer = once(socket, 'data')
  socket.write(OPTIONS)
  return String((await answer)[0])
}

/** Shows this certificate. */
export const credentials = ({ certificate, key }: KeyPair): ConnectionOptions => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
})
