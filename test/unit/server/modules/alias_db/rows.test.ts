// Rows that no address can be made of, and URIs that Kamailio would spoil.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { makeTables } from '../../../../compat/auth/tables.ts'
import { Phone } from '../../../../compat/auth/talk.ts'
import { Bench } from '../../../../kit/bench.ts'

async function said(
  module: string,
  script: string,
  sql: string,
  uris: string[],
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  const path = makeTables(folder)
  const file = new DatabaseSync(path)
  file.exec(sql)
  file.close()
  const modules = ['tm', 'pv', 'xlog', 'db_sqlite', module].map(name => `loadmodule "${name}.so"`)
  const bench = await Bench.start(
    `${modules.join('\n')}\nmodparam("${module}", "db_url", "sqlite:///${path}")
request_route { ${script} xlog("L_ALERT", "$rc $ru"); }\n`,
  )
  onTestFinished(async () => {
    await bench.host.stop()
    rmSync(folder, { recursive: true })
  })
  const phone = new Phone('127.0.0.1:25075', Date.now)
  for (const uri of uris) {
    bench.receive(phone.text({ send: `INVITE ${uri}` }))
    while (bench.core.routes.waiting > 0) await pause(1)
  }
  return bench.lines.map(({ text }) => text.replace('<script>: ', ''))
}

it('passes over rows without a user or a domain', async () => {
  const rows = [
    "('empty', 'example.com', '', 'example.com')",
    "('nodomain', 'example.com', 'bob', NULL)",
    "('half', 'example.com', '', '')",
    "('half', 'example.com', 'bob', 'example.com')",
  ]
  const sql = `INSERT INTO dbaliases (alias_username, alias_domain, username, domain)
    VALUES ${rows.join(',')}`
  const uris = ['empty', 'nodomain', 'half'].map(user => `sip:${user}@example.com`)
  expect(await said('alias_db', 'alias_db_lookup("dbaliases");', sql, uris)).toEqual([
    '-1 sip:empty@example.com',
    '-1 sip:nodomain@example.com',
    '1 sip:bob@example.com',
  ])
})

it('leaves the scheme of a speed dial alone', async () => {
  const row = (short: string, uri: string): string =>
    `INSERT INTO speed_dial (username, sd_username, new_uri)
       VALUES ('alice', '${short}', '${uri}');`
  const sql = row('91', 'sips:bob@example.com') + row('92', 'tel:+4912345') + row('93', '')
  const uris = ['sip:91@example.com', 'sip:92@example.com', 'sip:93@example.com']
  expect(await said('speeddial', 'sd_lookup("speed_dial");', sql, uris)).toEqual([
    '1 sips:bob@example.com',
    '1 tel:+4912345',
    '-1 sip:93@example.com',
  ])
})

it('finds an alias in a branch route', async () => {
  const script = 't_on_branch("OUT"); $du = "sip:127.0.0.1:25099"; t_relay();'
  const routes = `} branch_route[OUT] { alias_db_find("dbaliases", "$fu", "$avp(a)", "r");
    xlog("L_ALERT", "branch $rc $avp(a)");`
  const uris = ['sip:bob@example.com']
  const lines = await said('alias_db', script + routes, '', uris)
  expect(lines).toEqual(['branch 1 sip:chief@example.com', '1 sip:bob@example.com'])
})
