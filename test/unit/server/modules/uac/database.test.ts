// Registrations in a database: which rows the real Kamailio takes, reloading, and reading one anew.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { uacreg } from '../../../../../server/core/db/tables/uac.ts'
import type { Uac } from '../../../../../server/modules/uac/uac.ts'
import { Bench } from '../../../../kit/bench.ts'
import { sqliteFile } from '../../../../kit/sqlite-file.ts'

let folder: string
let url: string
let file: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uac-'))
  url = sqliteFile(join(folder, 'uac.db'), uacreg)
  file = new DatabaseSync(join(folder, 'uac.db'))
})
afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

const GOOD = {
  l_uuid: 'good',
  l_username: 'lu',
  l_domain: 'ld',
  r_username: 'ru',
  r_domain: '127.0.0.1:25909',
  realm: 'r',
  auth_username: 'au',
  auth_password: 'pw',
  auth_proxy: 'sip:127.0.0.1:25909',
  expires: 360,
}

function insert(row: Record<string, string | number>): void {
  const all = { ...GOOD, ...row }
  const names = Object.keys(all)
  const marks = names.map(() => '?').join()
  file.prepare(`INSERT INTO uacreg (${names.join()}) VALUES (${marks})`).run(...Object.values(all))
}

async function started(params = ''): Promise<{ bench: Bench; uac: Uac }> {
  const modules = ['tm', 'sl', 'rr', 'pv', 'xlog', 'db_sqlite', 'uac']
  const bench = await Bench.start(`debug=1
${modules.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("uac", "restore_mode", "none")
modparam("uac", "reg_db_url", "${url}")
${params === '' ? 'modparam("uac", "reg_contact_addr", "127.0.0.1:25910")' : params}
request_route { uac_reg_refresh("$rU"); xlog("L_ERR", "rc $rc\\n"); exit; }
`)
  onTestFinished(() => bench.host.stop())
  return { bench, uac: bench.host.instance('uac') as Uac }
}

const uuids = (uac: Uac): string[] => uac.registrations.all().map(({ account }) => account.uuid)

/** Calls a command; the code and text of its fault, or its result. */
async function command({ core }: Bench, name: string, ...params: string[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const caller = { transport: 'stream', strictness, connection: null } as const
  try {
    return (await core.rpc.call(name, params, caller)).value
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `${error.code} ${error.message}`
  }
}

const HA1 = '0123456789abcdef0123456789abcdef'

test('takes the rows that Kamailio takes', async () => {
  const rows: Record<string, string | number>[] = [
    { l_uuid: 'norealm', realm: '' },
    { l_uuid: 'ha1', auth_password: '', auth_ha1: HA1 },
    { l_uuid: 'exp0', expires: 0 },
    { l_uuid: 'neg', expires: -5 },
    { l_uuid: 'flag1', flags: 1 },
    { l_uuid: 'nosuchsocket', socket: 'udp:9.9.9.9:1' },
    { l_uuid: 'contact', contact_addr: '1.2.3.4:5' },
  ]
  const bad = ['l_uuid', 'l_username', 'l_domain', 'r_username', 'r_domain', 'auth_username']
  for (const row of rows) insert(row)
  for (const column of [...bad, 'auth_proxy', 'auth_password'])
    insert({ l_uuid: `no ${column}`, [column]: '' })
  insert({ l_uuid: 'badha1', auth_password: '', auth_ha1: '012' })
  const { uac } = await started()
  expect(uuids(uac)).toEqual(rows.map(row => row.l_uuid))
  const contacts = uac.registrations.all().map(({ account }) => account.contactAddress)
  expect(new Set(contacts)).toEqual(new Set(['127.0.0.1:25910', '1.2.3.4:5']))
})

test('shows no socket where the row names none, as Kamailio does', async () => {
  insert({ l_uuid: 'none' })
  insert({ l_uuid: 'one', socket: 'udp:9.9.9.9:1' })
  const { bench } = await started()
  expect(await command(bench, 'uac.reg_dump')).toMatchObject([
    { l_uuid: 'none', socket: null, auth_ha1: 'none', auth_password: 'pw' },
    { l_uuid: 'one', socket: 'udp:9.9.9.9:1' },
  ])
})

test('is reloaded: what did not change goes on', async () => {
  insert({})
  insert({ l_uuid: 'changes' })
  insert({ l_uuid: 'goes' })
  const { bench, uac } = await started()
  const [good, changes] = uac.registrations.all()
  file.exec("DELETE FROM uacreg WHERE l_uuid = 'goes'")
  file.exec("UPDATE uacreg SET r_username = 'other' WHERE l_uuid = 'changes'")
  insert({ l_uuid: 'comes' })
  expect(await command(bench, 'uac.reg_reload')).toBe(undefined)
  expect(uuids(uac)).toEqual(['good', 'changes', 'comes'])
  expect(uac.registrations.find('good')).toBe(good)
  expect(uac.registrations.find('changes')).not.toBe(changes)
  expect(uac.registrations.find('changes')!.account.remoteUser).toBe('other')
  const tables = bench.core.databases.tables.all()
  expect(tables.map(({ name, generation, loadedBy }) => [name, generation, loadedBy])).toEqual([
    ['uacreg', 2, 'rpc uac.reg_reload'],
  ])
})

test('stays as it was when the table cannot be read', async () => {
  insert({})
  const { bench, uac } = await started()
  file.exec('DROP TABLE uacreg')
  expect(await command(bench, 'uac.reg_reload')).toBe(
    '500 Failed to reload records - check log messages',
  )
  expect(await command(bench, 'uac.reg_refresh', 'good')).toBe(
    '500 Failed to refresh record - check log messages',
  )
  expect(uuids(uac)).toEqual(['good'])
})

test('one is read anew, by a command and by the script', async () => {
  insert({})
  const { bench, uac } = await started()
  file.exec("UPDATE uacreg SET r_username = 'other'")
  insert({ l_uuid: 'comes' })
  expect(await command(bench, 'uac.reg_refresh', 'good')).toBe(undefined)
  expect(uac.registrations.find('good')!.account.remoteUser).toBe('other')
  expect(await command(bench, 'uac.reg_refresh', 'nobody')).toBe('404 Record not found')
  for (const [user, code] of [
    ['comes', 1],
    ['nobody', -1],
  ] as const) {
    bench.lines.length = 0
    bench.receive(
      `OPTIONS sip:${user}@x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK${user}\r\n` +
        'From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n',
    )
    const told = (): boolean => bench.lines.some(({ text }) => text.includes(`rc ${code}`))
    for (let i = 0; i < 4000 && !told(); i++) await pause(5)
    expect(told()).toBe(true)
  }
  expect(uuids(uac)).toContain('comes')
})

test('needs reg_contact_addr, and a table of the right version', async () => {
  await expect(started('modparam("uac", "reg_active", 1)')).rejects.toThrow(
    'contact address parameter not set',
  )
  file.exec("UPDATE version SET table_version = 4 WHERE table_name = 'uacreg'")
  await expect(started()).rejects.toThrow('invalid version 4 for table uacreg found, expected 5')
})
