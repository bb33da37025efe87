// One location table for the real Kamailio and a node: what one writes the other finds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MariadbServer } from '../kit/mariadb.ts'
import { Phone } from '../kit/phone.ts'
import { PostgresServer } from '../kit/postgres.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

const MODULES = 'kex ctl tm sl pv usrloc registrar textops textopsx siputils'
const FILES = ['standard-create.sql', 'usrloc-create.sql']

/** Where the table is. */
interface Place {
  readonly module: string
  readonly url: string
  rows(): Promise<number>
}

/** REGISTER is saved; anything else is told what lookup() makes of it. */
const config = (place: Place, mode: number, serverId = 0): string => `#!KAMAILIO
children=1
server_id=${serverId}
loadmodule "${place.module}.so"
${MODULES.split(' ')
  .map(name => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("usrloc", "db_url", "${place.url}")
modparam("usrloc", "db_mode", ${mode})
modparam("usrloc", "use_domain", 1)
modparam("usrloc", "nat_bflag", 6)
modparam("usrloc", "xavp_contact", "ulattrs")
modparam("registrar", "received_avp", "$avp(rcv)")
modparam("registrar", "use_path", 1)
request_route {
  if ($rm == "REGISTER") {
    setbflag(6);
    $avp(rcv) = "sip:192.0.2.9:5099";
    $xavp(ulattrs=>color) = "blue";
    save("location");
    exit;
  }
  if ($rm == "OPTIONS" || !lookup("location")) { sl_send_reply("404", "None"); exit; }
  append_to_reply("X-Found: $ru|$du|$bf|$branch(count)|$xavp(ulattrs=>color)\\r\\n");
  sl_send_reply("480", "Found");
}
`

async function sqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'location-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'location.sqlite')
  const db = new DatabaseSync(path)
  onTestFinished(() => db.close())
  for (const file of FILES) db.exec(readFileSync(join('templates/db/sqlite', file), 'utf8'))
  const count = db.prepare('SELECT count(*) AS rows FROM location')
  const rows = (): Promise<number> => Promise.resolve(Number(count.get()!.rows))
  return { module: 'db_sqlite', url: `sqlite:///${path}`, rows }
}

async function onServer(server: MariadbServer | PostgresServer, kind: string): Promise<Place> {
  onTestFinished(() => server.stop())
  const url = await server.makeDatabase('kamailio')
  for (const file of FILES)
    await server.sql(readFileSync(join('templates/db', kind, file), 'utf8'), 'kamailio')
  const rows = async (): Promise<number> =>
    Number(await server.sql('SELECT count(*) FROM location', 'kamailio'))
  return { module: `db_${kind}`, url, rows }
}

const places = {
  SQLite: sqlite,
  MariaDB: async () => onServer(await MariadbServer.start(), 'mysql'),
  PostgreSQL: async () => onServer(await PostgresServer.start(), 'postgres'),
}

let cseq = 0

async function ask(server: SipServer, method: string, user: string, lines: string[]) {
  const phone = await Phone.open()
  const text = [
    `${method} sip:${method === 'REGISTER' ? '' : `${user}@`}example.org SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bKul${++cseq}`,
    `From: <sip:${user}@example.org>;tag=1`,
    `To: <sip:${user}@example.org>`,
    `Call-ID: ${user}`,
    `CSeq: ${cseq} ${method}`,
    ...lines,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
  await phone.send(text, server.host, server.port)
  const { message } = await phone.expect(/^SIP\/2\.0 /)
  await phone.close()
  return message.text
}

const register = (server: SipServer, user: string, contact: string, ...lines: string[]) =>
  ask(server, 'REGISTER', user, [`Contact: ${contact}`, ...lines])
const found = async (server: SipServer, user: string): Promise<string> =>
  /X-Found: (.*)/.exec(await ask(server, 'MESSAGE', user, []))?.[1] ?? 'nobody'

/** Two users with all that a row can say. */
async function registerAll(server: SipServer, name: string): Promise<void> {
  const path = ['Path: <sip:edge@192.0.2.5;lr>', 'Supported: path', 'Allow: INVITE, MESSAGE']
  const plain = await register(server, `${name}1`, `<sip:${name}1@192.0.2.1>;q=0.7;expires=300`)
  expect(plain).toContain(`Contact: <sip:${name}1@192.0.2.1>;q=0.7;expires=300`)
  const instance = ';+sip.instance="<urn:uuid:7>";reg-id=1'
  await register(server, `${name}2`, `<sip:${name}2@192.0.2.2>${instance}`, ...path)
  await register(server, `${name}2`, `<sip:${name}2@192.0.2.3;x=1>`)
}

const expected = (name: string): string[] => [
  `sip:${name}1@192.0.2.1|sip:192.0.2.9:5099|64|<null>|blue`,
  `sip:${name}2@192.0.2.2|sip:edge@192.0.2.5;lr|64|1|blue`,
]
const both = async (server: SipServer, name: string): Promise<string[]> => [
  await found(server, `${name}1`),
  await found(server, `${name}2`),
]

test.for([
  ['SQLite', 1],
  ['SQLite', 2],
  ['MariaDB', 1],
  ['PostgreSQL', 1],
] as const)('one takes over what the other wrote: %s, db_mode %i', async ([name, mode]) => {
  const place = await places[name]()
  const text = config(place, mode)
  const kamailio = await serverForTest({ config: text, original: true })
  await registerAll(kamailio, 'kam')
  const before = await both(kamailio, 'kam')
  expect(before).toEqual(expected('kam'))
  await kamailio.stop()
  const ours = await serverForTest({ config: text })
  expect(await both(ours, 'kam')).toEqual(before)
  // A refresh of what the other one wrote changes its row and makes no second one.
  await register(ours, 'kam1', '<sip:kam1@192.0.2.1>;q=0.7;expires=400')
  await registerAll(ours, 'own')
  expect(await both(ours, 'own')).toEqual(expected('own'))
  await ours.stop()
  const again = await serverForTest({ config: text, original: true })
  expect(await both(again, 'own')).toEqual(expected('own'))
  expect(await both(again, 'kam')).toEqual(before)
  expect(await place.rows()).toBe(6)
})

test.for(['SQLite', 'MariaDB', 'PostgreSQL'] as const)(
  'both at once on one table of %s',
  async name => {
    const place = await places[name]()
    const kamailio = await serverForTest({ config: config(place, 3, 1), original: true })
    const ours = await serverForTest({ config: config(place, 3, 2) })
    await registerAll(kamailio, 'kam')
    expect(await both(ours, 'kam')).toEqual(expected('kam'))
    await registerAll(ours, 'own')
    expect(await both(kamailio, 'own')).toEqual(expected('own'))
    const kam1 = await ours.rpc('ul.lookup', 'location', 'kam1@example.org')
    expect(kam1).toContain('sip:kam1@192.0.2.1')
    expect(await ours.rpc('ul.db_contacts', 'location')).toBe('6\n')
    expect(await ours.rpc('ul.db_users', 'location')).toBe('4\n')
    // Each takes back what the other one was told.
    await register(ours, 'kam1', '<sip:kam1@192.0.2.1>;expires=0')
    expect(await found(kamailio, 'kam1')).toBe('nobody')
    await register(kamailio, 'own1', '<sip:own1@192.0.2.1>;expires=0')
    expect(await found(ours, 'own1')).toBe('nobody')
  },
)
