// All or nothing.
import { expect, test } from 'vitest'
import type { DbStatements } from '../../../server/core/db/api.ts'
import type { DatabaseStage } from './stage.ts'
import { cells } from './tables.ts'

const alice = cells({ name: 'alice', age: 1 })
const bob = cells({ name: 'bob', age: 2 })

export function transactions(stage: DatabaseStage): void {
  short(stage)
  longer(stage)
  endings(stage)
}

function short(stage: DatabaseStage): void {
  stage.whenAll('transactions')('a transaction', () => {
    test('is committed when its work is done', async () => {
      const value = await stage.db.transaction(async db => {
        await db.insert('people', alice)
        await db.insert('people', bob)
        return 'done'
      })
      expect(value).toBe('done')
      expect(await stage.names()).toEqual(['alice', 'bob'])
    })

    test('is taken back when its work fails, with the same error', async () => {
      const work = stage.db.transaction(async db => {
        await db.insert('people', alice)
        throw new Error('no more')
      })
      await expect(work).rejects.toThrow('no more')
      expect(await stage.names()).toEqual([])
    })

    test('is taken back when a statement fails', async () => {
      await stage.insert({ name: 'bob' })
      const work = stage.db.transaction(async db => {
        await db.insert('people', alice)
        await db.insert('people', bob)
      })
      await expect(work).rejects.toMatchObject({ failure: 'duplicate' })
      expect(await stage.names()).toEqual(['bob'])
    })

    test('sees what it has done', async () => {
      const seen = await stage.db.transaction(async db => {
        await db.insert('people', alice)
        await db.update('people', [stage.where('name', 'alice')], cells({ age: 9 }))
        return db.query({ table: 'people', columns: ['name', 'age'], where: [] })
      })
      expect(seen.rows).toEqual([['alice', 9]])
    })

    test('undoes updates and deletes', async () => {
      await stage.insert({ name: 'alice', age: 1 })
      await stage.insert({ name: 'bob', age: 2 })
      const work = stage.db.transaction(async db => {
        await db.update('people', [stage.where('name', 'alice')], cells({ age: 9 }))
        await db.delete('people', [stage.where('name', 'bob')])
        throw new Error('no more')
      })
      await expect(work).rejects.toThrow('no more')
      const rows = await stage.rows({ columns: ['name', 'age'], order: 'name' })
      expect(rows).toEqual([
        ['alice', 1],
        ['bob', 2],
      ])
    })
  })
}

function longer(stage: DatabaseStage): void {
  stage.whenAll('transactions')('a longer transaction', () => {
    test('reads pages', async () => {
      for (let age = 0; age < 5; age++) await stage.insert({ name: `n${age}`, age })
      const ages = await stage.db.transaction(async db => {
        const found: unknown[] = []
        const select = { table: 'people', columns: ['age'], where: [], order: 'age' }
        for await (const page of db.pages(select, 2)) found.push(page.rows.length)
        await db.insert('people', alice)
        return found
      })
      expect(ages).toEqual([2, 2, 1])
      expect((await stage.names()).length).toBe(6)
    })

    test('writes while it reads pages, and reads two tables at once', async () => {
      for (let age = 0; age < 5; age++) await stage.insert({ name: `n${age}`, age })
      const seen: string[] = []
      await stage.db.transaction(async db => {
        const people = { table: 'people', columns: ['name'], where: [], order: 'age' }
        const clubs = { table: 'members', columns: ['club'], where: [] }
        for await (const page of db.pages(people, 2))
          for (const [name] of page.rows) {
            await db.insert('members', cells({ club: 'chess', member: name!, since: 1 }))
            for await (const { rows } of db.pages(clubs, 100)) seen.push(`${name} ${rows.length}`)
          }
      })
      expect(seen).toEqual(['n0 1', 'n1 2', 'n2 3', 'n3 4', 'n4 5'])
    })

    test('replaces, and goes on', async () => {
      await stage.insert({ name: 'alice', age: 7 })
      await stage.db.transaction(async db => {
        await db.replace('people', alice, ['name'])
        await db.insertUpdate('people', bob, ['name'])
        await db.insertUpdate('people', bob, ['name'])
      })
      expect(await stage.names()).toEqual(['alice', 'bob'])
      expect(await stage.names([stage.where('age', 1)])).toEqual(['alice'])
    })
  })
}

function endings(stage: DatabaseStage): void {
  stage.whenAll('transactions')('transactions', () => {
    test('takes no statements when it is over', async () => {
      let late: DbStatements | null = null
      await stage.db.transaction(async db => {
        late = db
        await db.insert('people', alice)
      })
      await expect(late!.insert('people', bob)).rejects.toMatchObject({ name: 'DbError' })
      expect(await stage.names()).toEqual(['alice'])
    })

    test('many at once are all carried out', async () => {
      await stage.insert({ name: 'counter', age: 0 })
      await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          stage.db.transaction(async db => {
            await db.insert('people', cells({ name: `a${at}` }))
            await db.insert('people', cells({ name: `b${at}` }))
          }),
        ),
      )
      expect((await stage.names()).length).toBe(21)
    })

    test('does not keep the database from others afterwards', async () => {
      await stage.db.transaction(async () => undefined)
      await expect(stage.db.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow(
        'no',
      )
      await stage.insert({ name: 'alice' })
      expect(await stage.names()).toEqual(['alice'])
    })
  })
}
