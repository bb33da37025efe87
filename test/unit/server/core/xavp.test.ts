import { expect, test } from 'vitest'
import { XavpList, XavuTree } from '../../../../server/core/xavp.ts'

test('the newest of one name comes first, others keep their place', () => {
  const list = new XavpList()
  list.add('a', 1)
  list.add('b', 2)
  list.add('a', 3)
  expect([list.get('a'), list.get('a', 1), list.get('b'), list.get('a', 2)]).toEqual([
    3,
    1,
    2,
    null,
  ])
  expect(list.count('a')).toBe(2)
  expect(list.remove('a', 1)).toBe(true)
  expect(list.get('a', 1)).toBeNull()
  expect(list.removeAll('a')).toBe(1)
  expect(list.items).toEqual([{ name: 'b', value: 2 }])
})

test('a structure is a value; a copy shares nothing', () => {
  const list = new XavpList()
  list.addList('a').add('x', 1)
  expect(list.list('a')?.get('x')).toBe(1)
  expect(list.list('x')).toBeNull()
  const copy = list.copy()
  copy.list('a')!.set('x', 2)
  expect(list.list('a')?.get('x')).toBe(1)
})

test('names ignore case where they should', () => {
  const folded = new XavpList(true)
  folded.add('Abc', 1)
  expect(folded.get('aBC')).toBe(1)
  const plain = new XavpList()
  plain.add('Abc', 1)
  expect(plain.get('abc')).toBeNull()
})

test('a tree has one value a name and makes its levels', () => {
  const tree = new XavuTree()
  tree.set(1, 'a', 'b', 'c')
  tree.set(2, 'a', 'b', 'c')
  expect(tree.get('a', 'b', 'c')).toBe(2)
  expect(tree.get('a', 'x')).toBeNull()
  expect(tree.remove('a', 'b', 'c')).toBe(true)
  expect(tree.remove('a', 'b', 'c')).toBe(false)
  tree.set('plain', 'a')
  expect(tree.get('a')).toBe('plain')
  expect(tree.get('a', 'b')).toBeNull()
})
