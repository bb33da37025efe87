// tls.cfg, cipher descriptions and what the variables tell of a certificate.
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { certificateValue, oneLine } from '../../../../../server/modules/tls/certificate.ts'
import { cipherBits, cipherDescription } from '../../../../../server/modules/tls/cipher-text.ts'
import { readTlsConfig } from '../../../../../server/modules/tls/config-file.ts'
import { versionsOf } from '../../../../../server/modules/tls/profile.ts'
import { Authority } from '../../../../kit/certificates.ts'

describe('tls.cfg', () => {
  it('has sections of attributes, comments and quotes', () => {
    const text = `
      # a comment
      [server:default]
      method = TLSv1.2+      # another
      verify_certificate = yes
      certificate = "/etc/a b.pem"
      [client:1.2.3.4:5061]
      verify_cert = off
      [server:[::1]:5061]
      [server:any]
      server_name = example.org
      server_name_mode = 1`
    expect(readTlsConfig(text, 'tls.cfg').map(({ at, ...rest }) => [at, rest])).toEqual([
      [
        'tls.cfg:3',
        {
          side: 'server',
          ip: 'default',
          port: 0,
          settings: { method: 'TLSv1.2+', verify_certificate: true, certificate: '/etc/a b.pem' },
        },
      ],
      [
        'tls.cfg:7',
        { side: 'client', ip: '1.2.3.4', port: 5061, settings: { verify_certificate: false } },
      ],
      ['tls.cfg:9', { side: 'server', ip: '::1', port: 5061, settings: {} }],
      [
        'tls.cfg:10',
        {
          side: 'server',
          ip: 'any',
          port: 0,
          settings: { server_name: 'example.org', server_name_mode: 1 },
        },
      ],
    ])
  })

  it('is refused with all that is wrong at once', () => {
    const text = `method = x
[server:nowhere:5061]
[client:default]
verify_depth = deep
require_certificate = maybe
colour = blue
loose words`
    expect(() => readTlsConfig(text, 'tls.cfg')).toThrow(
      [
        'tls.cfg:1: method stands in no section; begin with [server:default]',
        'tls.cfg:2: nowhere is no IP address',
        'tls.cfg:4: verify_depth is a number',
        'tls.cfg:5: require_certificate is yes or no',
        'tls.cfg:6: unknown attribute colour',
        'tls.cfg:7: "loose words" is neither [server:...], [client:...] nor name = value',
      ].join('\n'),
    )
  })

  it('knows the versions of the protocol', () => {
    expect(versionsOf('TLSv1.2')).toEqual({ min: 'TLSv1.2', max: 'TLSv1.2' })
    expect(versionsOf('TLSv1.1+')).toEqual({ min: 'TLSv1.1', max: 'TLSv1.3' })
    expect(versionsOf('any')).toEqual({ min: 'TLSv1', max: 'TLSv1.3' })
    expect(() => versionsOf('SSLv3')).toThrow('unknown TLS method SSLv3')
  })
})

describe('a cipher suite', () => {
  it('is described as OpenSSL describes it', () => {
    const lists = [
      ['-tls1_3', 'DEFAULT'],
      ['-tls1_2', 'ALL:!PSK:!SRP:!aNULL:!eNULL'],
    ]
    const lines = lists.flatMap(([version, list]) =>
      execFileSync('openssl', ['ciphers', '-v', '-s', version!, list!], { encoding: 'utf8' })
        .trim()
        .split('\n'),
    )
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      const [name, version] = line.split(/\s+/) as [string, string]
      const bits = Number(/Enc=\S+\((\d+)\)/.exec(line)![1])
      expect([cipherDescription(name, version).trimEnd(), cipherBits(name)]).toEqual([line, bits])
    }
  })
})

describe('a certificate', () => {
  const authority = new Authority()
  afterAll(() => authority.remove())
  const { certificate: file } = authority.sign(
    'phone',
    '/C=DE/ST=BE/L=Berlin/O=Acme/OU=Voice/CN=phone.example.org/UID=u1',
    'DNS:phone.example.org,email:a@example.org,URI:sip:example.org,IP:127.0.0.1',
  )
  const pem = readFileSync(file, 'utf8')
  const certificate = new X509Certificate(pem)
  const asked = (...args: string[]): string =>
    execFileSync('openssl', ['x509', '-in', file, '-noout', ...args], { encoding: 'utf8' }).trim()

  // The texts are those that the real Kamailio gave for a certificate of these names.
  it.each([
    ['version', '2'],
    ['subject', null],
    ['issuer', null],
    ['subject_cn', 'phone.example.org'],
    ['subject_locality', 'Berlin'],
    ['subject_country', 'DE'],
    ['subject_state', 'BE'],
    ['subject_organization', 'Acme'],
    ['subject_unit', 'Voice'],
    ['subject_uid', 'u1'],
    ['issuer_cn', 'Test CA'],
    ['san_email', 'a@example.org'],
    ['san_hostname', 'phone.example.org'],
    ['san_uri', 'sip:example.org'],
    ['san_ip', '127.0.0.1'],
  ])('tells %s', (name, value) => {
    expect(certificateValue(certificate, name)).toBe(value)
  })

  it('tells its number, times and itself', () => {
    const serial = asked('-serial').split('=')[1]!
    expect(certificateValue(certificate, 'serial')).toBe(String(BigInt(`0x${serial}`)))
    expect(`notBefore=${certificateValue(certificate, 'notBefore')}`).toBe(asked('-startdate'))
    expect(`notAfter=${certificateValue(certificate, 'notAfter')}`).toBe(asked('-enddate'))
    expect(certificateValue(certificate, 'raw_cert')).toBe(pem)
    const encoded = certificateValue(certificate, 'urlencoded_cert')!
    expect(decodeURIComponent(encoded)).toBe(pem)
    expect(encoded.startsWith('-----BEGIN%20CERTIFICATE-----%0aM')).toBe(true)
  })

  it('tells its names on one line', () => {
    expect(oneLine(certificate.issuer)).toBe('/C=US/ST=HI/L=Hilo/O=Ohana/OU=Ops/CN=Test CA')
  })
})
