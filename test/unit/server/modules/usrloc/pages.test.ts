// ohana.contacts: a table page by page, from memory and from the database.
import { expect, test } from 'vitest'
import { DatabaseWorld } from './database-world.ts'

interface Page {
  Contacts: { Contact: { AoR: string; Address: string; State: string } }[]
  Next: number
}

test.for([0, 1, 2, 3])('gives every contact once (db_mode %i)', async mode => {
  const node = await DatabaseWorld.start({ db_mode: mode })
  for (let i = 0; i < 25; i++) await node.register(`<sip:u${i}@192.0.2.1>`, { user: `user${i}` })
  await node.register('<sip:u7@192.0.2.1>;expires=0', { user: 'user7' })
  const found: string[] = []
  let next = 0
  let pages = 0
  do {
    const page = (await node.world.rpc('ohana.contacts', ['location', next, 10])) as Page
    expect(page.Contacts.length).toBeLessThanOrEqual(10)
    for (const { Contact } of page.Contacts) found.push(`${Contact.AoR} ${Contact.Address}`)
    next = page.Next
    pages++
  } while (next !== 0)
  const all = Array.from({ length: 25 }, (_, i) => `user${i} sip:u${i}@192.0.2.1`)
  expect(new Set(found)).toEqual(new Set(all.filter(text => !text.startsWith('user7 '))))
  expect(found.length).toBe(24)
  expect(pages).toBe(3)
})

test('a table that nobody knows is a fault', async () => {
  const node = await DatabaseWorld.start({ db_mode: 0 })
  const reply = node.world.rpc('ohana.contacts', ['nothing'])
  expect(reply).toEqual({ code: 500, message: 'Domain table not found' })
})

test('twenty thousand contacts register, are seen page by page, and run out', async () => {
  const { world, usrloc } = await DatabaseWorld.start({ db_mode: 0, timer_interval: 1 })
  const line = 'REGISTER sip:example.org SIP/2.0\r\n'
  for (let i = 0; i < 20_000; i++) {
    const msg = world.message(
      `${line}To: <sip:user${i}@example.org>\r\nCall-ID: ${i}\r\nCSeq: 1 REGISTER\r\n` +
        `Contact: <sip:u${i}@192.0.2.1>;expires=60\r\n\r\n`,
    )
    await world.verdict(msg, 'save', 'location')
  }
  let seen = 0
  let next = 0
  do {
    const page = world.rpc('ohana.contacts', ['location', next, 1000]) as Page
    seen += page.Contacts.length
    next = page.Next
  } while (next !== 0)
  expect(seen).toBe(20_000)
  world.pass(61)
  for (let i = 0; i < 200; i++) world.tick()
  expect(usrloc.registeredUsers()).toBe(0)
})
