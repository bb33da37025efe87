// Insert, update, delete.
import { beforeEach, describe, expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'
import { cells, marks } from './tables.ts'

export function changing(stage: DatabaseStage): void {
  if (!stage.has('insert')) return
  inserts(stage)
  updates(stage)
  deletes(stage)
}

const fill = async (stage: DatabaseStage): Promise<void> => {
  for (const [age, name] of ['alice', 'bob', 'carol'].entries()) await stage.insert({ name, age })
}

function inserts(stage: DatabaseStage): void {
  describe('insert', () => {
    test('makes one row', async () => {
      const { affected } = await stage.insert({ name: 'alice', age: 1 })
      stage.expectAffected(affected, 1)
      expect(await stage.names()).toEqual(['alice'])
    })

    stage.when('last_id')('says which key the database made', async () => {
      const first = await stage.insert({ name: 'alice' })
      const second = await stage.insert({ name: 'bob' })
      const rows = await stage.rows({ columns: ['id', 'name'], order: 'name' })
      expect(rows).toEqual([
        [first.lastId, 'alice'],
        [second.lastId, 'bob'],
      ])
    })

    stage.when('null')('leaves columns that it does not name null', async () => {
      await stage.insert({ name: 'alice' })
      expect(await stage.rows({ columns: ['age', 'note', 'born'] })).toEqual([[null, null, null]])
    })

    stage.when('null', 'strict')('without a value that must be there is refused', async () => {
      await expect(stage.insert({ name: null, age: 1 })).rejects.toMatchObject({
        name: 'DbError',
        failure: 'statement',
      })
      expect(await stage.names()).toEqual([])
    })

    stage.when('strict').each([
      ['column', 'people', { table_name: 'x' }],
      ['table', 'nowhere', { name: 'x' }],
    ])('into an unknown %s is refused', async (_what, table, row) => {
      await expect(stage.insert(row, table)).rejects.toMatchObject({ failure: 'statement' })
    })

    stage.when('same rows')('of the same row twice makes two where nothing is unique', async () => {
      await stage.insert({ name: 'x', flags: 1 }, marks.name)
      await stage.insert({ name: 'x', flags: 1 }, marks.name)
      expect(await stage.names([], marks.name)).toEqual(['x', 'x'])
    })
  })
}

function updates(stage: DatabaseStage): void {
  describe('update', () => {
    beforeEach(() => fill(stage))

    test('changes the rows that it names', async () => {
      const where = [stage.where('name', 'bob')]
      const { affected } = await stage.db.update('people', where, cells({ age: 77, note: 'new' }))
      stage.expectAffected(affected, 1)
      expect(await stage.rows({ columns: ['age', 'note'], where })).toEqual([[77, 'new']])
      expect(await stage.names([stage.where('age', 77)])).toEqual(['bob'])
    })

    test('of no row is none', async () => {
      const where = [stage.where('name', 'nobody')]
      const { affected } = await stage.db.update('people', where, cells({ age: 7 }))
      stage.expectAffected(affected, 0)
      expect(await stage.names([stage.where('age', 7)])).toEqual([])
    })

    test('without comparisons changes all', async () => {
      const { affected } = await stage.db.update('people', [], cells({ note: 'all' }))
      stage.expectAffected(affected, 3)
      expect(await stage.names([stage.where('note', 'all')])).toEqual(['alice', 'bob', 'carol'])
    })

    stage.when('operators')('of a range', async () => {
      const where = [stage.where('age', 1, '>=')]
      const { affected } = await stage.db.update('people', where, cells({ note: 'old' }))
      stage.expectAffected(affected, 2)
      expect(await stage.names([stage.where('note', 'old')])).toEqual(['bob', 'carol'])
    })

    stage.when('null')('sets null', async () => {
      await stage.db.update('people', [stage.where('name', 'bob')], cells({ age: null }))
      expect(await stage.names([stage.where('age', null)])).toEqual(['bob'])
    })

    test('changes the column by which it finds', async () => {
      await stage.db.update('people', [stage.where('name', 'bob')], cells({ name: 'rob' }))
      expect(await stage.names()).toEqual(['alice', 'carol', 'rob'])
    })

    stage.when('strict')('of an unknown column is refused', async () => {
      const change = stage.db.update('people', [], cells({ table_name: 'x' }))
      await expect(change).rejects.toMatchObject({ failure: 'statement' })
    })
  })
}

function deletes(stage: DatabaseStage): void {
  describe('delete', () => {
    beforeEach(() => fill(stage))

    test('takes the rows that it names', async () => {
      const { affected } = await stage.db.delete('people', [stage.where('name', 'bob')])
      stage.expectAffected(affected, 1)
      expect(await stage.names()).toEqual(['alice', 'carol'])
    })

    test('of no row is none', async () => {
      const { affected } = await stage.db.delete('people', [stage.where('name', 'nobody')])
      stage.expectAffected(affected, 0)
      expect((await stage.names()).length).toBe(3)
    })

    test('without comparisons takes all', async () => {
      const { affected } = await stage.db.delete('people', [])
      stage.expectAffected(affected, 3)
      expect(await stage.names()).toEqual([])
    })

    stage.when('operators')('of a range', async () => {
      await stage.db.delete('people', [stage.where('age', 1, '<=')])
      expect(await stage.names()).toEqual(['carol'])
    })
  })
}
