// Searches in a real OpenLDAP; what functions answer is what Kamailio 5.6.3 answered on the same
// directory.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Bench } from '../kit/bench.ts'
import { LdapServer } from '../kit/slapd.ts'

const ENTRIES = `dn: cn=al,dc=x
objectClass: inetOrgPerson
cn: al
sn: Smith
uid: al1
telephoneNumber: 100
telephoneNumber: 101
telephoneNumber: 102
mail: sip:al@x.org
description: 7x
displayName:: SsO8cmdlbg==

dn: cn=bob (b)*,dc=x
objectClass: inetOrgPerson
cn: bob (b)*
sn: Smith
uid: b1
telephoneNumber: 200
`

const SEARCH = 'ldap_search("ldap://main/dc=x??sub?(sn=Smith)")'
const ONE = 'ldap_search("ldap://main/cn=al,dc=x")'
const BOB = 'ldap_search("ldap://main/dc=x??sub?(uid=b1)")'

let server: LdapServer
const folder = mkdtempSync(join(tmpdir(), 'ohana-ldap-'))

beforeAll(async () => {
  server = await LdapServer.start(ENTRIES)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const settings = (urls: string, password = LdapServer.password): string => `# directories
[main]
ldap_server_url = "${urls}"
ldap_bind_dn = "${LdapServer.admin}" ; who asks
ldap_bind_password = "${password}"
ldap_network_timeout = 500
`

let files = 0

/** What the last statement of a config answers, and its variables. */
async function answers(statements: string[], urls = server.url, password?: string) {
  const path = join(folder, `ldap${files++}.ini`)
  writeFileSync(path, settings(urls, password))
  const [last = '', shown = ''] = statements.at(-1)!.split(' -> ')
  const lines = [...statements.slice(0, -1), last].map(one => `${one};`)
  const bench = await Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "ldap.so"
modparam("ldap", "config_file", "${path}")
request_route { ${lines.join('\n')} xlog("L_ERR", "said $rc ${shown}\\n"); exit; }
`)
  onTestFinished(() => bench.host.stop())
  const ask = async (): Promise<string> => {
    bench.lines.length = 0
    bench.receive(REQUEST)
    const said = () => bench.lines.find(line => line.text.startsWith('<script>: said'))
    await expect.poll(said).toBeDefined()
    return said()!.text.slice('<script>: '.length).trim()
  }
  return { ask, bench }
}

const REQUEST = [
  'OPTIONS sip:al@127.0.0.1 SIP/2.0',
  'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKl',
  'From: <sip:a@example.org>;tag=1',
  'To: <sip:b@example.org>',
  'Call-ID: ldap',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '',
  '',
].join('\r\n')

const FACTS: [statements: string[], said: string][] = [
  [['ldap_result_next()'], '-2'],
  [['ldap_result("sn/$avp(a)")'], '-2'],
  [['ldap_result_check("sn/a")'], '-2'],
  [[SEARCH], '2'],
  [[ONE, 'ldap_result("telephoneNumber/$avp(t)") -> $(avp(t)[*])'], '3 102, 101, 100'],
  [[ONE, 'ldap_result("description/$avp(d)/int") -> $avp(d)'], '-1 <null>'],
  [[ONE, 'ldap_result("nothing/$avp(n)") -> $avp(n)'], '-1 <null>'],
  [[ONE, String.raw`ldap_result("mail/$avp(m)", "/^sip:(.+)@.*$/\1/") -> $avp(m)`], '1 al'],
  [[ONE, String.raw`ldap_result("mail/$avp(m)", "/^no:(.+)@.*$/\1/") -> $avp(m)`], '-1 <null>'],
  [[ONE, 'ldap_result_check("telephoneNumber/101")'], '1'],
  [[ONE, String.raw`ldap_result_check("mail/$rU", "/^sip:(.+)@.*$/\1/")`], '1'],
  [[ONE, 'ldap_result_check("nothing/10")'], '-1'],
  [[SEARCH, 'ldap_result_next()'], '1'],
  [[SEARCH, 'ldap_result_next()', 'ldap_result_next()'], '-1'],
  [
    [SEARCH, 'ldap_result_next()', 'ldap_result_next()', 'ldap_result("cn/$avp(c)") -> $avp(c)'],
    '1 bob (b)*',
  ],
  [
    [String.raw`ldap_filter_url_encode("cn=bob (b)*\\?", "$avp(e)") -> $avp(e)`],
    String.raw`1 cn=bob \28b\29\2a\5c%3F`,
  ],
  [
    [
      'ldap_filter_url_encode("bob (b)*", "$avp(e)")',
      'ldap_search("ldap://main/dc=x?cn,sn?one?(cn=$avp(e))")',
    ],
    '1',
  ],
  [
    [
      'ldap_search("ldap://main/dc=x?cn?one?(uid=b1)")',
      'ldap_result("telephoneNumber/$avp(t)") -> $avp(t)',
    ],
    '-1 <null>',
  ],
  [['ldap_search("ldap://main/dc=x??sub?(sn=Nobody)")'], '-1'],
  [
    ['ldap_search("ldap://main/dc=x??sub?(sn=Nobody)")', 'ldap_result("sn/$avp(z)") -> $avp(z)'],
    '-1 <null>',
  ],
  [['ldap_search("ldap://other/dc=x??sub?(sn=Smith)")'], '-1'],
  [['ldap_search("ldap://main/dc=y??sub?(sn=Smith)")'], '-1'],
  [['ldap_search("ldap://main/dc=x??sub?(sn=Smith")'], '-2'],
  [['ldap_search("http://main/")'], '-2'],
  [['ldap_search("ldap://main/cn=al,dc=x")'], '1'],
  [[ONE, 'ldap_result("uid/$avp(u)") -> $avp(u)'], '1 al1'],
  [['ldap_search("ldap://main/dc=x?uid?sub?(&(objectClass=inetOrgPerson)(uid=al*))")'], '1'],
]

describe('as Kamailio answers', () => {
  test.each(FACTS)('%j', async (statements, said) => {
    const { ask } = await answers(statements)
    expect(await ask()).toBe(`said ${said}`)
  })
})

describe('otherwise than Kamailio', () => {
  test.each<[string[], string]>([
    [[BOB, 'ldap_result("TELEPHONENUMBER/$avp(i)/int") -> $(avp(i){s.len}) $avp(i)'], '1 3 200'],
    [[ONE, 'ldap_result_check("telephoneNumber/10")'], '-1'],
    [[ONE, 'ldap_result("displayName/$avp(n)") -> $avp(n)'], '1 Jürgen'],
    [['ldap_search("ldap://main/dc%3dx??sub?(sn=%53mith)")'], '2'],
  ])('%j', async (statements, said) => {
    const { ask } = await answers(statements)
    expect(await ask()).toBe(`said ${Buffer.from(said).toString('latin1')}`)
  })
})

describe('servers of a directory', () => {
  test('are tried one after the other', async () => {
    const { ask } = await answers([SEARCH], `ldap://127.0.0.1:1,\n  ${server.url}`)
    expect(await ask()).toBe('said 2')
  })

  test('that are away are told, and found again', async () => {
    const own = await LdapServer.start(ENTRIES)
    onTestFinished(() => own.stop())
    const { ask, bench } = await answers([SEARCH], own.url)
    expect(await ask()).toBe('said 2')
    await own.halt()
    expect(await ask()).toBe('said -2')
    expect(bench.lines.map(line => line.text).join('\n')).toContain(
      '[main]: LDAP search (dn [dc=x]',
    )
    await own.run()
    expect(await ask()).toBe('said 2')
  })

  test('that let nobody in do not keep the node from starting', async () => {
    const { ask, bench } = await answers([SEARCH], server.url, 'wrong')
    expect(await ask()).toBe('said -2')
    expect(bench.lines.map(line => line.text).join('\n')).toContain('InvalidCredentialsError')
  })
})

describe('a config is refused', () => {
  const start = (text: string | null) => {
    const path = join(folder, `wrong${files++}.ini`)
    if (text !== null) writeFileSync(path, text)
    return Bench.start(
      `loadmodule "ldap.so"\nmodparam("ldap", "config_file", "${path}")\nrequest_route { exit; }\n`,
    )
  }

  test.each([
    ['without a file', null, 'failed to load ldap config file: ENOENT'],
    ['without a server', '[main]\nldap_version = 3\n', '[main]: no good ldap_server_url'],
    ['with a URL that is none', '[m]\nldap_server_url = http://x\n', 'no good ldap_server_url'],
    ['with a setting of nobody', '[m]\nldap_color = blue\n', 'no setting ldap_color'],
    ['with a text outside of sections', 'ldap_version = 3\n', 'not understood: ldap_version = 3'],
    [
      'with a time that is none',
      '[m]\nldap_server_url = ldap://x\nldap_network_timeout = soon\n',
      'no good ldap_network_timeout',
    ],
  ])('%s', async (_what, text, told) => {
    await expect(start(text)).rejects.toThrow(told)
  })
})
