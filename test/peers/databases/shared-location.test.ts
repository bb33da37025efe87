// Location tables in Redis and in text files for the real Kamailio and a node: what one leaves
// behind the other one takes over, and both write the same.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Phone } from '../../kit/phone.ts'
import { RedisServer } from '../../kit/redis.ts'
import { type SipServer, serverForTest } from '../../kit/server.ts'

/** Where the table is, and what is in it. */
interface Place {
  readonly driver: string
  readonly url: string
  /** Rows by user, their columns by name. */
  rows(): Promise<Record<string, Record<string, string>>>
}

const config = ({ driver, url }: Place): string => `#!KAMAILIO
children=1
loadmodule "ctl.so"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
${driver}
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("usrloc", "db_url", "${url}")
modparam("usrloc", "db_mode", 1)
modparam("usrloc", "use_domain", 1)
request_route {
  if ($rm == "REGISTER") { save("location"); exit; }
  sl_send_reply("404", "None");
}
`

const SCHEMAS = '/usr/share/kamailio/db_redis/kamailio'
const KEYS = 'location=entry:ruid&usrdom:username,domain&timer:partition,keepalive'

async function redis(): Promise<Place> {
  const server = await RedisServer.start()
  onTestFinished(() => server.stop())
  const { client } = server
  for (const [table, version] of [
    ['location', 9],
    ['location_attrs', 1],
  ])
    await client.hset(`version:entry::${table}`, { table_name: table!, table_version: version! })
  const rows = async () => {
    const found: Record<string, Record<string, string>> = {}
    for (const key of await client.keys('location:entry::*')) {
      const { ruid, ...row } = await client.hgetall(key)
      // The sets of a row are those of its columns.
      expect(await client.smembers(`location:timer::0:${row.keepalive}`)).toContain(key)
      const set = `location:usrdom::${row.username}:${row.domain}`
      expect(await client.smembers(set)).toEqual([`location:entry::${ruid}`])
      expect(await client.smembers('location::index::usrdom')).toContain(set)
      // Kamailio leaves an empty field where there is nothing.
      found[row.username!] = Object.fromEntries(Object.entries(row).filter(([, text]) => text))
    }
    return found
  }
  const driver = [
    'loadmodule "db_redis.so"',
    `modparam("db_redis", "schema_path", "${SCHEMAS}")`,
    `modparam("db_redis", "keys", "version=entry:table_name;${KEYS}")`,
    'modparam("db_redis", "keys", "location_attrs=entry:ruid,aname")',
  ].join('\n')
  return { driver, url: `redis://127.0.0.1:${server.port}/0`, rows }
}

async function text(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'location-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync('/usr/share/kamailio/dbtext/kamailio', folder, { recursive: true })
  const rows = async () => {
    const lines = readFileSync(join(folder, 'location'), 'latin1').trim().split('\n')
    const names = lines[0]!.split(' ').map(word => word.split('(')[0]!)
    const found: Record<string, Record<string, string>> = {}
    for (const line of lines.slice(1)) {
      const fields = line.split(/(?<!\\):/)
      const {
        ruid: _ruid,
        id: _id,
        ...row
      } = Object.fromEntries(names.map((name, at) => [name, fields[at]!]))
      found[row.username!] = row
    }
    return found
  }
  return { driver: 'loadmodule "db_text.so"', url: `text://${folder}`, rows }
}

async function register(server: SipServer, user: string, cseq: number, expires = 300) {
  const phone = await Phone.open()
  const lines = [
    'REGISTER sip:example.org SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bK${user}${cseq}`,
    `From: <sip:${user}@example.org>;tag=1`,
    `To: <sip:${user}@example.org>`,
    `Call-ID: call-of-${user.length}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:x@192.0.2.1:5070>;q=0.7;expires=${expires}`,
    'User-Agent: a|b c',
    'Content-Length: 0',
  ]
  await phone.send(`${lines.join('\r\n')}\r\n\r\n`, server.host, server.port)
  await phone.expect(/^SIP\/2\.0 200 /)
  await phone.close()
}

const knows = async (server: SipServer, user: string): Promise<boolean> =>
  (await server.rpc('ul.lookup', 'location', `${user}@example.org`)).includes('192.0.2.1:5070')

/** What does not depend on who has written it, and when. */
const stable = (row: Record<string, string>): Record<string, string> => {
  const { username: _user, socket: _socket, expires: _end, last_modified: _at, ...rest } = row
  return rest
}

test.for([
  ['Redis', redis],
  ['text files', text],
] as const)('one takes over what the other wrote: %s', async ([, make]) => {
  const place = await make()
  const theirs = await serverForTest({ config: config(place), original: true })
  await register(theirs, 'kam', 1)
  await register(theirs, 'kam', 2)
  await theirs.stop()
  const ours = await serverForTest({ config: config(place) })
  expect(await knows(ours, 'kam')).toBe(true)
  await register(ours, 'own', 1)
  await register(ours, 'own', 2)
  await register(ours, 'kam', 3)
  await ours.stop()
  const { kam, own, ...others } = await place.rows()
  expect(others).toEqual({})
  expect(stable(own!)).toEqual({ ...stable(kam!), cseq: '2' })
  const again = await serverForTest({ config: config(place), original: true })
  expect([await knows(again, 'kam'), await knows(again, 'own')]).toEqual([true, true])
  await register(again, 'own', 3, 0)
  await again.stop()
  expect(Object.keys(await place.rows())).toEqual(['kam'])
})
