import { describe, expect, test } from 'vitest'
import { Domains } from '../../../../../server/modules/domain/domains.ts'

describe('domains', () => {
  test('ignore case, and have the identifier of their row', () => {
    const domains = new Domains()
    domains.addName('Example.ORG', 'ex')
    domains.addName('plain.example', null)
    expect(domains.has('EXAMPLE.org')).toBe(true)
    expect(domains.didOf('example.org')).toBe('ex')
    expect(domains.didOf('plain.example')).toBe('plain.example')
    expect(domains.didOf('other.example')).toBeNull()
  })

  test('have attributes that are numbers or texts', () => {
    const domains = new Domains()
    domains.addAttribute('ex', 'size', 0, '-7')
    domains.addAttribute('ex', 'color', 2, 'red')
    expect(domains.attributesOf('ex')).toEqual([
      { name: 'color', value: 'red' },
      { name: 'size', value: -7 },
    ])
  })

  test.for([
    ['', 2, 'x', 'the attribute has no name'],
    ['a', 1, 'x', 'attribute type 1 is unknown'],
    ['a', 0, 'x7', 'value "x7" of attribute a is no number'],
  ] as const)('refuse the attribute %j of type %i with %j', ([name, type, value, why]) => {
    expect(() => new Domains().addAttribute('ex', name, type, value)).toThrow(why)
  })

  test('refuse a row without a name', () => {
    expect(() => new Domains().addName('', 'ex')).toThrow('the domain has no name')
  })
})
