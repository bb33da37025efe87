import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Contact } from '../../../../../server/core/shared/location-contact.ts'
import { hashText } from '../../../../../server/core/shared/location-hash.ts'
import { LocationStore } from '../../../../../server/core/shared/location-store.ts'
import { loopbackSocket } from '../../../../kit/received.ts'

let ruids = 0

function contact(uri: string, changes: Partial<Contact> = {}): Contact {
  return Object.assign(new Contact(), { uri, ruid: `r-${++ruids}`, expires: 100 }, changes)
}

function all(store: LocationStore, aor: string): Contact[] {
  const contacts: Contact[] = []
  for (let record = store.head(aor); record !== 0; record = store.next(record))
    contacts.push(store.read(record))
  return contacts
}

const uris = (store: LocationStore, aor: string): string[] => all(store, aor).map(c => c.uri)

describe('the hash of an address of record', () => {
  test('is the one that Kamailio prints', () => {
    expect(hashText('bob')).toBe(7222211)
    expect(hashText('carol')).toBe(1864284022)
    expect(hashText('bob@sip.example.org')).toBe(3554932545)
    expect(hashText('')).toBe(0)
  })
})

describe('a location store', () => {
  test('gives back every field', () => {
    const store = new LocationStore('location', false)
    const given = contact('sip:bob@10.0.0.1;x=\xe9', {
      received: 'sip:9.9.9.9',
      path: '<sip:p;lr>',
      q: 500,
      callId: 'c1',
      cseq: 0x7fffffff,
      flags: 0x80000001,
      branchFlags: 0xffffffff,
      userAgent: 'Phone/1',
      socket: loopbackSocket,
      modified: 1_800_000_000,
      methods: 5,
      instance: '<urn:uuid:1>',
      regId: 7,
      serverId: 3,
      connection: 12,
      keepalive: 1,
      lastKeepalive: 1_800_000_001,
      roundTrip: 999,
      extra: { any: 'thing' },
    })
    store.insert('bob', given)
    const read = all(store, 'bob')[0]!
    expect(read).toEqual(given)
    expect(read.table).toBe('location')
  })

  test('orders contacts by preference, and equals by age', () => {
    const store = new LocationStore('location', false)
    store.insert('bob', contact('none'))
    store.insert('bob', contact('zero', { q: 0 }))
    store.insert('bob', contact('half', { q: 500 }))
    store.insert('bob', contact('half too', { q: 500 }))
    store.insert('bob', contact('best', { q: 1000 }))
    expect(uris(store, 'bob')).toEqual(['best', 'half', 'half too', 'zero', 'none'])
  })

  test('moves a contact whose preference changes, up and down', () => {
    const store = new LocationStore('location', false)
    for (const q of [900, 500, 100]) store.insert('bob', contact(String(q), { q }))
    const [best, half, least] = all(store, 'bob') as [Contact, Contact, Contact]
    store.update(Object.assign(best, { q: 200 }))
    expect(uris(store, 'bob')).toEqual(['500', '900', '100'])
    store.update(Object.assign(least, { q: 1000 }))
    expect(uris(store, 'bob')).toEqual(['100', '500', '900'])
    store.update(Object.assign(half, { callId: 'new' }))
    expect(uris(store, 'bob')).toEqual(['100', '500', '900'])
  })

  test('leaves a contact before one whose preference it now has', () => {
    const store = new LocationStore('location', false)
    for (const q of [500, 100]) store.insert('bob', contact(String(q), { q }))
    store.update(Object.assign(all(store, 'bob')[0]!, { q: 100 }))
    expect(uris(store, 'bob')).toEqual(['500', '100'])
  })

  test('puts the newest first when it is told to', () => {
    const store = new LocationStore('location', true)
    for (const uri of ['a', 'b', 'c']) store.insert('bob', contact(uri, { q: 1000 }))
    expect(uris(store, 'bob')).toEqual(['c', 'b', 'a'])
    store.update(all(store, 'bob')[2]!)
    expect(uris(store, 'bob')).toEqual(['a', 'c', 'b'])
  })

  test('does not touch a record that has changed hands', () => {
    const store = new LocationStore('location', false)
    store.insert('bob', contact('old'))
    const gone = all(store, 'bob')[0]!
    expect(store.remove(gone)).toBe(true)
    store.insert('carol', contact('new'))
    expect(all(store, 'carol')[0]!.record).toBe(gone.record)
    expect(store.update(gone)).toBe(false)
    expect(store.remove(gone)).toBe(false)
    expect(uris(store, 'carol')).toEqual(['new'])
    expect(store.head('bob')).toBe(0)
  })

  test('finds a contact by the hash of its address of record and its unique name', () => {
    const store = new LocationStore('location', false)
    store.insert('bob', contact('a', { ruid: 'one' }))
    store.insert('bob', contact('b', { ruid: 'two' }))
    const found = store.findByRuid(hashText('bob'), 'two')
    expect(store.read(found).uri).toBe('b')
    expect(store.findByRuid(hashText('bob'), 'three')).toBe(0)
    expect(store.findByRuid(hashText('carol'), 'two')).toBe(0)
  })

  test('keeps texts of any length apart while blocks are used again', () => {
    const store = new LocationStore('location', false)
    const long = 'x'.repeat(5000)
    for (let i = 0; i < 400; i++) store.insert(`user${i}`, contact(`${i}-${long.slice(0, i * 12)}`))
    for (let i = 0; i < 400; i += 2) store.remove(all(store, `user${i}`)[0]!)
    for (let i = 0; i < 400; i += 2) store.insert(`again${i}`, contact(`again ${i}`))
    for (let i = 1; i < 400; i += 2)
      expect(uris(store, `user${i}`)).toEqual([`${i}-${long.slice(0, i * 12)}`])
    for (let i = 0; i < 400; i += 2) expect(uris(store, `again${i}`)).toEqual([`again ${i}`])
    expect(store.contactCount).toBe(400)
    expect(store.aorCount).toBe(400)
  })

  test('finds everything while it grows past its first pages, and shrinks', () => {
    const store = new LocationStore('location', false)
    const count = 9000
    for (let i = 0; i < count; i++) store.insert(`user${i}`, contact(`sip:${i}`))
    for (let i = 0; i < count; i++) expect(uris(store, `user${i}`)).toEqual([`sip:${i}`])
    expect(store.heads().length).toBe(count)
    for (let i = 0; i < count; i += 3) store.remove(all(store, `user${i}`)[0]!)
    for (let i = 0; i < count; i++)
      expect(uris(store, `user${i}`)).toEqual(i % 3 === 0 ? [] : [`sip:${i}`])
    expect(store.aorCount).toBe(count - count / 3)
  })

  test('does what a plain map of lists does, whatever happens', () => {
    const step = fc.record({
      what: fc.constantFrom('insert', 'update', 'remove'),
      aor: fc.integer({ min: 0, max: 5 }),
      q: fc.integer({ min: -1, max: 3 }),
      which: fc.nat({ max: 3 }),
      uri: fc.string({ maxLength: 200 }).map(text => text.replaceAll(/[^\x20-\xff]/g, '?')),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const store = new LocationStore('location', false)
        const model = new Map<string, { uri: string; q: number; ruid: string }[]>()
        for (const { what, aor: number, q, which, uri } of steps) {
          const aor = `user${number}`
          const list = model.get(aor) ?? []
          const place = (row: { uri: string; q: number; ruid: string }): void => {
            const at = list.findIndex(other => other.q < row.q)
            list.splice(at < 0 ? list.length : at, 0, row)
          }
          const known = all(store, aor)[which]
          if (what === 'insert') {
            const added = contact(uri, { q })
            store.insert(aor, added)
            place({ uri, q, ruid: added.ruid })
          } else if (known !== undefined) {
            const [row] = list.splice(which, 1)
            if (what === 'remove') store.remove(known)
            else {
              const [before, after] = [list[which - 1]?.q ?? 9, list[which]?.q ?? -9]
              if (before >= q && q >= after) list.splice(which, 0, { ...row!, uri, q })
              else place({ ...row!, uri, q })
              store.update(Object.assign(known, { uri, q }))
            }
          }
          model.set(aor, list)
          expect(all(store, aor).map(c => [c.uri, c.q, c.ruid])).toEqual(
            list.map(row => [row.uri, row.q, row.ruid]),
          )
        }
        const lists = [...model.values()]
        expect(store.contactCount).toBe(lists.reduce((sum, list) => sum + list.length, 0))
        expect(store.aorCount).toBe(lists.filter(list => list.length > 0).length)
        expect(store.heads().length).toBe(store.aorCount)
      }),
      { numRuns: 100 },
    )
  })
})
