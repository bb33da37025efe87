// db_mode 1: a REGISTER is accepted when its rows are written, and not before.
import { describe, expect, test } from 'vitest'
import { DatabaseWorld } from './database-world.ts'

const A = '<sip:a@192.0.2.1>'
const B = '<sip:b@192.0.2.2>'
const start = (more = {}, path = '') => DatabaseWorld.start({ db_mode: 1, ...more }, { path })

describe('write-through', () => {
  test('answers when the row is written', async () => {
    const node = await start()
    node.driver.hold()
    const saved = node.register(A)
    await new Promise(later => setTimeout(later, 20))
    expect(node.replies).toEqual([])
    expect(node.usrloc.register('location').contacts('bob')).toEqual([])
    node.driver.go()
    expect(await saved).toBe(1)
    expect(node.replies).toEqual(['200 OK'])
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    expect(await node.lookup('bob')).toBe('sip:a@192.0.2.1')
  })

  test('others go on while one waits, and look up what counts', async () => {
    const node = await start()
    await node.register(A)
    node.driver.hold()
    const saved = node.register('<sip:a@192.0.2.1>;expires=0')
    expect(await node.lookup('bob')).toBe('sip:a@192.0.2.1')
    node.driver.go()
    expect(await saved).toBe(3)
    expect(await node.lookup('bob')).toBe(-1)
  })

  test('carries out requests for one address of record in their order', async () => {
    const node = await start()
    node.driver.hold()
    const codes = [node.register(A), node.register(A), node.register('<sip:a@192.0.2.1>;expires=0')]
    const other = node.register(B, { user: 'ann' })
    node.driver.go()
    expect(await Promise.all([...codes, other])).toEqual([1, 2, 3, 1])
    expect(node.rows()).toEqual(['sip:b@192.0.2.2'])
  })

  test('a repeated request waits for the first and is answered like it', async () => {
    const node = await start()
    node.driver.hold()
    const both = [node.register(A, { cseq: 7 }), node.register(A, { cseq: 7 })]
    node.driver.go()
    await Promise.all(both)
    expect(node.replies).toEqual(['200 OK', '200 OK'])
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('refuses when too many wait for one address of record', async () => {
    const node = await start()
    node.driver.hold()
    const codes = Array.from({ length: 40 }, () => node.register(A))
    await node.until(() => node.replies.length > 0)
    expect(new Set(node.replies)).toEqual(new Set(['500 Server Internal Error']))
    node.driver.go()
    const given = await Promise.all(codes)
    expect(given.filter(code => code < 0).length).toBe(7)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test.for(['unavailable', 'deadline', 'busy', 'statement'] as const)(
    'changes nothing when the database says %s',
    async failure => {
      const node = await start()
      await node.register(A)
      node.driver.failure = failure
      expect(await node.register(B)).toBe(-1)
      expect(await node.register(`${A};q=0.5`)).toBe(-1)
      expect(await node.register('<sip:a@192.0.2.1>;expires=0')).toBe(-1)
      const errors = node.world.replies.sent.slice(1).map(lines => lines.at(-1))
      expect(errors).toEqual([
        'P-Registrar-Error: usrloc_contact_insert failed',
        'P-Registrar-Error: usrloc_contact_update failed',
        'P-Registrar-Error: usrloc_contact_delete failed',
      ])
      node.driver.failure = null
      expect(await node.lookup('bob')).toBe('sip:a@192.0.2.1')
      expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
      expect(await node.register(B)).toBe(1)
      expect(new Set(node.rows())).toEqual(new Set(['sip:a@192.0.2.1', 'sip:b@192.0.2.2']))
    },
  )

  test('a change that was refused but carried out is taken back', async () => {
    const node = await start()
    await node.register(A)
    node.driver.failure = 'deadline'
    node.driver.carriesOut = true
    expect(await node.register(`${A};q=0.5`)).toBe(-1)
    expect(await node.register(B)).toBe(-1)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1', 'sip:b@192.0.2.2'])
    expect(node.rows('q')).toEqual([0.5, -1])
    node.driver.failure = null
    // Nobody asks again: the rows follow memory by themselves.
    await node.passUntil(() => node.rows().length === 1 && node.rows('q')[0] === -1)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('the next request does not double what was refused but carried out', async () => {
    const node = await start()
    node.driver.failure = 'deadline'
    node.driver.carriesOut = true
    expect(await node.register(A)).toBe(-1)
    node.driver.failure = null
    expect(await node.register(A)).toBe(1)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    expect(await node.register(`${A};q=0.5`)).toBe(2)
    expect(node.rows('q')).toEqual([0.5])
  })

  test('a row that is put right is never gone meanwhile', async () => {
    const node = await start()
    await node.register(A)
    node.driver.failure = 'deadline'
    expect(await node.register(`${A};q=0.5`)).toBe(-1)
    node.driver.failure = null
    node.sql("CREATE TRIGGER no BEFORE INSERT ON location BEGIN SELECT RAISE(FAIL, 'no'); END")
    expect(await node.register(`${A};q=0.7`)).toBe(-1)
    expect(await node.usrloc.flush()).toBe(false)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    node.sql('DROP TRIGGER no')
    expect(await node.usrloc.flush()).toBe(true)
    expect(node.rows('q')).toEqual([-1])
  })

  test('a row that somebody has deleted is made again by the refresh', async () => {
    const node = await start()
    await node.register(A)
    node.sql('DELETE FROM location')
    expect(await node.register(A)).toBe(2)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('several contacts of one request are written all or none', async () => {
    const node = await start()
    node.sql(
      "CREATE TRIGGER no BEFORE INSERT ON location WHEN NEW.contact LIKE '%bad%' " +
        "BEGIN SELECT RAISE(FAIL, 'bad'); END",
    )
    expect(await node.register(`${A}, <sip:bad@192.0.2.1>`)).toBe(-1)
    expect(node.rows()).toEqual([])
    expect(await node.lookup('bob')).toBe(-1)
    expect(await node.register(`${A}, ${B}`)).toBe(1)
    expect(node.rows().length).toBe(2)
  })

  test('rows of contacts that ran out go by themselves', async () => {
    const node = await start({ timer_interval: 1 })
    await node.register(`${A};expires=60`)
    await node.register(`${B};expires=600`)
    node.world.pass(70)
    await node.passUntil(() => node.rows().length === 1)
    expect(node.rows()).toEqual(['sip:b@192.0.2.2'])
  })

  test('a contact that is being renewed does not run out meanwhile', async () => {
    const node = await start({ timer_interval: 1 })
    await node.register(`${A};expires=60`)
    node.world.pass(59)
    node.driver.hold()
    const saved = node.register(`${A};expires=60`)
    node.world.pass(5)
    node.driver.go()
    expect(await saved).toBe(2)
    node.world.pass(5)
    expect(await node.lookup('bob')).toBe('sip:a@192.0.2.1')
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('commands of operators wait for the database, too', async () => {
    const node = await start()
    const rpc = (name: string, ...params: (string | number)[]) => node.world.rpc(name, params)
    await rpc('ul.add', 'location', 'carl', 'sip:c@192.0.2.3', 60, 1, '.', 0, 0, 4294967295)
    expect(node.rows()).toEqual(['sip:c@192.0.2.3'])
    node.driver.failure = 'unavailable'
    await expect(rpc('ul.rm', 'location', 'carl')).rejects.toThrow('Failed to delete AOR')
    expect(JSON.stringify(rpc('ul.lookup', 'location', 'carl'))).toContain('CS_DIRTY')
    node.driver.failure = null
    await rpc('ul.rm_contact', 'location', 'carl', 'sip:c@192.0.2.3')
    expect(node.rows()).toEqual([])
  })

  test('all that was accepted is there after a start anew', async () => {
    const first = await start({ use_domain: 1 })
    await first.register(`${A};q=0.25`)
    await first.register(B, { user: 'ann' })
    const { path } = first
    const second = await start({ use_domain: 1 }, path)
    const [contact] = second.usrloc.register('location').contacts('bob@example.org')
    expect(contact).toMatchObject({ uri: 'sip:a@192.0.2.1', q: 250, callId: 'c' })
    expect(await second.lookup('ann')).toBe('sip:b@192.0.2.2')
    expect(await second.register(A, { cseq: 99 })).toBe(2)
  })
})
