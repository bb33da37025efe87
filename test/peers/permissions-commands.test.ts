// What operators are told of limits and lists is the same for an Ohana node and for the real
// Kamailio, to the letter, over the same traffic.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { plPipes } from '../../server/core/db/tables/pipelimit.ts'
import { secfilter } from '../../server/core/db/tables/secfilter.ts'
import { globalblocklist, userblocklist } from '../../server/core/db/tables/userblocklist.ts'
import { Phone } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const MODULES =
  'ctl kex tm sl pv textops db_sqlite pike ratelimit pipelimit secfilter userblocklist'

const config = (url: string): string => `#!KAMAILIO
children=1
${MODULES.split(' ')
  .map(name => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("pipelimit|secfilter|userblocklist", "db_url", "${url}")
modparam("pike", "sampling_time_unit", 100)
modparam("ratelimit|pipelimit", "timer_interval", 100)
modparam("ratelimit", "pipe", "0:TAILDROP:50")
modparam("ratelimit", "pipe", "3:FEEDBACK:60")
modparam("ratelimit", "queue", "0:MESSAGE")
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "OK"); exit; }
  pike_check_req();
  rl_check();
  pl_check("one");
  pl_check("$fU", "taildrop", "2");
  secf_check_ua();
  secf_check_from_hdr();
  sl_send_reply("200", "OK");
}
`

const ROWS = [
  `INSERT INTO pl_pipes (pipeid, algorithm, plimit) VALUES
    ('one', 'TAILDROP', 5), ('red', 'RED', 9)`,
  `INSERT INTO secfilter (action, type, data) VALUES
    (0, 0, 'scanner'), (1, 0, 'phone'), (0, 4, 'mallory'), (2, 0, '900'), (0, 1, 'XX'),
    (1, 2, 'good.example'), (0, 3, '10.9.')`,
  "INSERT INTO globalblocklist (prefix, allowlist) VALUES ('1', 0), ('12', 1), ('', 1)",
  `INSERT INTO userblocklist (username, domain, prefix, allowlist) VALUES
    ('alice', 'example.org', '49', 0), ('alice', 'example.org', '4930', 1)`,
]

const COMMANDS = [
  ['pike.list', 'ALL'],
  ['pike.top'],
  ['pike.list', 'x'],
  ['rl.stats'],
  ['rl.get_pipes'],
  ['rl.get_queues'],
  ['rl.get_pid'],
  ['rl.set_pipe', '0', 'TAILDROP', '7'],
  ['rl.set_pipe', '0', 'none', '7'],
  ['rl.get_pipes'],
  ['pl.stats'],
  ['pl.list'],
  ['pl.list', 'one'],
  ['pl.list', 'nosuch'],
  ['pl.get_pipes'],
  ['pl.get_pid'],
  ['pl.set_pipe', 'one', 'RED', '6'],
  ['pl.list', 'one'],
  ['secfilter.stats'],
  ['secfilter.print', 'ua'],
  ['secfilter.print', 'user'],
  ['secfilter.print', 'dst'],
  ['secfilter.print', 'ip'],
  ['secfilter.print', 'country'],
  ['secfilter.print', 'domain'],
  ['secfilter.add_bl', 'user', 'eve'],
  ['secfilter.add_wl', 'nosuch', 'eve'],
  ['secfilter.print', 'user'],
  ['secfilter.stats_reset'],
  ['secfilter.stats'],
  ['secfilter.reload'],
  ['userblocklist.dump_blocklist'],
  ['userblocklist.check_blocklist', '13'],
  ['userblocklist.check_allowlist', '129'],
  ['userblocklist.check_userblocklist', '4940', 'alice', 'example.org'],
  ['userblocklist.check_userallowlist', '4930', 'alice', 'example.org'],
  ['userblocklist.reload_blocklist'],
] as const

async function traffic(server: SipServer, phone: Phone): Promise<void> {
  for (let i = 0; i < 12; i++) {
    const user = i % 3 === 0 ? 'mallory' : 'bob'
    const message = [
      `MESSAGE sip:bob@${server.address} SIP/2.0`,
      `Via: SIP/2.0/UDP ${phone.address};branch=z9hG4bKlimit${i};rport`,
      `From: <sip:${user}@example.org>;tag=${i}`,
      'To: <sip:bob@example.org>',
      `Call-ID: limit${i}`,
      'CSeq: 1 MESSAGE',
      `User-Agent: ${i % 2 === 0 ? 'Scanner 1' : 'phone'}`,
      'Content-Length: 0',
      '',
      '',
    ]
    await phone.send(message.join('\r\n'), server.host, server.port)
    await phone.expect(/^SIP\/2\.0 200/)
  }
}

/** Seconds run. */
const timeless = (answer: string): string => answer.replace(/expires: \d+/g, 'expires: *')

test('commands are answered alike', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tables.sqlite')
  const url = sqliteFile(path, plPipes, secfilter, globalblocklist, userblocklist)
  const file = new DatabaseSync(path)
  for (const row of ROWS) file.exec(row)
  file.close()
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const answers: string[][] = []
  for (const original of [false, true]) {
    const server = await serverForTest({ config: config(url), original })
    await traffic(server, phone)
    const told: string[] = []
    for (const command of COMMANDS) {
      const answer = timeless(await server.rpc(...command))
      told.push(`${command.join(' ')}\n${answer}`)
    }
    answers.push(told)
  }
  expect(answers[0]).toEqual(answers[1])
})
