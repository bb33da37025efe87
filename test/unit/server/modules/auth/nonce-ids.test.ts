// The numbers of nonces: what is remembered about each, and for how long.
import { describe, expect, it } from 'vitest'
import { NonceIds, roundedDown } from '../../../../../server/modules/auth/nonce-ids.ts'

describe('NonceIds', () => {
  it('lets a count grow and nothing else', () => {
    const ids = new NonceIds(7, 16, 0)
    const id = ids.take()
    expect([1, 1, 2, 9, 8, 255, 256].map(count => ids.checkCount(id, count))).toEqual([
      'good',
      'replayed',
      'good',
      'good',
      'replayed',
      'good',
      'replayed',
    ])
  })

  it('keeps nonces apart', () => {
    const ids = new NonceIds(0, 16, 32)
    const [one, two] = [ids.take(), ids.take()]
    expect(ids.checkCount(one, 5)).toBe('good')
    expect(ids.checkCount(two, 1)).toBe('good')
    expect(ids.checkUse(one)).toBe('good')
    expect(ids.checkUse(two)).toBe('good')
    expect(ids.checkUse(one)).toBe('replayed')
  })

  it('forgets the oldest when its room is full, and begins anew in their places', () => {
    const ids = new NonceIds(3, 16, 64)
    const first = ids.take()
    ids.checkCount(first, 200)
    ids.checkUse(first)
    const others = Array.from({ length: 15 }, () => ids.take())
    expect(ids.checkCount(first, 201)).toBe('good')
    others.push(ids.take())
    expect(ids.checkCount(first, 202)).toBe('too old')
    expect(ids.checkUse(first)).toBe('replayed')
    expect(ids.checkCount(others.at(-1)!, 1)).toBe('good')
    for (let i = 0; i < 64; i++) ids.take()
    expect(ids.checkUse(first)).toBe('too old')
  })

  it('goes around at the end of 32 bits', () => {
    const ids = new NonceIds(0xffffffff, 8, 0)
    const [last, zero] = [ids.take(), ids.take()]
    expect([last, zero]).toEqual([0xffffffff, 0])
    expect(ids.checkCount(last, 1)).toBe('good')
    expect(ids.checkCount(zero, 1)).toBe('good')
  })

  it('takes no number that it has not given out', () => {
    const ids = new NonceIds(100, 8, 32)
    expect(ids.checkCount(100, 1)).toBe('too old')
    expect(ids.checkUse(99)).toBe('too old')
  })
})

it.each([
  [0, 1],
  [1, 1],
  [1000, 512],
  [1024, 1024],
  [1048576, 1048576],
])('%d is rounded down to %d', (size, expected) => {
  expect(roundedDown(size)).toBe(expected)
})
