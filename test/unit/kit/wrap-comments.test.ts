// Comments that are too wide are wrapped; nothing else changes.
import { expect, test } from 'vitest'
import { wrapComments } from '../../setup/wrap-comments.ts'

const LONG = 'word '.repeat(30).trim()

test('a paragraph is filled again, its neighbours stay', () => {
  const text = `// short\n\n  // ${LONG}\n  // tail\n  const a = 1`
  const [first, empty, ...rest] = wrapComments(text).split('\n')
  expect([first, empty]).toEqual(['// short', ''])
  expect(rest.every(line => line.length <= 100)).toBe(true)
  expect(rest.at(-2)).toMatch(/ tail$/)
  expect(rest.at(-1)).toBe('  const a = 1')
})

test('a long doc comment of one line gets lines of its own', () => {
  const lines = wrapComments(`  /** ${LONG} */\n  a()`).split('\n')
  expect(lines[0]).toBe('  /**')
  expect(lines.at(-2)).toBe('   */')
  expect(lines.slice(1, -2).every(line => line.startsWith('   * word'))).toBe(true)
})

test('items, directives and code keep their places', () => {
  const kept = `// - item ${LONG}\n// biome-ignore ${LONG}\nconst a = '// ${LONG}'`
  expect(wrapComments(kept)).toBe(kept)
  expect(wrapComments('// a\n// b')).toBe('// a\n// b')
})
