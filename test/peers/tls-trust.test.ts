// Whom a node trusts: revoked, expired and deep certificates of clients, folders of authorities,
// limits, and files that do not fit together.
import { once } from 'node:events'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Authority, type KeyPair } from '../kit/certificates.ts'
import {
  ask,
  credentials,
  dial,
  OPTIONS,
  profile,
  secureNode,
  tlsFile,
} from '../kit/secure-node.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const server = authority.sign('server', '/CN=sip.example.org', 'DNS:sip.example.org')
const phone = authority.sign('phone', '/CN=phone.example.org')

const trusting = (more: string): string =>
  profile('server:default', server, `verify_certificate = yes\nrequire_certificate = yes\n${more}`)
const file = (text: string): string => tlsFile(authority, text)
const known = `ca_list = ${authority.certificate}\n`

/** Is a client with this certificate served? */
async function isServed(node: Awaited<ReturnType<typeof secureNode>>, who: KeyPair) {
  const socket = await dial(authority, node, credentials(who))
  socket.on('error', () => undefined)
  const closed = new Promise<string>(done => socket.once('close', () => done('')))
  return (await Promise.race([ask(socket).catch(() => ''), closed])).startsWith('SIP/2.0 200')
}

describe('certificates of clients', () => {
  test('one that is revoked is refused, also after a reload of the list', async () => {
    const [first, second] = ['first', 'second'].map(name => authority.sign(name, `/CN=${name}`))
    const node = await secureNode(file(trusting(`${known}crl = ${authority.revoke(first!)}`)))
    expect(await isServed(node, first!)).toBe(false)
    expect(await isServed(node, second!)).toBe(true)
    authority.revoke(second!)
    expect(await node.sip.rpc('tls.reload')).toContain('Ok.')
    expect(await isServed(node, second!)).toBe(false)
    expect(await isServed(node, phone)).toBe(true)
  })

  test('one that has expired is refused', async () => {
    const node = await secureNode(file(trusting(known)))
    expect(await isServed(node, authority.sign('old', '/CN=old', '', -1))).toBe(false)
    expect(await isServed(node, phone)).toBe(true)
  })

  test('authorities are read from a folder, too', async () => {
    const folder = join(authority.folder, 'trusted')
    mkdirSync(folder)
    copyFileSync(authority.certificate, join(folder, 'ours.pem'))
    const node = await secureNode(file(trusting(`ca_path = ${folder}`)))
    expect(await isServed(node, phone)).toBe(true)
  })

  test('verify_depth counts the certificates in between', async () => {
    const deep = authority.signWithIntermediate('deep', '/CN=deep.example.org')
    const shallow = await secureNode(file(trusting(`${known}verify_depth = 0`)))
    expect(await isServed(shallow, deep)).toBe(false)
    expect(await isServed(shallow, phone)).toBe(true)
    const enough = await secureNode(file(trusting(`${known}verify_depth = 1`)))
    expect(await isServed(enough, deep)).toBe(true)
  })
})

describe('the configuration', () => {
  test('a key that is not the one of the certificate is refused at once', async () => {
    const mixed = { certificate: server.certificate, key: phone.key }
    const starting = secureNode(file(profile('server:default', mixed)))
    await expect(starting).rejects.toThrow(/TLSs<default>.*key/)
  })

  test('another file is taken by cfg.set and tls.reload', async () => {
    const node = await secureNode(file(profile('server:default', server)))
    const other = authority.sign('other', '/CN=other.example.net', 'DNS:other.example.net')
    await node.sip.rpc('cfg.set', 'tls', 'config', file(profile('server:default', other)))
    const before = await dial(authority, node)
    expect(before.getPeerCertificate().subject.CN).toBe('sip.example.org')
    expect(await node.sip.rpc('tls.reload')).toContain('Ok. TLS configuration reloaded.')
    const after = await dial(authority, node, { servername: 'other.example.net' })
    expect(after.getPeerCertificate().subject.CN).toBe('other.example.net')
    expect(await ask(before)).toContain('SIP/2.0 200')
  })

  test('connections over tls_max_connections are refused', async () => {
    const node = await secureNode(file(profile('server:default', server)))
    await node.sip.rpc('cfg.set', 'tcp', 'max_tls_connections', '2')
    const [first, second] = [await dial(authority, node), await dial(authority, node)]
    await expect(dial(authority, node)).rejects.toThrow(/ECONNRESET|disconnected|socket hang up/)
    expect(await ask(first)).toContain('SIP/2.0 200')
    second.destroy()
    await expect.poll(() => dial(authority, node).then(ask, () => '')).toContain('SIP/2.0 200')
  })

  test('selects tell the same as the variables', async () => {
    const node = await secureNode(file(trusting(known)))
    const socket = await dial(authority, node, credentials(phone))
    const reply = await ask(socket)
    expect(reply).toContain(
      'X-Select: phone.example.org 1 sip.example.org sip.example.org TLSv1.3\r\n',
    )
  })

  test('a client that only connects does no harm', async () => {
    const node = await secureNode(file(profile('server:default', server)))
    const socket = await dial(authority, node)
    socket.write(OPTIONS.slice(0, 30))
    socket.destroy()
    expect(await ask(await dial(authority, node))).toContain('SIP/2.0 200')
    // One that says at once that it sends nothing more hears the reply before we close, too.
    const hasty = await dial(authority, node)
    let heard = ''
    hasty.on('data', chunk => {
      heard += String(chunk)
    })
    const ended = once(hasty, 'close')
    hasty.end(OPTIONS)
    await ended
    expect(heard).toContain('SIP/2.0 200')
  })
})
