// Many statements at once.
import { describe, expect, test } from 'vitest'
import type { DatabaseStage } from './stage.ts'
import { cells, marks } from './tables.ts'

const MANY = 100

export function concurrency(stage: DatabaseStage): void {
  describe('many at once', () => {
    test('inserts are all there', async () => {
      const all = Array.from({ length: MANY }, (_, at) =>
        stage.insert({ name: `n${at}`, flags: at, priority: 1 }, marks.name),
      )
      await Promise.all(all)
      expect((await stage.names([], marks.name)).length).toBe(MANY)
    })

    test('each query has its own answer', async () => {
      for (let at = 0; at < 20; at++) await stage.insert({ name: `n${at}`, age: at })
      const asked = Array.from({ length: MANY }, async (_, at) => {
        const where = [stage.where('name', `n${at % 20}`)]
        const [row] = await stage.rows({ columns: ['age'], where })
        return row?.[0] === at % 20
      })
      expect((await Promise.all(asked)).every(Boolean)).toBe(true)
    })

    stage.when('strict', 'insert')('one that fails does not disturb the others', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, at) =>
          stage.insert({ name: `n${at}`, flags: at }, at % 5 === 0 ? 'nowhere' : marks.name),
        ),
      )
      expect(results.filter(one => one.status === 'rejected').length).toBe(4)
      expect((await stage.names([], marks.name)).length).toBe(16)
    })

    stage.when('update')('what was awaited is seen by who asks then', async () => {
      await stage.insert({ name: 'counter', age: 0 })
      for (let age = 1; age <= 10; age++) {
        await stage.db.update('people', [stage.where('name', 'counter')], cells({ age }))
        expect(await stage.rows({ columns: ['age'] })).toEqual([[age]])
      }
    })

    stage.when('itself')('are counted', async () => {
      const statements = stage.bench.core.counters.find('db', 'statements')!
      const before = statements.current()
      await stage.names()
      await stage.names()
      expect(statements.current()).toBe(before + 2)
    })
  })
}
