// What a database that is only read says to who wants to write.
import { expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'
import { cells } from './tables.ts'

const row = cells({ name: 'eve', age: 1 })

export function readOnly(stage: DatabaseStage): void {
  if (stage.has('insert')) return
  const all = [stage.where('name', 'bob')]
  const writes: [what: string, write: () => Promise<unknown>][] = [
    ['insert', () => stage.db.insert('people', row)],
    ['insertUpdate', () => stage.db.insertUpdate('people', row, ['name'])],
    ['replace', () => stage.db.replace('people', row, ['name'])],
    ['update', () => stage.db.update('people', all, row)],
    ['delete', () => stage.db.delete('people', all)],
    ['raw', () => stage.db.raw('DELETE FROM people')],
    ['transaction', () => stage.db.transaction(async db => db.insert('people', row))],
  ]
  test.each(writes)('%s is refused, and what is there stays', async (_what, write) => {
    await stage.insert({ name: 'bob' })
    await expect(write()).rejects.toMatchObject({
      name: 'DbError',
      failure: 'statement',
      message: expect.stringContaining('ldap: The driver does not support'),
    })
    expect(await stage.names()).toEqual(['bob'])
    expect(stage.db.available).toBe(true)
  })
}
