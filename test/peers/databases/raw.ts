// Statements in the database's own language.
import { expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

export function raw(stage: DatabaseStage): void {
  stage.whenAll('sql')('a raw statement', () => {
    test('gives rows', async () => {
      await stage.insert({ name: 'alice', age: 1 })
      await stage.insert({ name: 'bob', age: 2 })
      const found = await stage.db.raw('SELECT name, age FROM people ORDER BY age DESC')
      expect(found.columns.map(column => column.name)).toEqual(['name', 'age'])
      expect(found.rows).toEqual([
        ['bob', 2],
        ['alice', 1],
      ])
    })

    test('counts', async () => {
      await stage.insert({ name: 'alice' })
      const { rows } = await stage.db.raw('SELECT count(*) AS rows_there FROM people')
      expect(rows).toEqual([[1]])
    })

    test('gives types of its columns', async () => {
      await stage.insert({ name: 'alice', born: 1_700_000_000, photo: '\xff' })
      const { rows } = await stage.db.raw('SELECT born, photo FROM people')
      expect(rows).toEqual([[1_700_000_000, '\xff']])
    })

    test('changes, and says how much', async () => {
      await stage.insert({ name: 'alice', age: 1 })
      const { affected, rows } = await stage.db.raw(
        "UPDATE people SET age = 5 WHERE name = 'alice'",
      )
      expect({ affected, rows }).toEqual({ affected: 1, rows: [] })
      expect(await stage.names([stage.where('age', 5)])).toEqual(['alice'])
    })

    test('has texts as bytes', async () => {
      await stage.db.raw(`INSERT INTO people (name) VALUES ('${utf8('Jürgen')}')`)
      expect(await stage.names()).toEqual([utf8('Jürgen')])
    })
  })

  rawMore(stage)
}

function rawMore(stage: DatabaseStage): void {
  stage.whenAll('sql')('a raw statement beyond tables of ours', () => {
    test('makes and drops a table', async () => {
      await stage.db.raw('CREATE TABLE scratch (name VARCHAR(10))')
      await stage.insert({ name: 'x' }, 'scratch')
      expect(await stage.names([], 'scratch')).toEqual(['x'])
      await stage.db.raw('DROP TABLE scratch')
      await expect(stage.names([], 'scratch')).rejects.toMatchObject({ failure: 'statement' })
    })

    test('alters a table, and who asks sees its new columns', async () => {
      const all = { table: 'altered', columns: [], where: [] }
      await stage.db.raw('CREATE TABLE altered (name VARCHAR(10))')
      await stage.insert({ name: 'x' }, 'altered')
      expect((await stage.db.query(all)).rows).toEqual([['x']])
      await stage.db.raw('ALTER TABLE altered ADD COLUMN age INT')
      for (let times = 0; times < 3; times++)
        expect((await stage.db.query(all)).rows).toEqual([['x', null]])
      await stage.db.raw('DROP TABLE altered')
    })

    test('that is none is refused', async () => {
      await expect(stage.db.raw('SELEC 1')).rejects.toMatchObject({
        name: 'DbError',
        failure: 'statement',
      })
    })

    test('knows joins', async () => {
      await stage.insert({ name: 'alice', age: 1 })
      await stage.insert({ name: 'alice', flags: 3 }, 'marks')
      const { rows } = await stage.db.raw(
        'SELECT p.age, m.flags FROM people p JOIN marks m ON p.name = m.name',
      )
      expect(rows).toEqual([[1, 3]])
    })

    test('that offends a key says so', async () => {
      await stage.insert({ name: 'alice' })
      await expect(
        stage.db.raw("INSERT INTO people (name) VALUES ('alice')"),
      ).rejects.toMatchObject({ failure: 'duplicate' })
    })

    stage.when('last_id')('says which key the database made', async () => {
      const { lastId } = await stage.db.raw("INSERT INTO people (name) VALUES ('alice')")
      expect(await stage.rows({ columns: ['id'] })).toEqual([[lastId]])
    })
  })
}
