// Edits are applied in the order of their places, whatever the order in which they were made.
import { describe, expect, test } from 'vitest'
import { applyEdits, Edit, inOrder } from '../../../../server/sip/edit.ts'

const at = (...places: number[]): Edit[] =>
  places.map((place, made) => new Edit(place, 0, `${made}`))
const texts = (edits: Edit[]): string => edits.map(({ text }) => text).join(' ')

describe('edits', () => {
  test('are put in order; those at one place stay as they were made', () => {
    expect(texts(inOrder(at(1, 5, 5, 9)))).toBe('0 1 2 3')
    expect(texts(inOrder(at(9, 5, 1, 5, 9, 1)))).toBe('2 5 1 3 0 4')
  })

  test('by the hundred as well', () => {
    const places = Array.from({ length: 300 }, (_, i) => (i * 7) % 10)
    const wanted = places
      .map((place, made) => ({ place, made }))
      .toSorted((a, b) => a.place - b.place || a.made - b.made)
    expect(texts(inOrder(at(...places)))).toBe(wanted.map(({ made }) => made).join(' '))
  })

  test('that overlap remove once, and what is put inside stands', () => {
    const edits = inOrder([new Edit(4, 0, 'x'), new Edit(2, 4, '-'), new Edit(3, 5, '+')])
    expect(applyEdits('0123456789', 0, 10, edits)).toBe('01-+x89')
  })
})
