// tls.cfg is read, and profiles are chosen, as the real Kamailio did it when it was recorded.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { BadValue } from '../../../server/core/module/index.ts'
import { readTlsConfig } from '../../../server/modules/tls/config-file.ts'
import type { Profile } from '../../../server/modules/tls/profile.ts'
import { Profiles } from '../../../server/modules/tls/profiles.ts'
import { socketInfo, TLS } from '../../../server/sip/transport.ts'
import { NO_PROFILE } from '../../kit/tls-profile.ts'
import { type Alert, readClientFacts, SERVER_IP, SERVER_PORT } from './client-facts.ts'
import { Certificates, PORTS, readFacts } from './facts.ts'

const certificates = new Certificates()
afterAll(() => certificates.remove())
const SOCKETS = PORTS.map(port => socketInfo(TLS, '127.0.0.1', port, null, ''))

/** What a node starts with that listens on these sockets; throws BadValue when it does not. */
function profiles(file: string, sockets = SOCKETS): Profiles {
  const shown = { ...NO_PROFILE, certificate: `${certificates.authority.folder}/cert.pem` }
  const all = new Profiles(NO_PROFILE, readTlsConfig(certificates.text(file), 'tls.cfg'), shown)
  all.checkAddresses(sockets)
  for (const socket of sockets) all.checkServer(socket)
  return all
}

const commonName = ({ options: { cert } }: Profile): string =>
  cert === undefined ? '' : new X509Certificate(cert as Buffer).subject.slice('CN='.length)

/** What Kamailio refuses and we take. */
const TAKEN_HERE = [
  // Versions that it learned later.
  /^method = (TLSv1\.3\+?|any)$/m,
  // The suites of TLSv1.3 have a list of their own there.
  /^cipher_list = TLS_AES_128_GCM_SHA256$/m,
  // A key that lies in the file of the certificate, and quotes of the other kind.
  /^private_key = '/m,
]

/** What it starts with, and nobody could connect then: a list of what is revoked that is none. */
const REFUSED_HERE = /^crl = .*a\.pem$/m

/** Not even with the profile that nobody needs: the one of the sockets that have theirs. */
const needsNoDefault = (file: string): boolean =>
  /^\[server:127.0.0.1:24061\]/.test(file) || /^\[server:any\]/.test(file)

describe('tls.cfg', () => {
  const facts = readFacts().filter(
    ({ file }) =>
      ![...TAKEN_HERE, REFUSED_HERE].some(one => one.test(file)) && !needsNoDefault(file),
  )
  test.each(facts)('as Kamailio reads it: $file $params', ({ file, names, starts, shown }) => {
    if (starts === false) {
      expect(() => profiles(file)).toThrow(BadValue)
      return
    }
    const all = profiles(file)
    const came = names?.map(name => SOCKETS.map(socket => commonName(all.server(socket, name))))
    expect(came).toEqual(shown)
  })

  test.each(readFacts().filter(({ file }) => TAKEN_HERE.some(one => one.test(file))))(
    'is taken here: $file',
    ({ file, starts }) => {
      expect(starts).toBe(false)
      expect(() => profiles(file)).not.toThrow()
    },
  )
})

test('a list of what is revoked that is none is refused, with the section', () => {
  const facts = readFacts().filter(({ file }) => REFUSED_HERE.test(file))
  expect(facts.map(({ starts }) => starts)).toEqual([true])
  expect(() => profiles(facts[0]!.file)).toThrow(/^tls\.cfg:1: TLSs<default>: .*crl '/)
})

describe('a connection that we open', () => {
  test.each(readClientFacts().choices)('shows what Kamailio shows: $file', one => {
    const all = profiles(one.file)
    const shown = one.asked.map(({ name: serverName, id: serverId }) =>
      commonName(all.client(SERVER_IP, SERVER_PORT, { serverName, serverId }, '127.0.0.1')),
    )
    expect(shown).toEqual(one.shown)
  })

  test('takes the section of the address of its peer, too, which Kamailio only says', () => {
    const all = profiles(
      '[server:default]\n{a}\n[client:127.0.0.2:24063]\n{b}\n[client:127.0.0.3:24063]\n{c}\n',
    )
    const nothing = { serverName: '', serverId: '' }
    const shown = ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map(ip =>
      commonName(all.client(ip, SERVER_PORT, nothing, '127.0.0.1')),
    )
    expect(shown).toEqual(['b', 'c', ''])
  })

  /** What a server sees of a client with these rules. */
  async function told({ rules, server: name, version }: Alert): Promise<string> {
    const { certificate, key } = certificates.pair(name)
    const cert = { cert: readFileSync(certificate), key: readFileSync(key) }
    const server = createServer({
      ...cert,
      maxVersion: version,
      requestCert: true,
      rejectUnauthorized: false,
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const heard = new Promise<string>(resolve => {
      server.on('tlsClientError', ({ message }) =>
        resolve(/alert ([a-z ]+)/.exec(message)?.[1] ?? message),
      )
      server.on('secureConnection', socket => socket.on('data', () => resolve('served')))
    })
    const file = `[server:default]\n{a}\n[client:default]\n{a}\nca_list = {folder}/ca.pem\n${rules}`
    const nothing = { serverName: '', serverId: '' }
    const { context } = profiles(file).client(SERVER_IP, SERVER_PORT, nothing)
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      secureContext: context,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    })
    socket.on('error', () => undefined)
    socket.once('secureConnect', () => socket.write('OPTIONS'))
    const outcome = await heard
    socket.destroy()
    server.close()
    return outcome
  }

  test.each(readClientFacts().alerts)(
    'tells a server that shows $server by $version what Kamailio tells it: $rules',
    async alert => expect(await told(alert)).toBe(alert.told),
  )
})
