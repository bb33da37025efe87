// Insert, update, delete.
import { beforeEach, describe, expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'
import { cells, marks } from './tables.ts'

export function changing(stage: DatabaseStage): void {
  const counts = stage.can('affected_rows')

  describe('insert', () => {
    test('makes one row', async () => {
      const { affected } = await stage.insert({ name: 'alice', age: 1 })
      if (counts) expect(affected).toBe(1)
      expect(await stage.names()).toEqual(['alice'])
    })

    if (stage.can('last_id'))
      test('says which key the database made', async () => {
        const first = await stage.insert({ name: 'alice' })
        const second = await stage.insert({ name: 'bob' })
        const rows = await stage.rows({ columns: ['id', 'name'], order: 'name' })
        expect(rows).toEqual([
          [first.lastId, 'alice'],
          [second.lastId, 'bob'],
        ])
      })

    if (stage.has('null'))
      test('leaves columns that it does not name null', async () => {
        await stage.insert({ name: 'alice' })
        expect(await stage.rows({ columns: ['age', 'note', 'born'] })).toEqual([[null, null, null]])
      })

    if (stage.has('null', 'strict'))
      test('without a value that must be there is refused', async () => {
        await expect(stage.insert({ name: null, age: 1 })).rejects.toMatchObject({
          name: 'DbError',
          failure: 'statement',
        })
        expect(await stage.names()).toEqual([])
      })

    if (stage.has('strict'))
      test.each([
        ['column', 'people', { table_name: 'x' }],
        ['table', 'nowhere', { name: 'x' }],
      ])('into an unknown %s is refused', async (_what, table, row) => {
        await expect(stage.insert(row, table)).rejects.toMatchObject({ failure: 'statement' })
      })

    test('of the same row twice makes two where nothing is unique', async () => {
      await stage.insert({ name: 'x', flags: 1 }, marks.name)
      await stage.insert({ name: 'x', flags: 1 }, marks.name)
      expect(await stage.names([], marks.name)).toEqual(['x', 'x'])
    })
  })

  describe('update', () => {
    beforeEach(async () => {
      for (const [age, name] of ['alice', 'bob', 'carol'].entries())
        await stage.insert({ name, age })
    })

    test('changes the rows that it names', async () => {
      const where = [stage.where('name', 'bob')]
      const { affected } = await stage.db.update('people', where, cells({ age: 77, note: 'new' }))
      if (counts) expect(affected).toBe(1)
      expect(await stage.rows({ columns: ['age', 'note'], where })).toEqual([[77, 'new']])
      expect(await stage.names([stage.where('age', 77)])).toEqual(['bob'])
    })

    test('of no row is none', async () => {
      const where = [stage.where('name', 'nobody')]
      const { affected } = await stage.db.update('people', where, cells({ age: 7 }))
      if (counts) expect(affected).toBe(0)
      expect(await stage.names([stage.where('age', 7)])).toEqual([])
    })

    test('without comparisons changes all', async () => {
      const { affected } = await stage.db.update('people', [], cells({ note: 'all' }))
      if (counts) expect(affected).toBe(3)
      expect(await stage.names([stage.where('note', 'all')])).toEqual(['alice', 'bob', 'carol'])
    })

    if (stage.has('operators'))
      test('of a range', async () => {
        const where = [stage.where('age', 1, '>=')]
        const { affected } = await stage.db.update('people', where, cells({ note: 'old' }))
        if (counts) expect(affected).toBe(2)
        expect(await stage.names([stage.where('note', 'old')])).toEqual(['bob', 'carol'])
      })

    if (stage.has('null'))
      test('sets null', async () => {
        await stage.db.update('people', [stage.where('name', 'bob')], cells({ age: null }))
        expect(await stage.names([stage.where('age', null)])).toEqual(['bob'])
      })

    test('changes the column by which it finds', async () => {
      await stage.db.update('people', [stage.where('name', 'bob')], cells({ name: 'rob' }))
      expect(await stage.names()).toEqual(['alice', 'carol', 'rob'])
    })

    if (stage.has('strict'))
      test('of an unknown column is refused', async () => {
        const change = stage.db.update('people', [], cells({ table_name: 'x' }))
        await expect(change).rejects.toMatchObject({ failure: 'statement' })
      })
  })

  describe('delete', () => {
    beforeEach(async () => {
      for (const [age, name] of ['alice', 'bob', 'carol'].entries())
        await stage.insert({ name, age })
    })

    test('takes the rows that it names', async () => {
      const { affected } = await stage.db.delete('people', [stage.where('name', 'bob')])
      if (counts) expect(affected).toBe(1)
      expect(await stage.names()).toEqual(['alice', 'carol'])
    })

    test('of no row is none', async () => {
      const { affected } = await stage.db.delete('people', [stage.where('name', 'nobody')])
      if (counts) expect(affected).toBe(0)
      expect((await stage.names()).length).toBe(3)
    })

    test('without comparisons takes all', async () => {
      const { affected } = await stage.db.delete('people', [])
      if (counts) expect(affected).toBe(3)
      expect(await stage.names()).toEqual([])
    })

    if (stage.has('operators'))
      test('of a range', async () => {
        await stage.db.delete('people', [stage.where('age', 1, '<=')])
        expect(await stage.names()).toEqual(['carol'])
      })
  })
}
