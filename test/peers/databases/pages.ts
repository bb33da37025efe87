// Reading in pages.
import { describe, expect, test } from 'vitest'
import type { DbSelect } from '../../../server/core/db/api.ts'
import type { DatabaseStage } from './stage.ts'
import { marks } from './tables.ts'

const ROWS = 10

async function fillPages(stage: DatabaseStage): Promise<void> {
  for (let priority = 0; priority < ROWS; priority++)
    await stage.insert({ name: `n${priority}`, flags: priority % 2, priority }, marks.name)
}

/** The priorities, page by page. */
async function readPages(
  stage: DatabaseStage,
  size: number,
  select: Partial<DbSelect> = {},
): Promise<number[][]> {
  const found: number[][] = []
  const all = { table: marks.name, columns: ['priority'], where: [], ...select }
  for await (const page of stage.db.pages(all, size))
    found.push(page.rows.map(row => Number(row[0])))
  return found
}

const sorted = (pages: number[][]): number[] => pages.flat().toSorted((a, b) => a - b)

export function pages(stage: DatabaseStage): void {
  const fill = (): Promise<void> => fillPages(stage)
  const read = (size: number, select: Partial<DbSelect> = {}): Promise<number[][]> =>
    readPages(stage, size, select)

  describe('pages', () => {
    test.each([1, 2, 3, 5, 9, 10, 11, 100])('of %s rows', async size => {
      await fill()
      const found = await read(size)
      expect(found.every(page => page.length > 0 && page.length <= size)).toBe(true)
      expect(sorted(found)).toEqual(Array.from({ length: ROWS }, (_, at) => at))
    })

    test('of no rows are none', async () => {
      expect(await read(3)).toEqual([])
    })

    test('of rows that are asked for', async () => {
      await fill()
      const found = await read(2, { where: [stage.where('flags', 1)] })
      expect(sorted(found)).toEqual([1, 3, 5, 7, 9])
    })

    stage.when('order')('in an order', async () => {
      await fill()
      const found = await read(4, { order: 'priority DESC' })
      expect(found).toEqual([
        [9, 8, 7, 6],
        [5, 4, 3, 2],
        [1, 0],
      ])
    })
  })

  pagesOneByOne(stage)
}

function pagesOneByOne(stage: DatabaseStage): void {
  const fill = (): Promise<void> => fillPages(stage)

  describe('pages, one by one', () => {
    test('say their columns', async () => {
      await fill()
      const select = { table: marks.name, columns: ['priority', 'name'], where: [] }
      for await (const page of stage.db.pages(select, 6))
        expect(page.columns.map(column => column.name)).toEqual(['priority', 'name'])
    })

    test('may be left early', async () => {
      await fill()
      const select = { table: marks.name, columns: ['priority'], where: [] }
      for await (const page of stage.db.pages(select, 1)) if (page.rows.length > 0) break
      expect((await stage.names([], marks.name)).length).toBe(ROWS)
    })

    test('go on while others write', async () => {
      await fill()
      let pages = 0
      const select = { table: marks.name, columns: ['priority'], where: [] }
      for await (const page of stage.db.pages(select, 3)) {
        expect(page.rows.length).toBeGreaterThan(0)
        await stage.insert({ name: `page ${pages++}` })
      }
      expect((await stage.names()).length).toBe(pages)
    })

    stage.when('strict')('of an unknown table are refused', async () => {
      await expect(readPages(stage, 3, { table: 'nowhere' })).rejects.toMatchObject({
        failure: 'statement',
      })
      expect(await stage.names([], marks.name)).toEqual([])
    })
  })
}
