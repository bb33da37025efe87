// '/expression/replacement/flags' read and applied.
import { describe, expect, test } from 'vitest'
import type { Formats } from '../../../../server/core/core.ts'
import { BadValue } from '../../../../server/core/module/index.ts'
import { parseSubstitution } from '../../../../server/core/substitution.ts'
import { SipMessage } from '../../../../server/sip/message.ts'
import { received } from '../../../kit/received.ts'

const formats: Formats = {
  compile: text => () => text.replaceAll('$x', 'X'),
  pvar: text => ({ text, get: () => null, set: null }),
  target: text => ({ text, get: () => null, set: null }),
}
const msg = new SipMessage('OPTIONS sip:me@home SIP/2.0\r\n\r\n', received(), 1)
const apply = (expression: string, text: string): string | null =>
  parseSubstitution(expression, formats).apply(msg, text)

describe('substitution', () => {
  test.for([
    ['/b/x/', 'abcb', 'axcb'],
    ['/b/x/g', 'abcb', 'axcx'],
    ['/B/x/', 'abc', null],
    ['/B/x/i', 'abc', 'axc'],
    ['/(a)(b)/\\2\\1\\0/', 'abc', 'baabc'],
    ['/a/[\\u]/', 'abc', '[sip:me@home]bc'],
    ['/a/$x\\1/', 'abc', 'refused'],
    ['/(a)/$x\\1$x/', 'abc', 'XaXbc'],
    ['/a/\\n\\r\\t\\\\\\$x/', 'abc', '\n\r\t\\$xbc'],
    ['|/|:|g', 'a/b/c', 'a:b:c'],
    ['/a\\/b/x\\/y/', 'a/b', 'x/y'],
    ['/x*/y/', 'abc', null],
    ['/^b/x/', 'a\nb', 'a\nx'],
    ['/^b/x/s', 'a\nb', null],
    ['/a.b/x/s', 'a\nb', 'x'],
    ['/(a)|(b)/<\\1\\2>/g', 'ab', '<a><b>'],
    ['/a/b', 'a', 'refused'],
    ['/a/b/q', 'a', 'refused'],
    ['', 'a', 'refused'],
    ['\\a\\b\\', 'a', 'refused'],
    ['/(/b/', 'a', 'refused'],
  ] as const)('%s on %j', ([expression, text, expected]) => {
    if (expected === 'refused') expect(() => apply(expression, text)).toThrow(BadValue)
    else expect(apply(expression, text)).toBe(expected)
  })

  test('says where a text changes', () => {
    const changes = parseSubstitution('/b(.)/\\1/g', formats).matches(msg, 'abcabd')
    expect(changes).toEqual([
      { at: 1, remove: 2, text: 'c' },
      { at: 4, remove: 2, text: 'd' },
    ])
  })
})
