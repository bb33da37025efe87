// db_mode 3 and 4, reading at the start, and the parameters that say how.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DatabaseWorld } from './database-world.ts'

const A = '<sip:a@192.0.2.1>'
const B = '<sip:b@192.0.2.2>'
type Values = Record<string, string | number>
const start = (usrloc: Values, path = '', registrar: Values = {}) =>
  DatabaseWorld.start(usrloc, { path, registrar })

describe('database only', () => {
  test('nodes on one table see each other at once', async () => {
    const one = await start({ db_mode: 3 })
    const two = await start({ db_mode: 3 }, one.path)
    await one.register(A)
    expect(await two.lookup('bob')).toBe('sip:a@192.0.2.1')
    // In one process both would give the same names.
    for (let i = 0; i < 5; i++) two.usrloc.nextRuid()
    await two.register('<sip:a@192.0.2.1>;q=0.5', { cseq: 50 })
    await two.register(`${B};q=0.7`, { cseq: 51 })
    expect(one.rows('q')).toEqual([0.5, 0.7])
    expect(await one.lookup('bob')).toBe('sip:b@192.0.2.2')
    await one.register('<sip:a@192.0.2.1>;expires=0, <sip:b@192.0.2.2>;expires=0', { cseq: 52 })
    expect(await two.lookup('bob')).toBe(-1)
  })

  test('what cannot be asked is not found, and a REGISTER is refused', async () => {
    const node = await start({ db_mode: 3 })
    await node.register(A)
    node.driver.failure = 'unavailable'
    expect(await node.lookup('bob')).toBe(-1)
    expect(await node.register(B)).toBe(-1)
    expect(node.world.replies.sent.at(-1)).toEqual([
      'SIP/2.0 500 Server Internal Error',
      'P-Registrar-Error: usrloc_record_get failed',
    ])
    node.driver.failure = null
    expect(await node.lookup('bob')).toBe('sip:a@192.0.2.1')
  })

  test('the timer deletes what ran out, some time later if that is wanted', async () => {
    const node = await start({ db_mode: 3, timer_interval: 1, rm_expired_delay: 30 })
    await node.register(`${A};expires=60`)
    node.world.pass(70)
    expect(await node.lookup('bob')).toBe(-1)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    node.world.pass(30)
    await node.passUntil(() => node.rows().length === 0)
    const expired = node.world.core.counters.inGroup('usrloc').find(c => c.name.includes('expires'))
    await node.until(() => expired!.current() === 1)
  })

  test.for([
    [1, ['a', 'b']],
    [3, ['b']],
  ] as const)('keepalives go to rows (ka_mode %i)', async ([mode, users]) => {
    const node = await start({ db_mode: 3, timer_interval: 1, ka_mode: mode })
    await node.register(A, { user: 'ann' })
    await node.register(B)
    node.sql("UPDATE location SET keepalive=1 WHERE contact LIKE 'sip:b%'")
    const { sent } = node.world
    await node.passUntil(() => sent.length >= users.length)
    const targets = new Set(sent.map(({ text }) => text.split(' ')[1]!.slice(4, 5)))
    expect([...targets].join(' ')).toBe(users.join(' '))
  })

  test('functions of the script read the table', async () => {
    const node = await start({ db_mode: 3 })
    await node.register(`${A};q=0.3`)
    const { world } = node
    const uri = 'sip:bob@example.org'
    const msg = world.message(`MESSAGE ${uri} SIP/2.0\r\nTo: <${uri}>\r\nCall-ID: i\r\n\r\n`)
    const run = (name: string, ...args: string[]) => world.verdict(msg, name, 'location', ...args)
    expect(await run('registered', uri)).toBe(1)
    expect(await run('reg_fetch_contacts', uri, 'callee')).toBe(1)
    world.run(msg, [['print', '$ulc(callee=>addr) $ulc(callee=>q) $ulc(callee=>count)']])
    expect(world.marks.at(-1)).toBe('sip:a@192.0.2.1 300 1')
    const [ruid = ''] = node.rows('ruid') as string[]
    expect(await run('unregister', '', ruid)).toBe(1)
    expect(await run('registered', uri)).toBe(-1)
    expect(await run('unregister', '', ruid)).toBe(-3)
  })

  test('operators see and change the table', async () => {
    const node = await start({ db_mode: 3, use_domain: 1 })
    await node.register(A)
    await node.register(`${B};expires=60`)
    const rpc = async (name: string, ...params: (string | number)[]): Promise<string> =>
      JSON.stringify(await node.world.rpc(name, params))
    expect(await rpc('ul.dump', 'brief')).toContain('{"AoR":"bob@example.org"}')
    expect(await rpc('ul.lookup', 'location', 'bob@example.org')).toContain('sip:b@192.0.2.2')
    node.world.pass(70)
    expect(await rpc('ul.db_users', 'location')).toBe('1')
    expect(await rpc('ul.db_contacts', 'location')).toBe('1')
    expect(await rpc('ul.db_expired_contacts', 'location')).toBe('1')
    await rpc('ul.rm', 'location', 'bob@example.org')
    expect(node.rows()).toEqual([])
  })
})

describe('reading at the start', () => {
  test('db_mode 4 reads and never writes', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    const reader = await start({ db_mode: 4, timer_interval: 1 }, writer.path)
    expect(await reader.lookup('bob')).toBe('sip:a@192.0.2.1')
    await reader.register('<sip:a@192.0.2.1>;expires=0', { cseq: 9 })
    await reader.register(B, { cseq: 10 })
    reader.world.pass(5)
    expect(await reader.lookup('bob')).toBe('sip:b@192.0.2.2')
    expect(reader.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('db_load 0 begins with nothing', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    const node = await start({ db_mode: 1, db_load: 0 }, writer.path)
    expect(await node.lookup('bob')).toBe(-1)
  })

  test('server_id_filter keeps to our own rows', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    await writer.register(B)
    writer.sql("UPDATE location SET server_id=9 WHERE contact LIKE 'sip:b%'")
    const node = await start({ db_mode: 1, server_id_filter: 1 }, writer.path)
    const contacts = node.usrloc.register('location').contacts('bob')
    expect(contacts.map(({ uri }) => uri)).toEqual(['sip:a@192.0.2.1'])
  })

  test('skip_remote_socket leaves out what came in elsewhere', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    await writer.register(B)
    writer.sql("UPDATE location SET socket='udp:192.0.2.77:5060' WHERE contact LIKE 'sip:b%'")
    const node = await start({ db_mode: 1, skip_remote_socket: 1 }, writer.path)
    expect(node.usrloc.register('location').count('bob')).toBe(1)
    const all = await start({ db_mode: 1 }, writer.path)
    const sockets = all.usrloc.register('location').contacts('bob')
    expect(sockets.map(({ socket }) => socket === null)).toEqual([false, true])
  })

  test('a row that is none is left out with a line in the log', async () => {
    const writer = await start({ db_mode: 1 })
    for (const user of ['bob', 'ann', 'joe']) await writer.register(A, { user })
    writer.sql("UPDATE location SET username='' WHERE username='ann'")
    writer.sql("UPDATE location SET contact='' WHERE username='joe'")
    const node = await start({ db_mode: 1, fetch_rows: 2 }, writer.path)
    expect(node.usrloc.registeredUsers()).toBe(1)
  })

  test('columns have the names that parameters give them', async () => {
    const node = await start({ db_mode: 1, user_column: 'callid', callid_column: 'username' })
    await node.register(A, { callId: 'the-call' })
    expect(node.rows('username')).toEqual(['the-call'])
    const again = await start(
      { db_mode: 1, user_column: 'callid', callid_column: 'username' },
      node.path,
    )
    expect(await again.lookup('bob')).toBe('sip:a@192.0.2.1')
  })

  test('db_clean_tcp deletes rows of connections that this server had', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    await writer.register(B)
    writer.sql("UPDATE location SET connection_id=3 WHERE contact LIKE 'sip:b%'")
    const node = await start({ db_mode: 1, db_clean_tcp: 1 }, writer.path)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    expect(node.usrloc.register('location').count('bob')).toBe(1)
  })

  test('a connection of a former life is none of ours', async () => {
    const writer = await start({ db_mode: 1 })
    await writer.register(A)
    writer.sql('UPDATE location SET connection_id=3, last_modified=last_modified-1')
    const node = await start({ db_mode: 1 }, writer.path)
    const [contact] = node.usrloc.register('location').contacts('bob')
    expect(contact!.connection).toBeGreaterThan(1_000_000)
  })

  test('a table of another version stops the start', async () => {
    const writer = await start({ db_mode: 1 })
    writer.sql("UPDATE version SET table_version=8 WHERE table_name='location'")
    await expect(start({ db_mode: 1 }, writer.path)).rejects.toThrow(
      /invalid version 8 for table location found, expected 9/,
    )
    const node = await start({ db_mode: 1, version_table: 0 }, writer.path)
    expect(await node.register(A)).toBe(1)
  })

  test.for([1, 2, 3])('db_mode %i wants a database that can be changed', async db_mode => {
    const readOnly = DatabaseWorld.start({ db_mode }, { can: ['query'] })
    await expect(readOnly).rejects.toThrow(
      'usrloc: database module does not implement all functions needed by the module',
    )
  })

  test('db_mode 4 only reads', async () => {
    const node = await DatabaseWorld.start({ db_mode: 4 }, { can: ['query'] })
    expect(await node.register(A)).toBe(1)
    expect(node.rows()).toEqual([])
  })

  test('a table that is first named later is read when it is', async () => {
    const writer = await start({ db_mode: 1 })
    writer.sql(readFileSync('templates/db/sqlite/registrar-create.sql', 'utf8'))
    writer.sql("UPDATE version SET table_version=9 WHERE table_name='aliases'")
    await writer.register(A)
    writer.sql('INSERT INTO aliases SELECT * FROM location')
    const node = await start({ db_mode: 2 }, writer.path)
    const msg = node.world.message(
      'INVITE sip:bob@example.org SIP/2.0\r\nCall-ID: i\r\nCSeq: 1 INVITE\r\n\r\n',
    )
    expect(await node.world.verdict(msg, 'lookup', 'aliases')).toBe(1)
    expect(msg.uri).toBe('sip:a@192.0.2.1')
    expect(await node.world.verdict(msg, 'lookup', 'nothing')).toBe(-1)
  })

  test('db_timer_clean deletes rows that ran out, whoever wrote them', async () => {
    const node = await start({ db_mode: 1, db_timer_clean: 1, timer_interval: 1 })
    await node.register(`${A};expires=60`)
    await node.register(`${B};expires=600`)
    node.sql("UPDATE location SET ruid='another', contact='sip:x@y' WHERE contact LIKE 'sip:a%'")
    node.world.pass(70)
    await node.passUntil(() => node.rows().length === 1)
    expect(node.rows()).toEqual(['sip:b@192.0.2.2'])
  })
})
