// Calls spread over servers that come and go, and over the same ones by an Ohana node and by the
// real Kamailio. They wait for each other for seconds: all tests run side by side.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, type TestContext } from 'vitest'
import { dispatcher } from '../../server/core/db/tables/dispatcher.ts'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest, startServer } from '../kit/server.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const load = (...names: string[]): string => names.map(name => `loadmodule "${name}.so"\n`).join('')

function folderForTest({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'dispatcher-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function listFile(context: TestContext, lines: readonly string[]): string {
  const path = join(folderForTest(context), 'list')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

const gateway = `#!KAMAILIO
children=1
${load('kex', 'sl')}
request_route { sl_send_reply("200", "I am here"); }
`

const spreading = (list: string): string => `#!KAMAILIO
children=1
${load('ctl', 'kex', 'tm', 'tmx', 'sl', 'pv', 'textops', 'siputils', 'xlog', 'dispatcher')}
modparam("tm", "fr_timer", 1500)
modparam("dispatcher", "list_file", "${list}")
modparam("dispatcher", "flags", 2)
modparam("dispatcher", "ds_ping_interval", 1)
modparam("dispatcher", "ds_probing_mode", 1)
request_route {
  if (is_present_hf("X-Probe") || !is_method("MESSAGE")) { sl_send_reply("200", "OK"); exit; }
  if (!ds_select_dst("1", "8")) { sl_send_reply("503", "None"); exit; }
  t_on_failure("NEXT");
  t_relay();
}
failure_route[NEXT] {
  if (ds_next_dst()) { t_on_failure("NEXT"); t_relay(); }
}
event_route[dispatcher:dst-up] { xlog("L_ERR", "$ru is up $dsv(code)\\n"); }
event_route[dispatcher:dst-down] { xlog("L_ERR", "$ru is down $dsv(code)\\n"); }
`

let number = 0
const nextId = (): string => `dispatch${++number}`

function message(phone: Phone, server: SipServer, id = nextId(), extra = ''): string {
  return [
    `MESSAGE sip:bob@${server.address} SIP/2.0`,
    `Via: SIP/2.0/UDP ${phone.address};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:alice@example.org>;tag=${id}`,
    'To: <sip:bob@example.org>',
    `Call-ID: ${id}${extra}`,
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

async function phoneForTest({ onTestFinished }: TestContext): Promise<Phone> {
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  return phone
}

test.concurrent('a call goes on to the next one, and who is down is left out', async context => {
  const port = await freePort()
  // It hears all and answers nothing.
  const silent = await phoneForTest(context)
  const there = await startServer({ config: gateway, port, original: true })
  context.onTestFinished(async () => void (await there.stop()))
  const list = [`1 sip:${silent.address} 0 9`, `1 sip:127.0.0.1:${port} 0 1`]
  const server = await serverForTest({ config: spreading(listFile(context, list)) }, context)
  const phone = await phoneForTest(context)
  await phone.send(message(phone, server), server.host, server.port)
  // The first one does not answer: after fr_timer the second one is asked.
  await phone.expect(/^SIP\/2\.0 200 I am here/)
  await silent.expect(/^MESSAGE /)
  await server.logged(new RegExp(`:${silent.port} is down 408`))
  expect(await server.rpc('dispatcher.list')).toMatch(/FLAGS: IP[^]*FLAGS: AP/)
  const last = message(phone, server)
  await phone.send(last, server.host, server.port)
  await phone.expect(/^SIP\/2\.0 200 I am here/)
  const [, callId = ''] = /Call-ID: (\S+)/.exec(last)!
  expect(silent.inbox.filter(({ message: got }) => got.text.includes(callId))).toEqual([])
})

test.concurrent('a destination that comes back takes calls again', async context => {
  const port = await freePort()
  const list = listFile(context, [`1 sip:127.0.0.1:${port}`])
  const server = await serverForTest({ config: spreading(list) }, context)
  const phone = await phoneForTest(context)
  await server.logged(/is down 408/)
  await phone.send(message(phone, server), server.host, server.port)
  await phone.expect(/^SIP\/2\.0 503 None/)
  const there = await startServer({ config: gateway, port, original: true })
  context.onTestFinished(async () => void (await there.stop()))
  await server.logged(/is up 200/)
  await phone.send(message(phone, server), server.host, server.port)
  await phone.expect(/^SIP\/2\.0 200 I am here/)
})

const choosing = (list: string): string => `#!KAMAILIO
children=1
${load('ctl', 'kex', 'tm', 'sl', 'pv', 'textops', 'dispatcher')}
modparam("dispatcher", "list_file", "${list}")
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "OK"); exit; }
  ds_select_dst("1", "0");
  sl_send_reply("200", "$du");
}
`

test.concurrent('two nodes choose the same destination for the same call', async context => {
  const hosts = Array.from({ length: 7 }, (_, i) => `1 sip:10.0.0.${i}:506${i} ${i === 3 ? 1 : 0}`)
  const config = choosing(listFile(context, hosts))
  const [ours, original] = [
    await serverForTest({ config }, context),
    await serverForTest({ config, original: true }, context),
  ]
  const phone = await phoneForTest(context)
  const extras = Array.from({ length: 40 }, (_, i) => `-${'x'.repeat(i)}@host${i * 7}`)
  const chosen = async (server: SipServer, extra: string): Promise<string> => {
    await phone.send(message(phone, server, 'chosen', extra), server.host, server.port)
    return (await phone.expect(/^SIP\/2\.0 200/)).message.first
  }
  for (const extra of extras) expect(await chosen(ours, extra)).toBe(await chosen(original, extra))
})

const inDatabase = (url: string): string => `#!KAMAILIO
children=1
${load('ctl', 'kex', 'tm', 'sl', 'pv', 'db_sqlite', 'dispatcher')}
modparam("dispatcher", "db_url", "${url}")
modparam("dispatcher", "ds_db_extra_attrs", "note=description")
modparam("dispatcher", "ds_ping_latency_stats", 1)
modparam("dispatcher", "ds_hash_size", 4)
modparam("dispatcher", "reload_delta", 0)
request_route { sl_send_reply("200", "OK"); }
`

test.concurrent('two nodes read one table and show it alike', async context => {
  const path = join(folderForTest(context), 'table.sqlite')
  const config = inDatabase(sqliteFile(path, dispatcher))
  const insert = (...rows: string[]): void => {
    const file = new DatabaseSync(path)
    const columns = 'setid, destination, flags, priority, attrs, description'
    for (const row of rows) file.exec(`INSERT INTO dispatcher (${columns}) VALUES (${row})`)
    file.close()
  }
  insert(
    "1, 'sip:127.0.0.1:5080', 0, 0, 'duid=a;weight=50', 'first'",
    "1, 'sip:127.0.0.1:5081;transport=tcp', 8, 5, '', ''",
    "3, 'sip:127.0.0.3', 1, 0, 'rweight=3;', 'x'",
    "2, '127.0.0.2', 16, 0, '', 'y'",
  )
  const servers = [
    await serverForTest({ config, original: false }, context),
    await serverForTest({ config, original: true }, context),
  ] as const
  const alike = async (...command: string[]): Promise<string> => {
    const [ours, theirs] = [await servers[0].rpc(...command), await servers[1].rpc(...command)]
    expect(ours).toBe(theirs)
    return ours
  }
  expect(await alike('dispatcher.list')).toContain('BODY: duid=a;weight=50;note=first')
  await alike('dispatcher.list', 'short')
  await alike('dispatcher.list', 'full')
  insert("4, 'sip:127.0.0.4', 0, 0, '', ''")
  await alike('dispatcher.reload')
  expect(await alike('dispatcher.list')).toContain('URI: sip:127.0.0.4')
  await alike('dispatcher.set_state', 'ip', '4', 'sip:127.0.0.4')
  await alike('dispatcher.hash', '8', 'abc', 'def')
  await alike('dispatcher.ping_active')
  expect(await alike('dispatcher.list', 'short')).toContain('FLAGS: IP')
  // A row that is none: ours keeps what it has, and says which row it is.
  insert("5, 'nonsense::', 0, 0, '', ''")
  expect(await servers[0].rpc('dispatcher.reload')).toContain('500 - Reload Failed')
  await servers[0].logged(/row 6 of dispatcher \(setid 5\): bad uri \[nonsense::\]/)
  expect(await servers[0].rpc('dispatcher.list')).toContain('URI: sip:127.0.0.4')
})
