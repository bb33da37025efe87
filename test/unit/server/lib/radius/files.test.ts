import { describe, expect, test } from 'vitest'
import { readRadiusConfig } from '../../../../../server/lib/radius/config.ts'
import {
  decodeValue,
  Dictionary,
  encodeValue,
} from '../../../../../server/lib/radius/dictionary.ts'

const reader = (files: Record<string, string>) => (path: string) => {
  const text = files[path]
  if (text === undefined) throw new Error(`no file ${path}`)
  return text
}

function load(files: Record<string, string>): Dictionary {
  const made = new Dictionary()
  made.load('/d/dictionary', reader(files))
  return made
}

describe('radiusclient.conf', () => {
  const servers = '# secrets\nradius.example.org one\n10.0.0.2/10.0.0.3\ttwo\n'
  const config = (text: string) =>
    readRadiusConfig('/c', reader({ '/c': `dictionary /d\nservers /s\n${text}`, '/s': servers }))

  test('as Debian ships it', () => {
    const read = config(`
      # RADIUS servers
      authserver \tradius.example.org
      acctserver \tradius.example.org:1646,10.0.0.2
      default_realm
      radius_timeout\t5
      radius_retries\t2
      radius_deadtime 30
      bindaddr\t*`)
    expect(read).toEqual({
      authentication: [{ host: 'radius.example.org', port: 1812, secret: 'one' }],
      accounting: [
        { host: 'radius.example.org', port: 1646, secret: 'one' },
        { host: '10.0.0.2', port: 1813, secret: 'two' },
      ],
      dictionary: '/d',
      timeout: 5000,
      tries: 2,
      deadTime: 30_000,
      bind: '',
    })
  })

  test.for([
    ['several lines', 'acctserver 10.0.0.2\nacctserver 10.0.0.3', ['10.0.0.2', '10.0.0.3']],
    ['a secret of its own', 'acctserver host:1813:three', ['host']],
    ['an address of IPv6', 'acctserver [2001:db8::1]:1813:x', ['2001:db8::1']],
  ] as const)('takes %s', ([, text, hosts]) => {
    expect(config(text).accounting.map(({ host }) => host)).toEqual(hosts)
  })

  test.for([
    ['a server without a secret', 'acctserver 10.9.9.9', /no secret for 10\.9\.9\.9/],
    ['a timeout of letters', 'radius_timeout soon', /radius_timeout soon is no number/],
    ['a port beyond all ports', 'acctserver 10.0.0.2:99999', /is no server/],
  ] as const)('refuses %s', ([, text, sentence]) => {
    expect(() => config(text)).toThrow(sentence)
  })

  test('refuses a file without a dictionary', () => {
    expect(() => readRadiusConfig('/c', reader({ '/c': 'bindaddr *' }))).toThrow(/no dictionary/)
  })
})

describe('a dictionary', () => {
  test('has attributes, values, vendors and other files', () => {
    const made = load({
      '/d/dictionary': 'ATTRIBUTE User-Name 1 string # text\n$INCLUDE more\nINCLUDE /x/third\n',
      '/d/more': 'VALUE Acct-Status-Type Start 1\nATTRIBUTE Acct-Status-Type 40 integer\n',
      '/x/third':
        'VENDOR Cisco 9\nBEGIN-VENDOR Cisco\nATTRIBUTE h323 2 string\nEND-VENDOR Cisco\n' +
        'ATTRIBUTE Own 3 string Cisco\nATTRIBUTE Strange 4 tlv\n',
    })
    expect(made.attribute('user-name')).toMatchObject({ vendor: 0, type: 1 })
    expect(made.value('Acct-Status-Type', 'start')).toBe(1)
    expect(made.attribute('h323')).toMatchObject({ vendor: 9, type: 2 })
    expect(made.attribute('Own')).toMatchObject({ vendor: 9, type: 3 })
    expect(made.attribute('Strange')).toBeNull()
    const found = { vendor: 9, type: 2, value: Buffer.from('x') }
    expect(made.nameOf(found)!.name).toBe('h323')
  })

  test.for([
    ['a word that is none', 'ATTRIBUT x 1 string', /dictionary:1: ATTRIBUT is no word/],
    ['a number that is none', 'ATTRIBUTE x one string', /:1: one is no number/],
    ['a vendor that nobody named', '\nATTRIBUTE x 1 string Acme', /:2: there is no vendor Acme/],
    ['itself', '$INCLUDE dictionary', /include each other/],
  ] as const)('refuses %s', ([, text, sentence]) => {
    expect(() => load({ '/d/dictionary': text })).toThrow(sentence)
  })
})

describe('values', () => {
  const name = (kind: 'string' | 'integer' | 'ipaddr' | 'ipv6addr' | 'date') => ({
    name: 'x',
    vendor: 0,
    type: 1,
    kind,
  })
  test.for([
    ['string', 'a\u00ff', '61ff'],
    ['integer', 7, '00000007'],
    ['integer', '4294967295', 'ffffffff'],
    ['date', 1, '00000001'],
    ['ipaddr', '10.0.0.1', '0a000001'],
    ['ipv6addr', '2001:db8::1', '20010db8000000000000000000000001'],
  ] as const)('%s %s', ([kind, value, bytes]) => {
    const made = encodeValue(name(kind), value)!
    expect(made.value.toString('hex')).toBe(bytes)
    expect(String(decodeValue(name(kind), made))).toBe(String(value))
  })

  test.for([
    ['integer', 'seven'],
    ['integer', '4294967296'],
    ['integer', -1],
    ['ipaddr', '::1'],
    ['ipv6addr', '10.0.0.1'],
  ] as const)('%s %s is none', ([kind, value]) => {
    expect(encodeValue(name(kind), value)).toBeNull()
  })
})
