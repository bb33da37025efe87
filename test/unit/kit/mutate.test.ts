// Damage can be repeated: it depends on the seed alone.
import { expect, test } from 'vitest'
import { mutate, randomFrom } from '../../kit/mutate.ts'

const MESSAGE =
  'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nCSeq: 1 OPTIONS\r\n\r\n'

function damaged(seed: number): string[] {
  const random = randomFrom(seed)
  return Array.from({ length: 200 }, () => mutate(MESSAGE, random))
}

test('the same seed does the same damage, another seed another', () => {
  expect(damaged(7)).toEqual(damaged(7))
  expect(damaged(7)).not.toEqual(damaged(8))
})

test('most messages are really damaged, in many ways', () => {
  const all = damaged(1)
  expect(all.filter(text => text !== MESSAGE).length).toBeGreaterThan(150)
  expect(new Set(all).size).toBeGreaterThan(150)
})
