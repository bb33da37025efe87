import { expect, test } from 'vitest'
import { find, put, readPath } from '../../../../../server/modules/jansson/path.ts'
import { readJson, writeJson } from '../../../../../server/lib/json-tree.ts'

test('paths are names and indexes', () => {
  expect(readPath('')).toEqual([])
  expect(readPath('a.b[1][2].c')).toEqual(['a', 'b', 1, 2, 'c'])
  expect(readPath('[0].x')).toEqual([0, 'x'])
})

test.for(['.', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a.[0]', 'a]', '[0]b'])(
  '"%s" is no path',
  text => {
    expect(readPath(text)).toBeNull()
  },
)

test('what is missing is made, arrays are not', () => {
  const tree = readJson('{"l":[1]}')!
  expect(put(tree, readPath('a.b.c')!, true)).toBe(true)
  expect(put(tree, readPath('l[0]')!, null)).toBe(true)
  expect(put(tree, readPath('l[1]')!, null)).toBe(false)
  expect(put(tree, readPath('m[0]')!, null)).toBe(false)
  expect(put(tree, [], null)).toBe(false)
  expect(put(tree, readPath('l.x')!, null)).toBe(false)
  expect(writeJson(tree)).toBe('{"l":[null],"a":{"b":{"c":true}}}')
  expect(find(tree, readPath('a.b.c')!)).toBe(true)
  expect(find(tree, readPath('a[0]')!)).toBeUndefined()
})
