// What is said of core parameters when a node starts.
import { expect, test } from 'vitest'
import { idleText } from '../../../../server/boot/parameters.ts'

test('names what does nothing here, with the reason, in one line', () => {
  expect(
    idleText([
      { name: 'children', value: 16 },
      { name: 'debug', value: 2 },
      { name: 'shm', value: 128 },
    ]),
  ).toBe(
    'without effect here: children=16 (one process with one event loop does the work of all), ' +
      'shm=128 (the runtime manages its memory)',
  )
})

test('says nothing of what acts, nor of defaults', () => {
  expect(
    idleText([
      { name: 'children', value: 8 },
      { name: 'debug', value: 2 },
    ]),
  ).toBe('')
})
