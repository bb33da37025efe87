// How handshakes end, and which alert tells a peer why it is refused. The table is what Kamailio
// 5.6.3 did with `openssl s_client` and the same files.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { accept } from '../../../../../server/modules/tls/accept.ts'
import { readTlsConfig } from '../../../../../server/modules/tls/config-file.ts'
import { Profiles } from '../../../../../server/modules/tls/profiles.ts'
import { socketInfo, TLS } from '../../../../../server/sip/transport.ts'
import { Authority, type KeyPair } from '../../../../kit/certificates.ts'
import { run } from '../../../../kit/child.ts'
import { NO_PROFILE } from '../../../../kit/tls-profile.ts'

const authority = new Authority()
const stranger = new Authority('/CN=Nobody we know')
const own = authority.sign('own', '/CN=own')
const phone = authority.sign('phone', '/CN=phone')
const late = authority.sign('late', '/CN=late', '', -1)
const deep = authority.signWithIntermediate('deep', '/CN=deep')
const intruder = stranger.sign('intruder', '/CN=intruder')
const gone = authority.sign('gone', '/CN=gone')
const revoked = authority.revoke(gone)
const FILES = `certificate = ${own.certificate}\nprivate_key = ${own.key}
ca_list = ${authority.certificate}\n`
const HERE = socketInfo(TLS, '127.0.0.1', 5061, null, '')

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => {
  authority.remove()
  stranger.remove()
})

interface Outcome {
  /** What the client saw: `served`, or the alert. */
  readonly client: string
  /** What went wrong here, '' when nothing did. */
  readonly error: string
  readonly authorized: boolean
}

/** A client that connects to a node with this tls.cfg. */
async function visit(text: string, options: ConnectionOptions): Promise<Outcome> {
  const profiles = new Profiles(NO_PROFILE, readTlsConfig(text, 'tls.cfg'))
  const here = { error: '', authorized: false }
  const server = createServer((plain: Socket) => {
    const socket = accept(profiles, HERE, plain, new WeakMap())
    socket.on('error', ({ message }) => {
      here.error = message.replace(/:\d+ /, ' ')
    })
    socket.once('secure', () => {
      here.authorized = socket.authorized
      socket.end('served')
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  let client = 'closed without a word'
  socket.on('data', bytes => {
    client = String(bytes)
  })
  socket.on('error', ({ message }) => {
    client = /alert ([a-z ]+)/.exec(message)?.[1] ?? message
  })
  await new Promise(done => socket.once('close', done))
  return { client, ...here }
}

const showing = ({ certificate, key }: KeyPair, version: 'TLSv1.2' | 'TLSv1.3') => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  maxVersion: version,
})

const MUST = 'verify_certificate = yes\nrequire_certificate = yes'

describe.each([['TLSv1.2'], ['TLSv1.3']] as const)('a client of %s', version => {
  const missing = version === 'TLSv1.2' ? 'handshake failure' : 'certificate required'
  it.each([
    // What tls.cfg says, without a certificate, with that of a stranger.
    ['', 'served', 'served'],
    [MUST, missing, 'unknown ca'],
    ['require_certificate = yes', missing, 'unknown ca'],
    ['verify_certificate = yes', 'served', 'unknown ca'],
    ['verify_client = on', missing, 'unknown ca'],
    ['verify_client = optional', 'served', 'unknown ca'],
    ['verify_client = optional_no_ca', 'served', 'served'],
    ['verify_client = optional_no_ca\nverify_certificate = yes', 'served', 'served'],
    ['verify_client = optional_no_ca\nrequire_certificate = yes', missing, 'served'],
  ])('is told by an alert what it lacks: %j', async (rules, without, withStrange) => {
    const text = `[server:default]\n${FILES}${rules}\n`
    expect((await visit(text, { maxVersion: version })).client).toBe(without)
    expect((await visit(text, showing(intruder, version))).client).toBe(withStrange)
    expect(await visit(text, showing(phone, version))).toEqual({
      client: 'served',
      error: '',
      authorized: rules !== '',
    })
  })

  it.each([
    ['certificate expired', late, '', 'certificate has expired'],
    ['certificate revoked', gone, `crl = ${revoked}`, 'certificate revoked'],
    ['unknown ca', deep, 'verify_depth = 0', 'unable to get local issuer certificate'],
    ['served', deep, 'verify_depth = 1', ''],
  ])('gets the alert for what is wrong: %s', async (alert, pair, more, why) => {
    const text = `[server:default]\n${FILES}${MUST}\n${more}\n`
    const { client, error } = await visit(text, showing(pair, version))
    expect(client).toBe(alert)
    expect(error).toBe(why === '' ? '' : `TLS peer 127.0.0.1 refused: bad certificate: ${why}`)
  })

  it('is asked for what the profile of the name asks, not that of the address', async () => {
    const strict = `[server:default]\n${FILES}${MUST}\n[server:any]\nserver_name = open.x\n${FILES}`
    const open = `[server:default]\n${FILES}[server:any]\nserver_name = shut.x\n${FILES}${MUST}\n`
    const ends = async (text: string, servername: string): Promise<string> =>
      (await visit(text, { maxVersion: version, servername })).client
    expect(await ends(strict, 'open.x')).toBe('served')
    expect(await ends(strict, 'other.x')).toBe(missing)
    expect(await ends(open, 'shut.x')).toBe(missing)
    expect(await ends(open, 'other.x')).toBe('served')
  })
})

describe.each([['TLSv1.2'], ['TLSv1.3']] as const)('a session of %s', maxVersion => {
  /** Is the second connection, which asks for another name, served by the session of the first? */
  async function resumed(text: string, ...names: readonly string[]): Promise<boolean[]> {
    const profiles = new Profiles(NO_PROFILE, readTlsConfig(text, 'tls.cfg'))
    const came: boolean[] = []
    const server = createServer(plain => {
      const socket = accept(profiles, HERE, plain, new WeakMap())
      socket.on('error', () => undefined)
      socket.once('secure', () => {
        came.push(socket.isSessionReused())
        socket.end('served')
      })
    })
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const saved = join(authority.folder, `session-${maxVersion}`)
    for (const [round, name] of names.entries()) {
      const version = maxVersion === 'TLSv1.2' ? '-tls1_2' : '-tls1_3'
      const who = ['-cert', phone.certificate, '-key', phone.key, '-servername', name]
      const args = ['s_client', '-ign_eof', '-connect', `127.0.0.1:${port}`, version, ...who]
      await run('openssl', [...args, round === 0 ? '-sess_out' : '-sess_in', saved])
    }
    return came
  }

  const whole = `[server:default]\n${FILES}${MUST}\n`

  it('is resumed where one profile is for every name', async () => {
    expect(await resumed(whole, 'a.x', 'a.x')).toEqual([false, true])
  })

  it('is not where names choose it: what one trusts is nothing to the other', async () => {
    const strict = `[server:any]\nserver_name = b.x\n${FILES}${MUST}\n`.replace(
      authority.certificate,
      stranger.certificate,
    )
    expect(await resumed(whole + strict, 'a.x', 'a.x')).toEqual([false, false])
    expect(await resumed(whole + strict, 'a.x', 'b.x')).toEqual([false])
  })
})

it('does not begin anew with a client that wants to (TLSv1.2)', async () => {
  const profiles = new Profiles(NO_PROFILE, readTlsConfig(`[server:default]\n${FILES}`, 'tls.cfg'))
  const server = createServer(plain => {
    const socket = accept(profiles, HERE, plain, new WeakMap())
    socket.on('data', () => socket.end('served'))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({
    ...{ host: '127.0.0.1', port, rejectUnauthorized: false },
    maxVersion: 'TLSv1.2',
  })
  await once(socket, 'secureConnect')
  const outcome = new Promise<string>(done => {
    socket.on('error', ({ message }) => done(message))
    socket.renegotiate({}, error => done(error?.message ?? 'begun anew'))
  })
  expect(await outcome).toMatch(/no renegotiation/)
  socket.destroy()
})

it('tells what else has gone wrong', async () => {
  const only = (rule: string): string => `[server:default]\n${FILES}${rule}\n`
  expect(await visit(only('method = TLSv1.3'), { maxVersion: 'TLSv1.2' })).toMatchObject({
    client: 'protocol version',
    error: 'TLS peer 127.0.0.1 refused: unsupported protocol',
  })
  const mine = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const
  expect(await visit(only('cipher_list = ECDHE-ECDSA-AES256-GCM-SHA384'), mine)).toMatchObject({
    client: 'handshake failure',
    error: 'TLS peer 127.0.0.1 refused: no shared cipher',
  })
})
