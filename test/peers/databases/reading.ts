// Queries: columns, comparisons, order.
import { beforeEach, describe, expect, test } from 'vitest'
import type { DbOperator, DbSelect, DbValue } from '../../../server/core/db/api.ts'
import type { DatabaseStage, Trait } from './stage.ts'
import { marks } from './tables.ts'

const PEOPLE = [
  { name: 'alice', age: 20, height: 1.75, born: 1_000_000_000, note: 'b' },
  { name: 'bob', age: 30, height: 1.5, born: 1_100_000_000, note: 'a' },
  { name: 'carol', age: 40, height: 2, born: 1_200_000_000, note: 'c' },
]

type Comparison = [column: string, op: DbOperator, value: DbValue, names: string[]]

const COMPARISONS: Comparison[] = [
  ['age', '<', 30, ['alice']],
  ['age', '<=', 30, ['alice', 'bob']],
  ['age', '>', 30, ['carol']],
  ['age', '>=', 30, ['bob', 'carol']],
  ['age', '!=', 30, ['alice', 'carol']],
  ['height', '<', 1.6, ['bob']],
  ['height', '>=', 1.75, ['alice', 'carol']],
  ['born', '<', 1_100_000_000, ['alice']],
  ['born', '<=', 1_100_000_000, ['alice', 'bob']],
  ['born', '>', 1_100_000_000, ['carol']],
  ['born', '>=', 1_200_000_000, ['carol']],
  ['born', '!=', 1_100_000_000, ['alice', 'carol']],
  ['note', '<', 'b', ['bob']],
  ['note', '>', 'b', ['carol']],
  ['note', '!=', 'b', ['bob', 'carol']],
]

const ORDERS: [order: string, names: string[]][] = [
  ['name', ['alice', 'bob', 'carol']],
  ['age', ['alice', 'bob', 'carol']],
  ['note', ['bob', 'alice', 'carol']],
  ['age DESC', ['carol', 'bob', 'alice']],
  ['height desc, name', ['carol', 'alice', 'bob']],
  ['born ASC', ['alice', 'bob', 'carol']],
]

export function reading(stage: DatabaseStage): void {
  queries(stage)
  comparisons(stage)
  nothings(stage)
}

const fill = async (stage: DatabaseStage): Promise<void> => {
  for (const person of PEOPLE) await stage.insert(person)
}

function queries(stage: DatabaseStage): void {
  describe('a query', () => {
    beforeEach(() => fill(stage))

    test('gives the columns that it names, in its order', async () => {
      const { where, db } = stage
      const found = await db.query({
        table: 'people',
        columns: ['age', 'name'],
        where: [where('name', 'bob')],
      })
      expect(found.columns.map(column => column.name)).toEqual(['age', 'name'])
      expect(found.rows).toEqual([[30, 'bob']])
    })

    test('gives all columns when it names none', async () => {
      const found = await stage.db.query({ table: 'people', columns: [], where: [] })
      expect(found.columns.map(column => column.name)).toEqual(
        expect.arrayContaining(['name', 'age', 'account', 'height', 'born', 'note', 'photo']),
      )
      expect(found.rows.length).toBe(3)
    })

    test('says its columns when there is no row', async () => {
      const where = [stage.where('name', 'nobody')]
      const found = await stage.db.query({ table: 'people', columns: ['name', 'age'], where })
      expect(found.columns.map(column => column.name)).toEqual(['name', 'age'])
      expect(found.rows).toEqual([])
    })

    test('with two comparisons wants both', async () => {
      const where = [stage.where('name', 'bob'), stage.where('age', 30)]
      expect(await stage.names(where)).toEqual(['bob'])
      expect(await stage.names([stage.where('name', 'bob'), stage.where('age', 20)])).toEqual([])
    })
  })
}

function comparisons(stage: DatabaseStage): void {
  describe('a query that compares or sorts', () => {
    beforeEach(() => fill(stage))

    stage.when('operators').each(COMPARISONS)(
      'where %s %s %s',
      async (column, op, value, names) => {
        expect(await stage.names([stage.where(column, value, op)])).toEqual(names)
      },
    )

    stage.when('operators')('between two values', async () => {
      const where = [stage.where('age', 20, '>'), stage.where('age', 40, '<')]
      expect(await stage.names(where)).toEqual(['bob'])
    })

    stage.when('order').each(ORDERS)('in the order of %s', async (order, names) => {
      const rows = await stage.rows({ columns: ['name'], order })
      expect(rows.map(row => row[0])).toEqual(names)
    })

    stage.when('order')('an order that is none is refused', async () => {
      await expect(stage.rows({ order: 'name; DROP TABLE people' })).rejects.toMatchObject({
        name: 'DbError',
        failure: 'statement',
      })
    })

    const unknown: [what: string, select: Partial<DbSelect>, trait: Trait][] = [
      ['table', { table: 'nowhere' }, 'strict'],
      ['column', { columns: ['nothing'] }, 'strict columns'],
    ]
    const refused = unknown.filter(([, , trait]) => stage.has(trait))
    test.each(refused)(
      'of an unknown %s is refused, and the next one is not',
      async (_, select) => {
        await expect(stage.rows(select)).rejects.toMatchObject({
          name: 'DbError',
          failure: 'statement',
        })
        expect(await stage.names()).toEqual(['alice', 'bob', 'carol'])
        expect(stage.db.available).toBe(true)
      },
    )
  })
}

function nothings(stage: DatabaseStage): void {
  stage.whenAll('null')('null', () => {
    beforeEach(async () => {
      await stage.insert({ name: 'with', age: 1 })
      await stage.insert({ name: 'without', age: null })
    })

    test('= finds rows without a value', async () => {
      expect(await stage.names([stage.where('age', null)])).toEqual(['without'])
    })

    stage.when('operators')('!= finds rows with one', async () => {
      expect(await stage.names([stage.where('age', null, '!=')])).toEqual(['with'])
    })
  })

  stage.whenAll('bits')('bits', () => {
    const flags = [0, 1, 2, 3, 6, 128]
    test.each([
      [1, ['1', '3']],
      [2, ['2', '3', '6']],
      [4, ['6']],
      [130, ['128', '2', '3', '6']],
      [64, []],
    ])('& %s', async (mask, names) => {
      for (const one of flags) await stage.insert({ name: String(one), flags: one }, marks.name)
      const where = [stage.where('flags', mask, '&')]
      expect(await stage.names(where, marks.name)).toEqual(names)
    })
  })
}
