// TLS as operators set it up: profiles by name, certificates of clients, a reload under way, and a
// call between phones of different transports through one node.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { Authority } from '../kit/certificates.ts'
import {
  ask,
  credentials,
  dial as dialNode,
  OPTIONS,
  profile,
  type SecureNode,
  secureNode,
  tlsFile as writeTlsFile,
} from '../kit/secure-node.ts'

const authority = new Authority()
const stranger = new Authority('/CN=Nobody we know')
afterAll(() => {
  authority.remove()
  stranger.remove()
})
const server = authority.sign('server', '/CN=sip.example.org', 'DNS:sip.example.org')
const other = authority.sign('other', '/CN=other.example.net', 'DNS:other.example.net')
const phone = authority.sign('phone', '/O=Acme/CN=phone.example.org', 'IP:127.0.0.1')
const intruder = stranger.sign('phone', '/CN=phone.example.org')

const tlsFile = (text: string): string => writeTlsFile(authority, text)
const dial = (node: SecureNode, options: ConnectionOptions = {}) =>
  dialNode(authority, node, options)

describe('TLS', () => {
  test('shows the certificate of the profile for the name that is asked for', async () => {
    const file = tlsFile(
      profile('server:default', server) +
        profile('server:any', other, 'server_name = example.net\nserver_name_mode = 1'),
    )
    const node = await secureNode(file)
    const first = await dial(node)
    expect(first.getPeerCertificate().subject.CN).toBe('sip.example.org')
    expect(await ask(first)).toContain('X-Name: sip.example.org')
    const second = await dial(node, { servername: 'other.example.net' })
    expect(second.getPeerCertificate().subject.CN).toBe('other.example.net')
    expect(await ask(second)).toContain('X-Cipher: TLSv1.3 256 tls')
  })

  test('takes only clients with a good certificate where it says so', async () => {
    const demands = 'verify_certificate = yes\nrequire_certificate = yes'
    const rules = `ca_list = ${authority.certificate}\n${demands}`
    const node = await secureNode(tlsFile(profile('server:default', server, rules)))
    const known = await dial(node, credentials(phone))
    const reply = await ask(known)
    expect(reply).toContain('X-Peer: phone.example.org 1')
    expect(reply).toContain('X-Good: yes')
    for (const [options, alert] of [
      [{}, 'certificate required'],
      [credentials(intruder), 'unknown ca'],
    ] as const) {
      const socket = await dial(node, options)
      socket.write(OPTIONS)
      await expect(once(socket, 'close')).rejects.toThrow(`alert ${alert}`)
      expect(socket.bytesRead).toBeLessThan(5000)
    }
    await node.sip.logged(/refused: peer did not return a certificate/)
    await node.sip.logged(/refused: bad certificate: /)
  })

  test('speaks no older version than the method', async () => {
    const node = await secureNode(tlsFile(profile('server:default', server, 'method = TLSv1.3')))
    const refused = dial(node, { maxVersion: 'TLSv1.2' })
    await expect(refused).rejects.toThrow(/protocol version|alert/)
    expect(await ask(await dial(node))).toContain('X-Cipher: TLSv1.3')
  })

  test('takes a new file and keeps its connections; a bad one changes nothing', async () => {
    const file = tlsFile(profile('server:default', server))
    const node = await secureNode(file)
    const before = await dial(node)
    await ask(before)
    writeFileSync(file, profile('server:default', other))
    expect(await node.sip.rpc('tls.reload')).toContain('Ok. TLS configuration reloaded.')
    const after = await dial(node, { servername: 'other.example.net' })
    expect(after.getPeerCertificate().subject.CN).toBe('other.example.net')
    expect(await ask(before)).toContain('SIP/2.0 200')
    expect(await node.sip.rpc('tls.info')).toContain('opened_connections: 2')
    expect(await node.sip.rpc('tls.list')).toMatch(/cipher: TLS_\S+ +TLSv1.3 Kx=any/)
    writeFileSync(file, '[server:default]\ncertificate = /nowhere.pem\ncolour = blue\n')
    expect(await node.sip.rpc('tls.reload')).toContain(':3: unknown attribute colour')
    writeFileSync(file, '[server:default]\ncertificate = /nowhere.pem\n')
    expect(await node.sip.rpc('tls.reload')).toMatch(
      /:1: TLSs<default>: Unable to load certificate file '\/nowhere\.pem': ENOENT/,
    )
    expect(await ask(await dial(node, { servername: 'other.example.net' }))).toContain('200 OK')
  })
})
