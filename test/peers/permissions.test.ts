// Addresses, trusted peers and domains of one database, seen by an Ohana node and by the real
// Kamailio, and what they decide for real packets.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { domain, domainAttrs } from '../../server/core/db/tables/domain.ts'
import { address, trusted } from '../../server/core/db/tables/permissions.ts'
import { Phone } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const MODULES = 'ctl kex tm sl pv textops xlog db_sqlite permissions domain'

const config = (url: string): string => `#!KAMAILIO
children=1
${MODULES.split(' ')
  .map(name => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("permissions|domain", "db_url", "${url}")
modparam("permissions", "db_mode", 1)
modparam("permissions", "reload_delta", 0)
modparam("permissions", "peer_tag_avp", "$avp(tag)")
modparam("domain", "register_myself", 1)
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "OK"); exit; }
  $var(group) = allow_source_address_group();
  $var(trusted) = allow_trusted();
  $var(local) = lookup_domain("$fd", "f_");
  $var(me) = 0;
  if (uri == myself) $var(me) = 1;
  sl_send_reply("200", "is $var(group) $var(trusted) $avp(tag) $var(local) $avp(f_color) $var(me)");
}
`

const ROWS = [
  `INSERT INTO address (grp, ip_addr, mask, port, tag) VALUES
    (1, '10.0.0.1', 32, 0, 'gw'), (1, '10.0.0.1', 32, 5060, 'gw2'),
    (2, '127.0.0.0', 8, 0, 'loop'), (2, '10.128.0.0', 9, 5070, NULL),
    (3, '2001:db8::', 32, 0, 'six'), (3, '2001:db8::1', 128, 0, ''),
    (4, 'gw.example.org', 32, 5060, 'name'), (4, 'Other.example', 0, 0, NULL),
    (5, '192.0.2.200', 32, 0, 'high')`,
  `INSERT INTO trusted (src_ip, proto, from_pattern, ruri_pattern, tag, priority) VALUES
    ('127.0.0.1', 'any', '^sip:alice@.*', NULL, 'peer', 0),
    ('192.0.2.1', 'tls', NULL, 'x', NULL, 3)`,
  `INSERT INTO domain (domain, did) VALUES
    ('example.org', 'ex'), ('Www.Example.org', 'ex'), ('other.example', NULL)`,
  `INSERT INTO domain_attrs (did, name, type, value) VALUES
    ('ex', 'color', 2, 'red'), ('ex', 'size', 0, '7'), ('none', 'x', 2, 'y')`,
]

let number = 0
const message = (phone: Phone, from: string, uri: string): string => {
  const id = `permit${++number}`
  return [
    `MESSAGE ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${phone.address};branch=z9hG4bK${id};rport`,
    `From: <${from}>;tag=${id}`,
    'To: <sip:bob@example.org>',
    `Call-ID: ${id}`,
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

async function decided(phone: Phone, server: SipServer): Promise<string[]> {
  const answers: string[] = []
  for (const from of ['sip:alice@example.org', 'sip:carol@WWW.example.org', 'sip:alice@nosuch'])
    for (const uri of ['sip:bob@other.example', 'sip:bob@nosuch']) {
      await phone.send(message(phone, from, uri), server.host, server.port)
      answers.push((await phone.expect(/^SIP\/2\.0 200/)).message.first)
    }
  return answers
}

test('two nodes read one database, show it alike and decide alike', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tables.sqlite')
  const url = sqliteFile(path, address, trusted, domain, domainAttrs)
  const sql = (...statements: string[]): void => {
    const file = new DatabaseSync(path)
    for (const statement of statements) file.exec(statement)
    file.close()
  }
  sql(...ROWS)
  const ours = await serverForTest({ config: config(url) })
  const theirs = await serverForTest({ config: config(url), original: true })
  const alike = async (...command: string[]): Promise<string> => {
    const answer = await ours.rpc(...command)
    expect(answer).toBe(await theirs.rpc(...command))
    return answer
  }
  expect(await alike('permissions.addressDump')).toContain('192.0.2.200')
  await alike('permissions.subnetDump')
  expect(await alike('permissions.domainDump')).toContain('gw.example.org')
  expect(await alike('permissions.trustedDump')).toContain('^sip:alice@.*')
  expect(await alike('domain.dump')).toContain('Www.Example.org')
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const answers = await decided(phone, ours)
  expect(answers).toEqual(await decided(phone, theirs))
  expect(answers[0]).toBe('SIP/2.0 200 is 2 1 peer 1 red 1')
  sql("INSERT INTO domain (domain, did) VALUES ('nosuch', 'late')")
  await alike('domain.reload')
  await alike('permissions.addressReload')
  expect(await decided(phone, ours)).toEqual(await decided(phone, theirs))
})
