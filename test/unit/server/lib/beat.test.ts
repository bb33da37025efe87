// Work that rides along with what wakes the loop, and has a timer where nothing does.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Beat } from '../../../../server/lib/beat.ts'

let now = 0
const done: number[] = []
const beat = new Beat(
  50,
  () => now,
  () => done.push(now),
)

/** Time goes by, and timers with it. */
function pass(milliseconds: number): void {
  for (let i = 0; i < milliseconds; i++) {
    now++
    vi.advanceTimersByTime(1)
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  now = 0
  done.length = 0
})
afterEach(() => {
  beat.stop()
  vi.useRealTimers()
})

it('wakes for itself when nothing else happens', () => {
  beat.start()
  pass(120)
  expect(done).toEqual([50, 100])
})

it('rides along when it is due, and no timer of its own comes meanwhile', () => {
  beat.start()
  for (let i = 0; i < 10; i++) {
    pass(20)
    beat.ride(now)
  }
  expect(done).toEqual([50, 100, 150, 200])
  done.length = 0
  for (let i = 0; i < 8; i++) {
    pass(15)
    beat.ride(now)
  }
  expect(done.length).toBe(2)
})

it('does nothing before its start and after its end', () => {
  beat.ride(now + 1000)
  beat.start()
  beat.stop()
  beat.ride(now + 1000)
  pass(200)
  expect(done).toEqual([])
})
