// Reasons of t_reply as Kamailio 5.6.3 reads them.
import { describe, expect, test } from 'vitest'
import type { Formats } from '../../../../../server/core/core.ts'
import { BadValue } from '../../../../../server/core/module/index.ts'
import { endOfVariable, textOrVariable } from '../../../../../server/modules/tm/text-or-variable.ts'

const formats: Formats = {
  compile: () => () => '',
  target: text => ({ text, get: () => null, set: null }),
  pvar: text => {
    if (text === '$unknown') throw new BadValue('no such variable')
    return { text, get: () => (text === '$avp(none)' ? null : `<${text}>`), set: null }
  },
}

const read = (text: string): string | null =>
  textOrVariable('reason').parse!(text, formats)(null as never)

describe('an argument that is a text or a variable', () => {
  test.for([
    ['Not here', 'Not here'],
    ['x $rU y', 'x $rU y'],
    ['$rU', '<$rU>'],
    ['$rU is away', '<$rU>'],
    ['$var(x) z', '<$var(x)>'],
    ['$(hdr(Via)[1]{s.len})', '<$(hdr(Via)[1]{s.len})>'],
    ['$unknown', '$unknown'],
    ['$', '$'],
    ['$avp(open', '$avp(open'],
  ] as const)('%s', ([text, value]) => {
    expect(read(text)).toBe(value)
  })

  test('is nothing when the variable has no value', () => {
    expect(read('$avp(none)')).toBeNull()
  })

  test('ends its variable where the parentheses close', () => {
    expect(endOfVariable('$a(b(c)) d')).toBe(8)
    expect(endOfVariable('text')).toBe(0)
  })
})
