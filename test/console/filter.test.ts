import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../console/render/filter.ts'

const COLUMNS = ['node', 'aor', 'expires', 'req/s']
const cell = (text: string, value: string | number = text) => ({ text, value })
const ROW = new Map([
  ['node', cell('n1')],
  ['aor', cell('Alice@example.org')],
  ['expires', cell('5m00s', 300)],
  ['req/s', cell('1.2k')],
])

describe('a row matches', () => {
  test.for([
    ['', true],
    ['alice', true],
    ['alice n1', true],
    ['alice n2', false],
    ['!alice', false],
    ['!n2', true],
    ['node=n1', true],
    ['node!=n1', false],
    ['aor~^alice@', true],
    ['aor!~org$', false],
    ['expires<60', false],
    ['expires>=5m', true],
    ['expires<1h', true],
    ['req/s>1000', true],
    ['req/s>1.2k', false],
    ['alice node=n1 expires>60', true],
    ['!node=n1', false],
  ] as const)('/%s: %s', ([text, matches]) => {
    const filter = parseFilter(text, COLUMNS)
    expect(filter.error).toBe('')
    expect(filter.matches(ROW)).toBe(matches)
  })
})

test.for([
  ['colour=red', 'no column colour; there are node aor expires req/s'],
  ['aor~(', '( is no regular expression'],
] as const)('/%s is told, and hides nothing', ([text, error]) => {
  const filter = parseFilter(text, COLUMNS)
  expect(filter.error).toBe(error)
  expect(filter.matches(ROW)).toBe(true)
})
