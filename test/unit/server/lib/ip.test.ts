import { describe, expect, it, onTestFinished } from 'vitest'
import {
  Network,
  canonical,
  familyOf,
  inet6Text,
  inet6Write,
  writeInet6As,
  written,
} from '../../../../server/lib/ip.ts'

describe('addresses', () => {
  it('tells families apart', () => {
    expect(['192.0.2.1', '[::1]', '::1', 'example.org', '1.2.3', '[::1'].map(familyOf)).toEqual([
      2, 10, 10, 0, 0, 0,
    ])
  })

  it('has one spelling for one address', () => {
    expect(canonical('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
    expect(canonical('[::FFFF:192.0.2.1]')).toBe('::ffff:c000:201')
    expect(canonical('EXAMPLE.org')).toBe('example.org')
  })

  it('writes and reads the 16 bytes of IPv6', () => {
    const bytes = Buffer.alloc(18)
    for (const text of ['::1', '2001:db8::8:800:200c:417a', 'fe80::1']) {
      inet6Write(bytes, 1, text)
      expect(inet6Text(bytes, 1)).toBe(text)
    }
  })
})

describe('written addresses', () => {
  it('are written as ipv6_hex_style wants', () => {
    onTestFinished(() => writeInet6As('c'))
    const all = () => ['2001:db8::a:0', '::1', '192.0.2.1'].map(written)
    expect(all()).toEqual(['2001:db8::a:0', '::1', '192.0.2.1'])
    writeInet6As('a')
    expect(all()).toEqual(['2001:db8:0:0:0:0:a:0', '0:0:0:0:0:0:0:1', '192.0.2.1'])
    writeInet6As('A')
    expect(all()).toEqual(['2001:DB8:0:0:0:0:A:0', '0:0:0:0:0:0:0:1', '192.0.2.1'])
  })
})

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.1.2', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['192.0.2.0/255.255.255.0', '192.0.2.200', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['0.0.0.0/0', '::1', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(Network.parse(network)?.contains(address)).toBe(expected)
  })

  it.each(['10.0.0.0/33', '10.0.0/8', 'x/8', '10.0.0.0/::1'])('refuses %s', text => {
    expect(Network.parse(text)).toBeNull()
  })
})
