import { describe, expect, test } from 'vitest'
import { Prefixes } from '../../../../../server/modules/userblocklist/prefixes.ts'

function prefixes(digits: boolean, rows: Record<string, boolean>): Prefixes {
  const made = new Prefixes(digits)
  for (const [prefix, allowed] of Object.entries(rows)) made.add(prefix, allowed)
  return made
}

describe('prefixes', () => {
  test('decide by the longest one that fits', () => {
    const list = prefixes(true, { 49: false, 4930: true, 493012: false })
    expect(list.find('4989')).toBe(false)
    expect(list.find('49301')).toBe(true)
    expect(list.find('4930123')).toBe(false)
    expect(list.find('33')).toBeNull()
  })

  test('may be empty: then they fit all', () => {
    expect(prefixes(true, { '': true }).find('1')).toBe(true)
  })

  test('of digits take no notice of what stands before the digits', () => {
    const list = prefixes(true, { 49: false })
    expect(list.find('+4930')).toBe(false)
    expect(list.find('abc')).toBeNull()
    expect(list.add('+49', true)).toBe(false)
  })

  test('of letters are compared as they are', () => {
    const list = prefixes(false, { '+49': false, bob: true })
    expect(list.find('+4930')).toBe(false)
    expect(list.find('4930')).toBeNull()
    expect(list.find('bobby')).toBe(true)
    expect(list.add('b\u00fc', true)).toBe(false)
  })
})
