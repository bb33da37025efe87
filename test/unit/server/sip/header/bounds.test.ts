// The scanners find what the readers read, without making anything.
import { describe, expect, test } from 'vitest'
import { parseNameAddress } from '../../../../../server/sip/header/address.ts'
import {
  AddressBounds,
  countTags,
  hasTag,
  isUri,
  scanAddress,
} from '../../../../../server/sip/header/bounds.ts'
import { parseUri } from '../../../../../server/sip/uri.ts'

const URIS = [
  'sip:a@b',
  'SIP:a@B.example',
  'sips:b',
  'tel:+1-2;x=y',
  'tels:1',
  'urn:service:sos',
  'sip:a:p@b:5060;x=1;lr?h=1',
  'sip:user;par=u%40example.net@example.com',
  'sip:[2001:db8::1]:5060',
  'sip:b:65535',
  'sip:b:65536',
  'sip:b:',
  'sip:b:123456',
  'sip:',
  'sip:@b',
  'sip::p@b',
  'sip:a@',
  'sip:a b@c',
  'sip:a@b c',
  'sip:a@b>',
  'sip:<a@b',
  'sip:a@[::1',
  'http://b',
  'urns:x',
  'sipx:b',
  'tel:',
  'tel:;x',
  '',
  'sip',
  ':a@b',
  '"sip:a@b',
]

describe('URIs', () => {
  test.for(URIS)('%j is one for both or for none', text => {
    const padded = `xx${text}>;yy`
    expect(isUri(padded, 2, 2 + text.length)).toBe(parseUri(text) !== null)
  })
})

const ADDRESSES = [
  '<sip:a@b>',
  '<sip:a@b>;tag=1',
  'sip:a@b;tag=1',
  'sip:a@b',
  '"A, \\" B" <sip:a@b;lr> ; tag = 1',
  'A B <sip:a@b>',
  ' \r\n < sip:a@b > ;x',
  '',
  '<sip:a@b',
  '"A <sip:a@b>',
  '<sip:a@b> x',
  '  ',
]

describe('addresses', () => {
  test.for(ADDRESSES)('%j has the same URI for both', text => {
    const bounds = new AddressBounds()
    const found = scanAddress(`,,${text},,`, 2, 2 + text.length, bounds)
    const read = parseNameAddress(text)
    expect(found).toBe(read !== null)
    if (read !== null) expect(`,,${text},,`.slice(bounds.uriStart, bounds.uriEnd)).toBe(read.uri)
  })

  test.for(['Bell, Alexander <sip:a@b>', 'A@B <sip:a@b>', 'A "B" <sip:a@b>'])(
    'a display name of other things than tokens is refused: %s',
    text => {
      expect(scanAddress(text, 0, text.length, new AddressBounds())).toBe(false)
    },
  )

  test('bytes above ASCII are let through', () => {
    const text = 'J\xc3\xbcrgen <sip:a@b>'
    expect(scanAddress(text, 0, text.length, new AddressBounds())).toBe(true)
  })
})

describe('tags', () => {
  test.for([
    ['tag=1', 1, true],
    [' TAG = 1', 1, true],
    ['x;tag=1;tag=2', 2, true],
    ['tag', 1, false],
    ['tag=', 1, false],
    ['tagx=1;xtag=2', 0, false],
    ['x=";tag=1";y', 0, false],
    ['', 0, false],
  ] as const)('%j has %i', ([text, count, has]) => {
    expect(countTags(text, 0, text.length)).toBe(count)
    expect(hasTag(text, 0, text.length)).toBe(has)
  })
})
