// Unique keys: what offends one, replace, insert_update.
import { expect, test } from 'vitest'
import type { DbCell } from '../../../server/core/db/api.ts'
import type { DatabaseStage } from './stage.ts'
import { cells, members } from './tables.ts'

const join = (club: string, member: string, since: number) => cells({ club, member, since })

async function list(stage: DatabaseStage): Promise<string[]> {
  const rows = await stage.rows({ table: members.name, columns: ['club', 'member', 'since'] })
  return rows.map(row => row.join(' ')).toSorted()
}

export function keys(stage: DatabaseStage): void {
  uniqueKeys(stage)
  upserts(stage, 'replace', 'replace')
  upserts(stage, 'insertUpdate', 'insert_update')
}

function uniqueKeys(stage: DatabaseStage): void {
  stage.whenAll('unique')('a unique key', () => {
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
      await expect(stage.db.insert(members.name, join('chess', 'alice', 4))).rejects.toMatchObject({
        failure: 'duplicate',
      })
      expect(await list(stage)).toEqual(['chess alice 1', 'chess bob 2', 'go alice 3'])
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
}

function upserts(
  stage: DatabaseStage,
  method: 'replace' | 'insertUpdate',
  capability: 'replace' | 'insert_update',
): void {
  const upsert = (values: Parameters<typeof cells>[0]) =>
    stage.db[method]('people', cells(values), ['name'])
  const enroll = (row: DbCell[]) => stage.db[method](members.name, row, ['club', 'member'])

  stage.whenAll(capability)(capability, () => {
    test('makes a row that is not there', async () => {
      const { affected } = await upsert({ name: 'alice', age: 1 })
      stage.expectAffected(affected, 1)
      expect(await stage.rows({ columns: ['name', 'age'] })).toEqual([['alice', 1]])
    })

    test('changes the one that is', async () => {
      await stage.insert({ name: 'alice', age: 1, note: 'old' })
      await stage.insert({ name: 'bob', age: 1 })
      const { affected } = await upsert({ name: 'alice', age: 2, note: 'new' })
      stage.expectAffected(affected, 1)
      expect(await stage.names([stage.where('age', 2)])).toEqual(['alice'])
      expect(await stage.names([stage.where('note', 'new')])).toEqual(['alice'])
      expect(await stage.names()).toEqual(['alice', 'bob'])
    })

    test('twice is the same as once', async () => {
      for (let times = 0; times < 2; times++) await upsert({ name: 'alice', age: 5 })
      expect(await stage.rows({ columns: ['name', 'age'] })).toEqual([['alice', 5]])
    })

    test('by a key of two columns', async () => {
      await enroll(join('chess', 'alice', 1))
      await enroll(join('chess', 'bob', 2))
      await enroll(join('chess', 'alice', 9))
      expect(await list(stage)).toEqual(['chess alice 9', 'chess bob 2'])
    })

    test('by many at once leaves one row', async () => {
      const all = Array.from({ length: 20 }, (_, age) => upsert({ name: 'alice', age }))
      await Promise.all(all)
      expect(await stage.names()).toEqual(['alice'])
    })

    test('names every column of the key and no other', async () => {
      await enroll(cells({ club: 'go', member: 'eve' }))
      await enroll(cells({ club: 'go', member: 'eve' }))
      expect((await stage.rows({ table: members.name })).length).toBe(1)
    })
  })
}

/** A replaced row has lost them, in some databases. */
export function keptColumns(stage: DatabaseStage): void {
  stage.when('insert_update', 'null')(
    'insert_update leaves alone what it does not name',
    async () => {
      await stage.insert({ name: 'alice', age: 1, note: 'kept' })
      await stage.db.insertUpdate('people', cells({ name: 'alice', age: 2 }), ['name'])
      expect(await stage.rows({ columns: ['age', 'note'] })).toEqual([[2, 'kept']])
    },
  )
}
