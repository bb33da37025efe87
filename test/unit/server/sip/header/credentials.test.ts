// Credentials as phones and others write them. Kamailio's own readings are in test/compat/auth.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Credentials,
  MALFORMED,
  OTHER_SCHEME,
  parseCredentials,
} from '../../../../../server/sip/header/credentials.ts'

const parse = (text: string) => parseCredentials(text, 0, text.length, 0)

function read(text: string): Credentials {
  const found = parse(text)
  if (!(found instanceof Credentials)) throw new Error(`not read: ${text}`)
  return found
}

describe('parseCredentials', () => {
  it('reads what RFC 7616 section 3.9.1 shows', () => {
    const text =
      'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ' +
      'algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ' +
      'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, ' +
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", ' +
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    const found = read(text)
    expect(found).toMatchObject({
      username: 'Mufasa',
      user: 'Mufasa',
      domain: '',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm: 'SHA-256',
      nc: '00000001',
      qop: 'auth',
      protection: 'auth',
      complete: true,
    })
    expect(found.response).toHaveLength(64)
  })

  it('wants cnonce and nc only with a qop that it knows', () => {
    const parts = 'username="a", realm="b", nonce="c", uri="d", response="e"'
    expect(read(`Digest ${parts}`).complete).toBe(true)
    expect(read(`Digest ${parts}, qop=auth`).complete).toBe(false)
    expect(read(`Digest ${parts}, qop="AUTH-INT", nc=1`).complete).toBe(false)
    expect(read(`Digest ${parts}, qop=other`).complete).toBe(true)
  })

  it('reads within its bounds and no further', () => {
    const text = 'Digest username="a", realm="b"'
    const more = `${text}, realm="c"`
    expect(parseCredentials(more, 0, text.length, 5)).toMatchObject({ realm: 'b', at: 5 })
    for (let end = 0; end < text.length; end++) parseCredentials(text, 0, end, 0)
  })

  it.each([
    ['', OTHER_SCHEME],
    ['Digest', OTHER_SCHEME],
    ['Digester a="b"', OTHER_SCHEME],
    ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', OTHER_SCHEME],
    ['Digest ', MALFORMED],
    ['Digest a', MALFORMED],
    ['Digest a=', MALFORMED],
    ['Digest a="b', MALFORMED],
    ['Digest a=,b=c', MALFORMED],
    ['Digest a="b",', MALFORMED],
  ])('%j is %d', (text, expected) => {
    expect(parse(text)).toBe(expected)
  })

  it('never throws, and gives parts of what it was given', () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map(c => String.fromCharCode(c)),
    })
    const name = fc.constantFrom('username', 'realm', 'nonce', 'URI', 'response', 'qop', 'nc', 'x')
    const value = fc.oneof(
      bytes,
      bytes.map(text => `"${text}"`),
      fc.constant('"'),
    )
    const pair = fc.tuple(name, value).map(([key, text]) => `${key}=${text}`)
    const header = fc
      .tuple(fc.constantFrom('Digest ', 'digest,', 'DIGEST\t', ''), fc.array(fc.oneof(pair, bytes)))
      .map(([scheme, parts]) => scheme + parts.join(','))
    fc.assert(
      fc.property(header, text => {
        const found = parse(text)
        if (!(found instanceof Credentials)) return found === OTHER_SCHEME || found === MALFORMED
        return Object.values(found).every(part => typeof part !== 'string' || text.includes(part))
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('reads back what is written in quotes', () => {
    const text = fc.string({
      unit: fc.integer({ min: 32, max: 255 }).map(c => String.fromCharCode(c)),
    })
    const quoted = text.filter(one => !one.includes('"'))
    fc.assert(
      fc.property(quoted, quoted, quoted, (realm, nonce, uri) => {
        const found = read(`Digest realm="${realm}", nonce="${nonce}",uri="${uri}"`)
        return found.realm === realm && found.nonce === nonce && found.uri === uri
      }),
      { numRuns: 500, seed: 2 },
    )
  })
})
