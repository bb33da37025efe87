// db_mode 2: memory answers, and a timer brings the rows after it.
import { describe, expect, test } from 'vitest'
import { DatabaseWorld } from './database-world.ts'

const A = '<sip:a@192.0.2.1>'
const B = '<sip:b@192.0.2.2>'
const start = (more = {}, path = '') =>
  DatabaseWorld.start({ db_mode: 2, timer_interval: 5, ...more }, { path })
const uris = ['sip:a@192.0.2.1', 'sip:b@192.0.2.2']

describe('write-back', () => {
  test('answers at once and writes with the timer', async () => {
    const node = await start()
    node.driver.hold()
    await node.register(A)
    await node.register(B)
    expect(node.replies).toEqual(['200 OK', '200 OK'])
    node.driver.go()
    expect(node.rows()).toEqual([])
    await node.passUntil(() => node.rows().length === 2)
    expect(node.rows()).toEqual(uris)
    const lookup = (): string => JSON.stringify(node.world.rpc('ul.lookup', ['location', 'bob']))
    await node.until(() => lookup().match(/CS_SYNC/g)?.length === 2)
  })

  test('writes no more than has changed', async () => {
    const node = await start()
    for (let i = 0; i < 20; i++) await node.register(A, { user: `user${i}` })
    await node.usrloc.flush()
    const before = node.driver.statements
    await node.register(`${A};q=0.5`, { user: 'user3' })
    await node.usrloc.flush()
    expect(node.driver.statements - before).toBe(1)
    expect(node.rows('q').filter(q => q === 0.5).length).toBe(1)
    await node.usrloc.flush()
    expect(node.driver.statements - before).toBe(1)
  })

  test('a contact that comes and goes between two writings leaves no trace', async () => {
    const node = await start()
    const before = node.driver.statements
    await node.register(A)
    await node.register('<sip:a@192.0.2.1>;expires=0')
    await node.usrloc.flush()
    expect(node.driver.statements).toBe(before)
    expect(node.rows()).toEqual([])
  })

  test('what changes while it is written is written again', async () => {
    const node = await start()
    await node.register(A)
    await node.register(B)
    await node.usrloc.flush()
    await node.register(`${A};q=0.1`)
    await node.register(`${B};q=0.1`)
    node.driver.hold()
    const flushed = node.usrloc.flush()
    await node.register(`${A};q=0.2`)
    await node.register('<sip:b@192.0.2.2>;expires=0')
    await node.register('<sip:c@192.0.2.3>')
    node.driver.go()
    expect(await flushed).toBe(true)
    await node.usrloc.flush()
    expect(node.rows()).toEqual(['sip:a@192.0.2.1', 'sip:c@192.0.2.3'])
    expect(node.rows('q')).toEqual([0.2, -1])
  })

  test.for(['unavailable', 'deadline', 'statement'] as const)(
    'a database that says %s delays, no more',
    async failure => {
      const node = await start()
      await node.register(A, { user: 'ann' })
      await node.usrloc.flush()
      node.driver.failure = failure
      await node.register(`${A};q=0.5`, { user: 'ann' })
      await node.register(B)
      expect(await node.usrloc.flush()).toBe(false)
      await node.register(`${B};q=0.7`)
      expect(await node.lookup('bob')).toBe('sip:b@192.0.2.2')
      node.driver.failure = null
      expect(await node.usrloc.flush()).toBe(true)
      expect(node.rows()).toEqual(uris)
      expect(node.rows('q')).toEqual([0.5, 0.7])
    },
  )

  test('what was written without an answer is not doubled', async () => {
    const node = await start()
    await node.register(A)
    node.driver.failure = 'deadline'
    node.driver.carriesOut = true
    expect(await node.usrloc.flush()).toBe(false)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
    node.driver.failure = null
    expect(await node.usrloc.flush()).toBe(true)
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })

  test('one row that the database refuses does not keep the others', async () => {
    const node = await start()
    node.sql(
      "CREATE TRIGGER no BEFORE INSERT ON location WHEN NEW.contact LIKE '%bad%' " +
        "BEGIN SELECT RAISE(FAIL, 'bad'); END",
    )
    await node.register(A)
    await node.register('<sip:bad@192.0.2.1>')
    await node.register(B)
    expect(await node.usrloc.flush()).toBe(false)
    expect(new Set(node.rows())).toEqual(new Set(uris))
  })

  test('thousands are written in batches', async () => {
    const node = await start()
    for (let i = 0; i < 1700; i++) await node.register(A, { user: `user${i}` })
    expect(await node.usrloc.flush()).toBe(true)
    expect(node.rows('username').length).toBe(1700)
    expect(new Set(node.rows('username')).size).toBe(1700)
  })

  test('all is written at a clean stop', async () => {
    const node = await start()
    await node.register(A)
    await node.register(B, { user: 'ann' })
    await node.world.stop()
    expect(node.rows()).toEqual(uris)
  })

  test('contacts that ran out take their rows along, and come back no more', async () => {
    const node = await start()
    await node.register(`${A};expires=60`)
    await node.register(`${B};expires=600`)
    await node.usrloc.flush()
    node.world.pass(70)
    await node.passUntil(() => node.rows().length === 1)
    const again = await start({}, node.path)
    expect(await again.lookup('bob')).toBe('sip:b@192.0.2.2')
  })

  test('ul.flush writes, and says when that fails', async () => {
    const node = await start()
    await node.register(A)
    node.driver.failure = 'unavailable'
    await expect(node.world.rpc('ul.flush', [])).rejects.toThrow('Operation failed')
    node.driver.failure = null
    await node.world.rpc('ul.flush', [])
    expect(node.rows()).toEqual(['sip:a@192.0.2.1'])
  })
})
