import { expect, test } from 'vitest'
import { Trouble } from '../../../../../server/core/spool/trouble.ts'

function stage() {
  let now = 0
  const lines: string[] = []
  const trouble = new Trouble(
    () => now,
    (reason, isFirst) => lines.push(isFirst ? reason : `still ${reason}`),
  )
  /** Each second the next of these reasons; `-` is none. */
  const live = (text: string) => {
    for (const reason of text.split(' ')) {
      if (reason !== '-') trouble.is(reason)
      else if (trouble.reason !== '' && trouble.ends()) lines.push('over')
      now++
    }
    return lines.splice(0)
  }
  return { trouble, live }
}

test('is told once, and its end', () => {
  const { trouble, live } = stage()
  expect(live('a a a a a a a a a a a a a a a')).toEqual(['a'])
  expect(trouble.seconds).toBe(15)
  expect(live('- - -')).toEqual(['over'])
})

test('another reason is told after a while, if it is still the reason then', () => {
  const { live } = stage()
  expect(live('a b b a b b b b b b b b b b')).toEqual(['a', 'still b'])
  expect(live('c c -')).toEqual(['over'])
})

test('what comes and goes is told now and then', () => {
  const { live } = stage()
  expect(live('a - a - a - a - a - a - a -')).toEqual(['a', 'over', 'a', 'over'])
})

test('what comes with another reason is told at once', () => {
  const { live } = stage()
  expect(live('a - b - b -')).toEqual(['a', 'over', 'b', 'over'])
})

test('a reason with words before it is no other one', () => {
  const { live } = stage()
  expect(live(`refused ${'away:refused '.repeat(20)}-`)).toEqual(['refused', 'over'])
})
