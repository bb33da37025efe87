import { describe, expect, test } from 'vitest'
import {
  double,
  int,
  list,
  looseInt,
  looseText,
  maybe,
  type Methods,
  nothing,
  record,
  rest,
  scalar,
  type Shape,
  text,
} from '../../../../../rpc/schema.ts'
import { tm } from '../../../../../rpc/contract/tm.ts'
import { bind, Double, type Strictness } from '../../../../../server/core/rpc/bind.ts'

const JSON_WIRE: Strictness = { convert: false, skipWrongOptional: false }
const BINRPC_WIRE: Strictness = { convert: false, skipWrongOptional: true }
const LOOSE: Strictness = { convert: true, skipWrongOptional: false }

const method = (
  params: Shape<unknown>[],
  badParams?: Methods[string]['badParams'],
): Methods[string] => ({
  doc: '',
  class: 'read',
  params,
  result: nothing,
  ...(badParams === undefined ? {} : { badParams }),
})

// Recorded from Kamailio 5.6.3 with kamcmd.
describe('tm.t_uac_start says how many parameters it has read', () => {
  const given = ['OPTIONS', 'sip:a@127.0.0.1:9', '.', '.']
  test.for([0, 1, 2, 3, 4])('%i of five', count => {
    const call = () => bind(tm['tm.t_uac_start'], given.slice(0, count), BINRPC_WIRE)
    expect(call).toThrow(`too few parameters (${count === 0 ? '' : '-'}${count}/5)`)
  })
})

describe('what fits', () => {
  test.for([
    ['text', text(), 'a', 'a'],
    ['int', int(), 5, 5],
    ['fraction for an int', int(), 2.9, 2],
    ['negative fraction', int(), -2.9, -2],
    ['double', double(), new Double(0.7), 0.7],
    ['int for a double', double(), 1, 1],
    ['scalar text', scalar(), 'x', 'x'],
    ['scalar number', scalar(), 7, 7],
    ['number for a loose text', looseText(), 7, '7'],
    ['digits for a loose int', looseInt(), '7', 7],
    ['record', record({ a: int() }), { a: 1 }, { a: 1 }],
    ['list', list(text()), ['a'], ['a']],
  ] as const)('%s', ([, shape, given, bound]) => {
    expect(bind(method([shape as Shape<unknown>]), [given], JSON_WIRE)).toEqual([bound])
  })

  test('with conversion numbers and texts change places', () => {
    const both = method([text() as Shape<unknown>, int() as Shape<unknown>])
    expect(bind(both, [1001, '60'], LOOSE)).toEqual(['1001', 60])
    expect(() => bind(both, [1001, '60'], JSON_WIRE)).toThrow('expected string type')
  })

  test('left out at the end, and null for left out', () => {
    const optional = method([text(), maybe(int()), maybe(text())] as Shape<unknown>[])
    expect(bind(optional, ['a'], JSON_WIRE)).toEqual(['a', undefined, undefined])
    expect(bind(optional, ['a', null, 'b'], JSON_WIRE)).toEqual(['a', undefined, 'b'])
  })

  test('the rest ends where something does not fit', () => {
    const many = method([text(), rest(int())] as Shape<unknown>[])
    expect(bind(many, ['a', 1, 2, 'x', 3], JSON_WIRE)).toEqual(['a', [1, 2]])
    expect(bind(many, ['a'], JSON_WIRE)).toEqual(['a', []])
  })

  test('more than is wanted is ignored', () => {
    expect(bind(method([]), ['a', 1], JSON_WIRE)).toEqual([])
  })
})

describe('what does not', () => {
  test("the general sentence is BINRPC's", () => {
    const two = method([text(), int()] as Shape<unknown>[])
    expect(() => bind(two, [], JSON_WIRE)).toThrow(
      'error at parameter 0: expected string type but end of packet encountered',
    )
    expect(() => bind(two, ['a', 'x'], JSON_WIRE)).toThrow(
      "error at parameter 1: expected integer type but record doesn't match type",
    )
    expect(() => bind(two, ['a', new Double(1.5)], BINRPC_WIRE)).toThrow('expected integer type')
  })

  test('a command may have its own, by position', () => {
    const own = method([text(), text(), text()] as Shape<unknown>[], [
      [500, 'first'],
      [404, 'others'],
    ])
    expect(() => bind(own, [], JSON_WIRE)).toThrow(expect.objectContaining({ code: 500 }))
    expect(() => bind(own, ['a', 'b'], JSON_WIRE)).toThrow(
      expect.objectContaining({ code: 404, message: 'others' }),
    )
  })

  test('an optional one of the wrong kind: left out in BINRPC, a fault in JSON', () => {
    const debug = method([maybe(int())] as Shape<unknown>[])
    expect(bind(debug, ['x'], BINRPC_WIRE)).toEqual([undefined])
    expect(() => bind(debug, ['x'], JSON_WIRE)).toThrow('expected integer type')
  })

  test('a structure that lacks a member', () => {
    const wants = method([record({ a: int() })] as Shape<unknown>[])
    expect(() => bind(wants, [{}], JSON_WIRE)).toThrow('expected structure type')
  })
})
