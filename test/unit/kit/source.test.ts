// The scanner behind tidy.test.ts must see every import, and only imports.
import { expect, test } from 'vitest'
import { importsOf, withoutComments } from '../../kit/source.ts'

const targets = (code: string) => importsOf('server/core/x.ts', code).map(found => found.target)

test('imports over one line and several, exports from, and lazy imports are seen', () => {
  const code = `import { a } from '../lib/a.ts'
import {
  b,
  type C,
} from './b.ts'
export { c } from './c.ts'
import './d.ts'
const lazy = () => import('../net/e.ts')
import net from 'node:net'`
  expect(targets(code)).toEqual([
    'server/lib/a.ts',
    'server/core/b.ts',
    'server/core/c.ts',
    'server/core/d.ts',
    'server/net/e.ts',
    'node:net',
  ])
})

test('an import in a comment is none, and a comment mark in a text is none', () => {
  const code = `// import { a } from './a.ts'
/* import './b.ts' */
const url = 'sip://x' /* ' */
const pattern = /[/*]'/
import { c } from './c.ts'`
  expect(targets(code)).toEqual(['server/core/c.ts'])
})

test('type imports are told from the others, and lines are counted', () => {
  const [first, second] = importsOf(
    'server/core/x.ts',
    "import type { A } from './a.ts'\n\nimport { type B } from './b.ts'",
  )
  expect(first).toMatchObject({ typeOnly: true, line: 1 })
  expect(second).toMatchObject({ typeOnly: false, line: 3 })
})

test('comments are blanked and nothing else', () => {
  expect(withoutComments('a / b // c\nd')).toBe('a / b     \nd')
  expect(withoutComments('x = /\\/\\//.test(y)')).toBe('x = /\\/\\//.test(y)')
})
