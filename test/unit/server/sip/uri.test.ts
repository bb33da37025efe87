import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { partsOf, printUri } from '../../../../server/sip/uri-print.ts'
import {
  allowInHosts,
  findParam,
  parseUri,
  takePhonesAsNumbers,
  uriTransport,
} from '../../../../server/sip/uri.ts'
import { TCP, TLS, UDP } from '../../../../server/sip/transport.ts'

describe('parseUri', () => {
  it('takes further characters of hosts where they are allowed', () => {
    onTestFinished(() => allowInHosts(''))
    expect(parseUri('sip:a@b*c+d')).toBe(null)
    allowInHosts('*+')
    expect(parseUri('sip:a@b*c+d:5070')).toMatchObject({ host: 'b*c+d', port: '5070' })
    expect(parseUri('sip:a@b*c#d')).toBe(null)
  })

  it('takes the parts of RFC 3261 section 19.1.1', () => {
    const uri = parseUri('sip:alice:secret@[2001:db8::1]:5070;transport=tcp;lr?subject=x')
    expect(uri).toMatchObject({
      scheme: 'sip',
      user: 'alice',
      password: 'secret',
      host: '[2001:db8::1]',
      port: '5070',
      params: 'transport=tcp;lr',
      headers: 'subject=x',
    })
    expect(uri?.looseRoute).toBe(true)
    expect(uri?.transport).toBe(TCP)
  })

  it('lets a user hold ; and ?, and takes no empty one, as Kamailio', () => {
    expect(parseUri('sip:a;b?c@example.org')).toMatchObject({ user: 'a;b?c', host: 'example.org' })
    expect(parseUri('sip:example.org')?.hasUser).toBe(false)
    for (const text of ['sip:@example.org', 'sip::pw@example.org', 'sips:@example.org:5061'])
      expect(parseUri(text)).toBeNull()
  })

  it('knows tel URIs', () => {
    expect(parseUri('tel:+1-212-555-0101;phone-context=x')).toMatchObject({
      scheme: 'tel',
      user: '+1-212-555-0101',
    })
  })

  it.each([
    '',
    'sip:',
    'http://a',
    'sip:a@',
    'sip:a@b:',
    'sip:a@b:99999',
    'sip:a b@c',
    'sip:a@[::1',
    'sip:a@b>x',
    'sip:a@b/c',
  ])('refuses %j', text => {
    expect(parseUri(text)).toBeNull()
  })

  it('prints again what it read, for any URI it takes', () => {
    const user = fc.stringMatching(/^[a-z0-9.+;?-]{1,8}$/)
    const host = fc.oneof(
      fc.stringMatching(/^[a-z0-9]{1,6}\.[a-z]{2,3}$/),
      fc.constant('[::1]'),
      fc.ipV4(),
    )
    const params = fc.stringMatching(/^([a-z]{1,4}(=[a-z0-9]{1,3})?)?$/)
    fc.assert(
      fc.property(user, host, params, fc.nat(65535), (u, h, p, port) => {
        const text = `sip:${u}@${h}:${port}${p === '' ? '' : `;${p}`}`
        expect(printUri(partsOf(parseUri(text)!))).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('takes a user with user=phone as a telephone number (phone2tel)', () => {
    onTestFinished(() => takePhonesAsNumbers(true))
    const text = 'sip:+49301;ext=5:pw@h:5070;x=1;user=phone'
    const uri = parseUri(text)!
    expect(uri).toMatchObject({ user: '+49301', numberParams: ';ext=5', password: 'pw' })
    expect([uri.isPhone, uri.wholeUser, uri.host]).toEqual([true, '+49301;ext=5', 'h'])
    expect(printUri(partsOf(uri))).toBe(text)
    expect(printUri({ ...partsOf(uri), user: '1' })).toBe(text.replace('+49301', '1'))
    expect(parseUri('sip:1;ext=5@h;user=PHONE')).toMatchObject({ user: '1;ext=5', isPhone: false })
    takePhonesAsNumbers(false)
    expect(parseUri(text)).toMatchObject({ user: '+49301;ext=5', numberParams: '', isPhone: false })
  })

  it('never throws on anything', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        parseUri(text)
        parseUri(`sip:${text}`)
      }),
      { numRuns: 500 },
    )
    expect(parseUri('sip:\u0000')).toBeNull()
  })
})

describe('findParam', () => {
  it('tells no value from no parameter and leaves quotes alone', () => {
    expect(findParam('a=1;B ;c="x;y"; d = 2', 'b')).toBe('')
    expect(findParam('a=1;B ;c="x;y"; d = 2', 'C')).toBe('"x;y"')
    expect(findParam('a=1;B ;c="x;y"; d = 2', 'd')).toBe('2')
    expect(findParam('ab=1', 'a')).toBeNull()
  })
})

describe('uriTransport', () => {
  it('is TLS for sips, the parameter, else UDP', () => {
    expect(uriTransport(parseUri('sips:a@b')!)).toBe(TLS)
    expect(uriTransport(parseUri('sip:a@b;transport=TCP')!)).toBe(TCP)
    expect(uriTransport(parseUri('sip:a@b')!)).toBe(UDP)
  })
})
