// The file that maps directories: what it says, and how its mistakes are told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readDbUrl } from '../../../../../server/core/db/url.ts'
import { serverOf } from '../../../../../server/modules/db2_ldap/address.ts'
import { readMap } from '../../../../../server/modules/db2_ldap/map.ts'

const read = (...lines: string[]) => readMap(lines.join('\n'), 'ldap.cfg')
const inTable = (...lines: string[]) => read('[table:address]', 'base = "dc=x"', ...lines)
const inConnection = (...lines: string[]) => read('[connection:c]', 'host = h', ...lines)

// As Debian's README.db2_ldap has it.
const SAMPLE = `# Supported Attribute Type Names:
#  * GeneralizedTime

[connection:ldap_server1]
host=127.0.0.1
port=389
username=ser
password=heslo
# LDAP or LDAP SASL authentication mechanism.
authtype=simple

tls=off
require_certificate=demand

[table:credentials]

base = "ou=Digest Credentials,dc=iptel,dc=org"
scope = subtree
filter = "(objectClass=digestAuthCredentials)"

field_map = password : (Binary) digestPassword
field_map = realm : digestRealm
field_map = flags : (BitString) serFlags
#sizelimit = 2147483647
`

describe('the sample of Kamailio', () => {
  const { connections, tables, warnings } = readMap(SAMPLE, 'ldap.cfg')

  test('has a connection', () => {
    expect(connections.get('ldap_server1')).toEqual({
      host: '127.0.0.1',
      port: 389,
      user: 'ser',
      password: 'heslo',
      encryption: 'none',
      authorities: '',
      verify: true,
    })
    expect(warnings).toEqual([])
  })

  test('has a table', () => {
    const table = tables.get('credentials')!
    expect(table).toMatchObject({
      base: 'ou=Digest Credentials,dc=iptel,dc=org',
      scope: 'sub',
      sizeLimit: 0,
      timeLimit: 0,
      version: null,
    })
    expect(String(table.filter)).toBe('(objectClass=digestAuthCredentials)')
    expect(table.fields).toEqual([
      { column: 'password', attribute: 'digestPassword', syntax: 'Binary' },
      { column: 'realm', attribute: 'digestRealm', syntax: 'String' },
      { column: 'flags', attribute: 'serFlags', syntax: 'BitString' },
    ])
  })
})

describe('a table', () => {
  const table = (...lines: string[]) => inTable(...lines).tables.get('address')!

  test('has the types of Kamailio’s table of its name', () => {
    const { fields } = table(
      'field_map = grp : sipGroup',
      'field_map = tag : description',
      'field_map = mask:(string)sipMask',
    )
    expect(fields.map(({ syntax }) => syntax)).toEqual(['Integer', 'String', 'String'])
  })

  test('has limits, and columns that the server does not compare', () => {
    const made = table('sizelimit = 7', 'timelimit=8 # seconds', 'client_side_filtering = tag, grp')
    expect(made).toMatchObject({ sizeLimit: 7, timeLimit: 8, scope: 'base', filter: null })
    expect([...made.clientSide]).toEqual(['tag', 'grp'])
    expect(table('sizelimit = 2147483647').sizeLimit).toBe(0)
  })

  test('has escapes of filters as they are', () => {
    const { filter } = table(String.raw`filter = "(&(cn=a\28b\29)(o=\"x\\5c\"))" # one`)
    expect(String(filter)).toBe(String.raw`(&(cn=a\28b\29)(o="x\5c"))`)
  })
})

describe('a mistake is told with its line', () => {
  test.each<[told: string, lines: string[]]>([
    ["ldap.cfg:1: Missing closing ']'.", ['[table:x']],
    ['ldap.cfg:2: Section type missing', ['', '[:x]']],
    ["ldap.cfg:1: Invalid section type 'tables'", ['[tables:x]']],
    ["ldap.cfg:1: Delimiter ':' expected.", ['[table]']],
    ['ldap.cfg:1: Section identifier expected', ['[table:]']],
    ['ldap.cfg:1: not understood: [table:x] y', ['[table:x] y']],
    ['ldap.cfg:1: base stands in no section', ['base = x']],
    ['ldap.cfg:2: not understood: base', ['[table:x]', 'base']],
    ['ldap.cfg:2: no closing quote: "dc=x', ['[table:x]', 'base = "dc=x']],
    ['ldap.cfg:1: [table:x] has no base', ['[table:x]']],
    [
      'ldap.cfg:3: [table:x] is there already, in line 1',
      ['[table:x]', 'base = dc=x', '[table:x]'],
    ],
  ])('%s', (told, lines) => {
    expect(() => read(...lines)).toThrow(told)
  })

  test.each<[told: string, line: string]>([
    ['[table:address]: no setting scoop', 'scoop = one'],
    ['scope children is not known', 'scope = children'],
    ['no filter: ', 'filter = "(cn=x"'],
    ['invalid sizelimit (-1) specified', 'sizelimit = -1'],
    ['invalid timelimit (9999999999) specified', 'timelimit = 9999999999'],
    ['invalid version (new) specified', 'version = new'],
    ['chase_referrals: other servers are not asked', 'chase_referrals = yes'],
    ['chase_references: other servers are not asked', 'chase_references = always'],
    ['Database field name expected', 'field_map = : cn'],
    ["Invalid field name format 'a b'", 'field_map = a b : cn'],
    ["Delimiter ':' missing", 'field_map = name'],
    ['LDAP Attribute syntax or name expected', 'field_map = name :'],
    ["Closing ')' missing in attribute syntax", 'field_map = name : (String cn'],
    ['LDAP Attribute name expected', 'field_map = name : (String)'],
    ["Invalid LDAP attribute name format 'c_n'", 'field_map = name : c_n'],
    ["Invalid syntax value 'Text'", 'field_map = name : (Text) cn'],
  ])('%s', (told, line) => {
    expect(() => inTable(line)).toThrow(`ldap.cfg:3: ${told}`)
  })

  test('a column that is mapped twice', () => {
    expect(() => inTable('field_map = tag : cn', 'field_map = tag : sn')).toThrow(
      'ldap.cfg:4: tag is mapped already',
    )
  })

  test.each<[told: string, line: string]>([
    ['invalid port (http) specified', 'port = http'],
    ['invalid port (65536) specified', 'port = 65536'],
    ['authtype digest-md5 is not there', 'authtype = digest-md5'],
    ['authtype ntlm is not known', 'authtype = ntlm'],
    ['tls maybe is not known', 'tls = maybe'],
    ['require_certificate hard is not known', 'require_certificate = hard'],
    ['ENOENT', 'ca_list = /nowhere/ca.pem'],
    ['[connection:c]: no setting base', 'base = dc=x'],
  ])('%s', (told, line) => {
    expect(() => inConnection(line)).toThrow(`ldap.cfg:3: ${told}`)
  })

  test('a name without a password, which a directory takes for nobody', () => {
    expect(() => inConnection('authtype = simple', 'username = "cn=sip"')).toThrow(
      'ldap.cfg:4: cn=sip has no password',
    )
  })

  test('a connection without a host', () => {
    expect(() => read('[connection:c]', 'port = 1')).toThrow(
      'ldap.cfg:1: [connection:c] has no host',
    )
    expect(() => read('[connection:c]', 'host = a b')).toThrow('ldap.cfg:2: [connection:c] has no')
  })
})

test('an address has brackets', () => {
  const made = read('[connection:c]', 'host = ::1').connections.get('c')
  expect(made?.host).toBe('[::1]')
})

test('a name that is not used is told', () => {
  expect(inConnection('username = sip', 'password = x').warnings).toEqual([
    '[connection:c]: username is not used without authtype=simple: nobody asks',
  ])
})

describe('a URL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-map-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'ca.pem'), 'an authority')
  const map = inConnection('tls = on', `ca_list = ${folder}/ca.pem`, 'require_certificate = allow')
  const server = (url: string) => serverOf(readDbUrl(url), map)

  test('of a section', () => {
    const made = { host: 'h', port: 389, user: '', authorities: 'an authority', verify: false }
    expect(server('ldap:/c')).toMatchObject({ ...made, encryption: 'start' })
    expect(server('ldaps:/c')).toMatchObject({ ...made, encryption: 'whole' })
  })

  test.each([
    ['ldap://h', { host: 'h', port: 389, user: '', encryption: 'none', verify: true }],
    ['ldaps://h', { port: 636, encryption: 'whole', verify: true }],
    ['ldap://[::1]:3890', { host: '[::1]', port: 3890 }],
    ['ldap://cn=a,dc=x:p@ss@h/', { host: 'h', user: 'cn=a,dc=x', password: 'p@ss' }],
  ])('%s', (url, expected) => {
    expect(server(url)).toMatchObject(expected)
  })

  test.each([
    ['ldap:/d', 'ldap:/d: no section [connection:d] in ldap.cfg'],
    ['ldap://', 'ldap:// names no server'],
    ['ldap://two words', 'names no server'],
    ['ldap://h/dc=x', 'ldap://h/dc=x says more than a server'],
    ['ldap://h/?scope=one', 'says more than a server'],
    ['ldap://cn=a@h', 'ldap://cn=a@h has a name and no password'],
  ])('%s is refused', (url, told) => {
    expect(() => server(url)).toThrow(told)
  })
})
