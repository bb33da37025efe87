// Which certificate a connection gets, whom it is asked of, and what a config of none is told.
import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, it, test } from 'vitest'
import { readTlsConfig } from '../../../../../server/modules/tls/config-file.ts'
import { asksForCertificate } from '../../../../../server/modules/tls/profile.ts'
import { Profiles } from '../../../../../server/modules/tls/profiles.ts'
import { socketInfo, TLS } from '../../../../../server/sip/transport.ts'
import { Authority } from '../../../../kit/certificates.ts'
import { NO_PROFILE } from '../../../../kit/tls-profile.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const { certificate, key } = authority.sign('one', '/CN=one')
const FILES = `certificate = ${certificate}\nprivate_key = ${key}\n`
const HERE = socketInfo(TLS, '127.0.0.1', 5061, null, '')

const profiles = (text: string): Profiles =>
  new Profiles(NO_PROFILE, readTlsConfig(text, 'tls.cfg'))

describe('the profile of a connection that came in', () => {
  it('is one of its address when the client names nobody, the last one when all have names', () => {
    const all = profiles(`[server:default]\n${FILES}
[server:127.0.0.1:5061]\nserver_name = a.x\n${FILES}
[server:127.0.0.1:5061]\nserver_name = b.x\n${FILES}`)
    const named = ['', 'a.x', 'b.x', 'c.x'].map(name => all.server(HERE, name).server_name)
    expect(named).toEqual(['b.x', 'a.x', 'b.x', ''])
  })

  it('asks for a certificate only where one is looked at', () => {
    const asked = (line: string) =>
      asksForCertificate(profiles(`[server:default]\n${FILES}${line}`).server(HERE, ''))
    const lines = ['', 'verify_client = off', 'verify_client = optional', 'verify_client = On']
    expect(lines.map(asked)).toEqual([false, false, true, true])
    expect(['verify_certificate = yes', 'require_certificate = yes'].map(asked)).toEqual([
      true,
      true,
    ])
  })
})

test('a verify_client that is none is refused, as nobody knows what was meant', () => {
  expect(() => profiles('[server:default]\nverify_client = maybe')).toThrow(
    'TLSs<default>: unknown verify_client "maybe"',
  )
})

describe('a socket without any certificate', () => {
  it.each([
    ['', 'TLSs<default>: no certificate for tls:127.0.0.1:5061'],
    ['[client:default]\n', 'TLSs<default>: no certificate for tls:127.0.0.1:5061'],
    ['[server:127.0.0.1:5061]\n', 'TLSs<127.0.0.1:5061>: no certificate for tls:127.0.0.1:5061'],
  ])('is refused: %j', (text, why) => {
    expect(() => profiles(text).checkServer(HERE)).toThrow(why)
  })

  it.each(['[server:default]\n', '[server:127.0.0.1:5061]\n', '[server:any]\nserver_name = a.x\n'])(
    'is none with %j and a certificate',
    head => expect(() => profiles(`${head}${FILES}`).checkServer(HERE)).not.toThrow(),
  )
})

describe('what OpenSSL does not take', () => {
  it('is told with the files and the ciphers of the profile', () => {
    const other = authority.sign('two', '/CN=two')
    expect(() =>
      profiles(`[server:default]\ncertificate = ${certificate}\nprivate_key = ${other.key}`),
    ).toThrow(`TLSs<default>: certificate '${certificate}', private_key '${other.key}': error:`)
    expect(() => profiles(`[server:default]\n${FILES}cipher_list = NONE`)).toThrow(
      /cipher_list 'NONE': .*no cipher match/,
    )
  })

  it('is told for a key with a password, which nobody is there to type', () => {
    const locked = `${key}.locked`
    const args = ['pkey', '-in', key, '-aes256', '-passout', 'pass:secret', '-out', locked]
    execFileSync('openssl', args)
    expect(() =>
      profiles(`[server:default]\ncertificate = ${certificate}\nprivate_key = ${locked}`),
    ).toThrow(`tls.cfg:1: TLSs<default>: Unable to load private key '${locked}': it has a password`)
  })
})
