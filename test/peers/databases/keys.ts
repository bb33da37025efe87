// Unique keys: what offends one, replace, insert_update.
import { describe, expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'
import { cells, members } from './tables.ts'

export function keys(stage: DatabaseStage): void {
  const join = (club: string, member: string, since: number) => cells({ club, member, since })
  const list = async (): Promise<unknown[]> => {
    const rows = await stage.rows({ table: members.name, columns: ['club', 'member', 'since'] })
    return rows.map(row => row.join(' ')).toSorted()
  }

  if (stage.has('unique'))
    describe('a unique key', () => {
      test('refuses a second row', async () => {
        await stage.insert({ name: 'alice', age: 1 })
        await expect(stage.insert({ name: 'alice', age: 2 })).rejects.toMatchObject({
          name: 'DbError',
          failure: 'duplicate',
        })
        expect(await stage.rows({ columns: ['name', 'age'] })).toEqual([['alice', 1]])
      })

      test('of two columns wants both to be the same', async () => {
        await stage.db.insert(members.name, join('chess', 'alice', 1))
        await stage.db.insert(members.name, join('chess', 'bob', 2))
        await stage.db.insert(members.name, join('go', 'alice', 3))
        await expect(
          stage.db.insert(members.name, join('chess', 'alice', 4)),
        ).rejects.toMatchObject({ failure: 'duplicate' })
        expect(await list()).toEqual(['chess alice 1', 'chess bob 2', 'go alice 3'])
      })

      test('refuses an update, too', async () => {
        await stage.insert({ name: 'alice' })
        await stage.insert({ name: 'bob' })
        const change = stage.db.update(
          'people',
          [stage.where('name', 'bob')],
          cells({ name: 'alice' }),
        )
        await expect(change).rejects.toMatchObject({ failure: 'duplicate' })
      })

      test('that was offended does not make the database unavailable', async () => {
        await stage.insert({ name: 'alice' })
        const all = Array.from({ length: 8 }, () => stage.insert({ name: 'alice' }))
        const failed = await Promise.allSettled(all)
        expect(failed.every(one => one.status === 'rejected')).toBe(true)
        expect(stage.db.available).toBe(true)
      })
    })

  const both = [
    ['replace', 'replace'],
    ['insertUpdate', 'insert_update'],
  ] as const
  for (const [method, capability] of both) {
    if (!stage.can(capability)) continue
    describe(capability, () => {
      test('makes a row that is not there', async () => {
        const { affected } = await stage.db[method]('people', cells({ name: 'alice', age: 1 }), [
          'name',
        ])
        if (stage.can('affected_rows')) expect(affected).toBe(1)
        expect(await stage.rows({ columns: ['name', 'age'] })).toEqual([['alice', 1]])
      })

      test('changes the one that is', async () => {
        await stage.insert({ name: 'alice', age: 1, note: 'old' })
        await stage.insert({ name: 'bob', age: 1 })
        const { affected } = await stage.db[method](
          'people',
          cells({ name: 'alice', age: 2, note: 'new' }),
          ['name'],
        )
        if (stage.can('affected_rows')) expect(affected).toBe(1)
        expect(await stage.names([stage.where('age', 2)])).toEqual(['alice'])
        expect(await stage.names([stage.where('note', 'new')])).toEqual(['alice'])
        expect(await stage.names()).toEqual(['alice', 'bob'])
      })

      test('twice is the same as once', async () => {
        for (let times = 0; times < 2; times++)
          await stage.db[method]('people', cells({ name: 'alice', age: 5 }), ['name'])
        expect(await stage.rows({ columns: ['name', 'age'] })).toEqual([['alice', 5]])
      })

      test('by a key of two columns', async () => {
        const key = ['club', 'member']
        await stage.db[method](members.name, join('chess', 'alice', 1), key)
        await stage.db[method](members.name, join('chess', 'bob', 2), key)
        await stage.db[method](members.name, join('chess', 'alice', 9), key)
        expect(await list()).toEqual(['chess alice 9', 'chess bob 2'])
      })

      test('by many at once leaves one row', async () => {
        const all = Array.from({ length: 20 }, (_, age) =>
          stage.db[method]('people', cells({ name: 'alice', age }), ['name']),
        )
        await Promise.all(all)
        expect(await stage.names()).toEqual(['alice'])
      })

      test('names every column of the key and no other', async () => {
        await stage.db[method](members.name, cells({ club: 'go', member: 'eve' }), [
          'club',
          'member',
        ])
        await stage.db[method](members.name, cells({ club: 'go', member: 'eve' }), [
          'club',
          'member',
        ])
        expect((await stage.rows({ table: members.name })).length).toBe(1)
      })
    })
  }

  if (stage.can('insert_update') && stage.has('null'))
    test('insert_update leaves alone what it does not name', async () => {
      await stage.insert({ name: 'alice', age: 1, note: 'kept' })
      await stage.db.insertUpdate('people', cells({ name: 'alice', age: 2 }), ['name'])
      expect(await stage.rows({ columns: ['age', 'note'] })).toEqual([[2, 'kept']])
    })
}
