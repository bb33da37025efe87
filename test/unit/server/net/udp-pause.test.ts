import { expect, it } from 'vitest'
import { Pause } from '../../../../server/net/udp-pause.ts'

const LARGE = 8 * 1024 * 1024
const SMALL = 212_992

function pauseAt(rate: number, receiveBuffer: number): { due: boolean; length: number } {
  const pause = new Pause(() => {})
  pause.fit(receiveBuffer)
  pause.isDue(0, 1000)
  const due = pause.isDue((rate * 40) / 1000, 1040)
  return { due, length: pause.length }
}

it('leaves a socket alone from a thousand datagrams a second on', () => {
  expect(pauseAt(900, LARGE).due).toBe(false)
  expect(pauseAt(1000, LARGE).due).toBe(true)
})

it('waits until 64 have come, at most 20 ms and at least 10', () => {
  expect(pauseAt(1000, LARGE).length).toBe(20)
  expect(pauseAt(3200, LARGE).length).toBe(20)
  expect(pauseAt(4000, LARGE).length).toBe(15)
  expect(pauseAt(40_000, LARGE).length).toBe(10)
})

it('never lets more than a part of a small receive buffer fill', () => {
  for (const rate of [1000, 5000, 10_000]) {
    const { length } = pauseAt(rate, SMALL)
    expect((length * rate * 2304) / 1000).toBeLessThan(SMALL / 3)
  }
  expect(pauseAt(200_000, SMALL).length).toBe(1)
})

it('keeps its length while the load varies a little, and with it its timer', () => {
  for (const rate of [3850, 4000, 4150]) expect(pauseAt(rate, LARGE).length).toBe(15)
})

it('stops when the load has gone', () => {
  const pause = new Pause(() => {})
  pause.fit(LARGE)
  pause.isDue(0, 1000)
  expect(pause.isDue(100, 1020)).toBe(true)
  expect(pause.isDue(3, 1040)).toBe(false)
})

it('runs again after the pause, or at once when work is left', async () => {
  let wake = (): void => {}
  let runs = 0
  const pause = new Pause(() => {
    runs++
    wake()
  })
  for (const none of [false, false, true]) {
    const before = runs
    const woken = new Promise<void>(resolve => {
      wake = resolve
    })
    pause.begin(none)
    await woken
    expect(runs).toBe(before + 1)
  }
  pause.end()
})
