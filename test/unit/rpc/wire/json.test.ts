import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  either,
  int,
  list,
  map,
  maybe,
  orNull,
  pairs,
  record,
  rows,
  several,
  text,
} from '../../../../rpc/schema.ts'
import { JsonPrinter, printNumber, printText } from '../../../../rpc/wire/json-print.ts'
import { JsonObject, readJson } from '../../../../rpc/wire/json-read.ts'
import { plainValue, shapedValue } from '../../../../rpc/wire/kamailio-reply.ts'

describe('numbers as C prints them', () => {
  test.for([
    [0, '0'],
    [-0, '0'],
    [-1, '-1'],
    [2147483647, '2147483647'],
    [4294967295, '4294967295'],
    [12345678901, '12345678901'],
    [1e20, '100000000000000000000'],
    [0.7, '0.700000'],
    [-1.5, '-1.500000'],
    [0.0000001, '1.000000e-07'],
    [1500000000.5, '1.500000e+09'],
    [1.5e100, '1.500000e+100'],
    [Number.NaN, 'null'],
  ] as const)('%d is %s', ([value, printed]) => {
    expect(printNumber(value)).toBe(printed)
  })
})

describe('texts', () => {
  test('bytes leave as they are, controls and characters beyond a byte are escaped', () => {
    expect(printText('a"b\\c/d\n\t\r\b\f\u0001\u001b\u007fé\u2028')).toBe(
      '"a\\"b\\\\c/d\\n\\t\\r\\b\\f\\u0001\\u001b\u007fé\\u2028"',
    )
  })

  test('what was printed is read back, whatever the bytes', () => {
    const bytes = fc.uint8Array().map(array => Buffer.from(array).toString('latin1'))
    fc.assert(
      fc.property(bytes, one => {
        expect(readJson(printText(one))).toBe(one)
      }),
    )
  })
})

describe('reading leniently', () => {
  test('raw line ends in a text, as kamctl sends them', () => {
    expect(readJson('["From: a\r\nTo: b\r\n\tc"]')).toEqual(['From: a\r\nTo: b\r\n\tc'])
  })

  test('escapes become the bytes of UTF-8, or characters when the text is decoded', () => {
    expect(readJson('"\\u00e9\\ud83d\\ude00"')).toBe(Buffer.from('é😀').toString('latin1'))
    expect(readJson('"\\u00e9\\ud83d\\ude00"', true)).toBe('é😀')
    expect(readJson('"a\\ud83dx\\/"')).toBe('ax/')
  })

  test('members keep their order and may repeat', () => {
    const object = readJson('{"2":1,"1":2,"a":3,"a":4}') as JsonObject
    expect(object.members).toEqual([
      ['2', 1],
      ['1', 2],
      ['a', 3],
      ['a', 4],
    ])
    expect(object.get('a')).toBe(3)
    expect(plainValue(object)).toEqual({ 1: 2, 2: 1, a: 4 })
  })

  test.for(['', '{', '{"a"}', '{"a":}', '[1,]', '[1', 'tru', '"a', '"\\u12"', '-', '{a:1}'])(
    'no JSON: %s',
    broken => {
      expect(readJson(broken)).toBeUndefined()
    },
  )

  test('nesting has a limit', () => {
    expect(readJson('['.repeat(1000) + ']'.repeat(1000))).toBeUndefined()
    expect(readJson('['.repeat(90) + ']'.repeat(90))).toBeDefined()
  })

  test('agrees with JSON.parse on what is JSON, and never throws on what is not', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
        const printed = JSON.stringify(value)
        expect(plainValue(readJson(printed, true)!)).toEqual(JSON.parse(printed))
      }),
    )
    fc.assert(
      fc.property(fc.string(), junk => void readJson(junk)),
      { numRuns: 1000 },
    )
  })
})

describe('results', () => {
  const printer = new JsonPrinter(false)
  const printed = (...[shape, value]: Parameters<JsonPrinter['result']>): string =>
    printer.result(shape, value)[1]

  test('members come in the order of the shape, whatever they are called', () => {
    const shape = record({ '200': int(), '2xx': int(), '100': int() }, '', ['200', '2xx', '100'])
    expect(printed(shape, { '100': 3, '2xx': 2, '200': 1 })).toBe('{"200":1,"2xx":2,"100":3}')
  })

  test('of several values the last one, of none the empty object', () => {
    expect(printed(several(text()), ['a', 'b'])).toBe('"b"')
    expect(printed(several(text()), [])).toBe('{}')
  })

  test('absent members are left out, null is null', () => {
    const shape = record({ a: maybe(int()), b: orNull(text()) })
    expect(printed(shape, { b: null })).toBe('{"b":null}')
  })

  test('what is printed is read back by its shape', () => {
    const shape = record({
      rows: rows('Row', record({ n: int() })),
      pairs: pairs(map(text())),
      either: either(list(text()), int()),
    })
    const value = {
      rows: [{ Row: { n: 1 } }, { Row: { n: 2 } }],
      pairs: [
        ['shv', { a: 'x' }],
        ['shv', { a: 'y' }],
      ],
      either: ['z'],
    }
    for (const pretty of [true, false]) {
      const [, body] = new JsonPrinter(pretty).result(shape, value)
      expect(shapedValue(shape, readJson(body)!)).toEqual(value)
    }
  })
})
