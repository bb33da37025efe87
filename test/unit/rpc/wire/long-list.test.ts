import { expect, test } from 'vitest'
import { writeResult } from '../../../../rpc/wire/binrpc-write.ts'
import { JsonPrinter } from '../../../../rpc/wire/json-print.ts'
import { inTurns, longList } from '../../../../rpc/wire/long-list.ts'
import { int, list, map, record, text } from '../../../../rpc/schema.ts'

const shape = list(record({ n: int(), name: text(), more: list(map(text())) }))
const rows = Array.from({ length: 1234 }, (_, n) => ({ n, name: `n${n}`, more: [{ a: 'b' }] }))

test.for([true, false])('a long list has the text of a short one (pretty: %j)', async pretty => {
  const printer = new JsonPrinter(pretty)
  expect(longList(shape, rows)).toBe(rows)
  expect(await printer.longResult(shape, rows)).toEqual(printer.result(shape, rows))
})

test('and the records', async () => {
  const parts = await inTurns(rows, part => writeResult(shape, part))
  expect(parts.length).toBeGreaterThan(5)
  expect(Buffer.concat(parts).equals(writeResult(shape, rows))).toBe(true)
})

test('a short one, or what is no list, is written at once', () => {
  expect(longList(shape, rows.slice(0, 100))).toBe(null)
  expect(longList(text(), 'x'.repeat(1000))).toBe(null)
})

test('others have their turn', async () => {
  let isDone = false
  let turns = 0
  const writing = inTurns(rows, () => turns).then(seen => {
    isDone = true
    return seen
  })
  while (!isDone) {
    turns++
    await new Promise(later => setImmediate(later))
  }
  expect(new Set(await writing).size).toBeGreaterThan(4)
})
