import { describe, expect, test } from 'vitest'
import {
  readAttributes,
  readParameters,
} from '../../../../../server/modules/dispatcher/attributes.ts'

const read = (text: string): Record<string, string> => Object.fromEntries(readParameters(text))

describe('attributes', () => {
  // What the real Kamailio made of them.
  test.for([
    ['', {}],
    ['a=1;;duid=b', { a: '1', '': '', duid: 'b' }],
    [';duid=x', { '': '', duid: 'x' }],
    ['duid', { duid: '' }],
    ['duid=', { duid: '' }],
    ['=x', { '': 'x' }],
    ['a="x;y";duid=z', { a: 'x;y', duid: 'z' }],
    ['duid = x ; weight = 5', { duid: 'x', weight: '5' }],
    ['DUID=Big;WEIGHT=9', { duid: 'Big', weight: '9' }],
    ['duid=a;duid=b', { duid: 'a' }],
    ['duid=<x>', { duid: '<x>' }],
    ['ping_from=sip:a@b;obproxy=sip:c;d=e', { ping_from: 'sip:a@b', obproxy: 'sip:c', d: 'e' }],
  ] as const)('%j are read', ([text, values]) => {
    expect(read(text)).toEqual(values)
  })

  test.for([
    ['a=1;', 'name missing after ;'],
    ['socket=;duid=s', 'at 6: expected ;'],
    [' duid=lead', 'at 1: expected ;'],
    ['duid=x y', 'at 7: expected ;'],
    ['duid="x', 'at 4: expected ;'],
  ])('%j are none', ([text = '', why = '']) => {
    expect(() => readParameters(text)).toThrow(why)
  })

  test('may be in quotes when they are numbers, and one ; may be behind the last', () => {
    const attributes = readAttributes('weight="7";maxload=3;', false, () => undefined)
    expect(attributes).toMatchObject({ body: 'weight="7";maxload=3', weight: 7, maxload: 3 })
  })

  test('are weights from 1 to 100', () => {
    const complaints: string[] = []
    const attributes = readAttributes('weight=200;rweight=0', false, text => complaints.push(text))
    expect([attributes.weight, attributes.rweight]).toEqual([0, 0])
    expect(complaints).toEqual([
      'weight 200 not in 1-100 range - ignoring',
      'rweight 0 not in 1-100 range - ignoring',
    ])
  })
})
