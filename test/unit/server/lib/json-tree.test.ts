import { expect, test } from 'vitest'
import { COMPACT, readJson, SPACED, writeJson } from '../../../../server/lib/json-tree.ts'

const again = (text: string): string => writeJson(readJson(text)!)

test('what is read and written stays as it was', () => {
  for (const text of [
    '{"2":1,"1":2,"b":3,"a":4}',
    '[1.0,0.1,1e30,-0,12345678901234567890]',
    '{"a":{"b":[[],{},null,true,false,"x"]}}',
    '"\\"\\\\\\b\\f\\n\\r\\t"',
  ])
    expect(again(text)).toBe(text)
})

test('escapes become bytes of UTF-8', () => {
  const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
  expect(readJson('"\\u00e9"')).toBe(bytes('é'))
  expect(readJson('"\\ud83d\\ude00"')).toBe(bytes('😀'))
  expect(readJson(`"${bytes('é')}"`)).toBe(bytes('é'))
})

test.for([
  '',
  '{',
  '[1,]',
  '{"a"}',
  '{a:1}',
  "'x'",
  '01',
  '1.',
  '+1',
  '"a',
  '"\n"',
  '"\\x"',
  '"\\u12"',
  'nul',
  '1 2',
  '['.repeat(300),
])('%j is no JSON', text => {
  expect(readJson(text)).toBeUndefined()
})

test('in two styles', () => {
  const tree = readJson('{"a":[1,"x/y"],"e":{},"l":[]}')!
  expect(writeJson(tree, COMPACT)).toBe('{"a":[1,"x/y"],"e":{},"l":[]}')
  expect(writeJson(tree, SPACED)).toBe('{ "a": [ 1, "x\\/y" ], "e": { }, "l": [ ] }')
})
