// The configuration that Debian ships, with its switches for users, aliases and short numbers, on
// SQLite: two baresip phones register with their passwords, and one dials the short number of an
// alias of the other.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { dbaliases } from '../../server/core/db/tables/alias_db.ts'
import { subscriber } from '../../server/core/db/tables/auth_db.ts'
import { speedDial } from '../../server/core/db/tables/speeddial.ts'
import { location, locationAttrs } from '../../server/core/db/tables/usrloc.ts'
import { baresip } from '../kit/baresip.ts'
import { freePort } from '../kit/ports.ts'
import { DEFAULT_CONFIG, type SipServer, serverForTest } from '../kit/server.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const SWITCHES = ['MYSQL', 'AUTH', 'ALIASDB', 'SPEEDDIAL', 'USRLOCDB']
const TABLES = [subscriber, dbaliases, speedDial, location, locationAttrs]

async function node(): Promise<SipServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-users-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const host = '127.0.0.1'
  const path = join(folder, 'kamailio.sqlite')
  const url = sqliteFile(path, ...TABLES)
  const file = new DatabaseSync(path)
  file.exec(`
    INSERT INTO subscriber (username, domain, password)
      VALUES ('alice', '${host}', 'wonder'), ('bob', '${host}', 'builder');
    INSERT INTO dbaliases (alias_username, alias_domain, username, domain)
      VALUES ('chief', '${host}', 'bob', '${host}:${port}');
    INSERT INTO speed_dial (username, domain, sd_username, sd_domain, new_uri)
      VALUES ('alice', '${host}', '22', '${host}', 'sip:chief@${host}:${port}')`)
  file.close()
  const config = readFileSync(DEFAULT_CONFIG, 'utf8').replace('db_mysql.so', 'db_sqlite.so')
  const defines = [...SWITCHES.map(name => `WITH_${name}`), `DBURL="${url}"`]
  return serverForTest({ config, defines, port })
}

test('a call from one registered phone to the short number of another', async () => {
  const server = await node()
  const alice = await baresip({ user: 'alice', server, password: 'wonder' })
  const bob = await baresip({ user: 'bob', server, password: 'builder' })
  await Promise.all([alice.registered(), bob.registered()])

  alice.tell('dial', `sip:22@${server.address}`)
  await bob.said('CALL_INCOMING')
  bob.tell('accept')
  await Promise.all([alice.said('CALL_ESTABLISHED'), bob.said('CALL_ESTABLISHED')])
  alice.tell('hangup')
  await Promise.all([alice.said('CALL_CLOSED'), bob.said('CALL_CLOSED')])
})

test('a phone without the password neither registers nor calls', async () => {
  const server = await node()
  const bob = await baresip({ user: 'bob', server, password: 'builder' })
  await bob.registered()
  const mallory = await baresip({ user: 'alice', server, password: 'guessed' })
  await mallory.child.printed(/401 Unauthorized/)
  mallory.tell('dial', `sip:22@${server.address}`)
  await mallory.said('CALL_CLOSED')
  expect(bob.events.map(({ type }) => type)).not.toContain('CALL_INCOMING')
  expect(await server.rpc('ul.lookup', 'location', 'alice')).toContain('AOR not found')
})
