// The memory of the log: the newest lines, oldest first, and no more than it is to keep.
import { expect, it } from 'vitest'
import { L_ERR, Log } from '../../../../server/core/log.ts'

function written(lines: number): Log {
  const log = new Log(() => 0)
  for (let i = 1; i <= lines; i++) log.write(L_ERR, 'test', String(i))
  return log
}

const texts = (log: Log, count: number): string[] => log.tail(count).map(({ text }) => text)

it('has no lines before there are any', () => expect(texts(written(0), 5)).toEqual([]))

it('gives the newest, oldest first', () => {
  expect(texts(written(3), 5)).toEqual(['1', '2', '3'])
  expect(texts(written(9), 2)).toEqual(['8', '9'])
})

it('goes round without mixing old and new', () => {
  expect(texts(written(2000), 2000)).toHaveLength(2000)
  expect(texts(written(4321), 3)).toEqual(['4319', '4320', '4321'])
  const all = texts(written(4321), 9999)
  expect([all[0], all.at(-1), all.length]).toEqual(['2322', '4321', 2000])
})
