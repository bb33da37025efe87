import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Timer, Wheel } from '../../../../server/lib/wheel.ts'

function setUp() {
  const clock = { time: 1000, now: () => clock.time, monotonic: () => clock.time }
  const errors: unknown[] = []
  return { clock, errors, wheel: new Wheel(clock, error => errors.push(error)) }
}

describe('the timer wheel', () => {
  it('fires each timer once, never early and at most a tick and a run late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400_000), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5000 }),
        (delays, step) => {
          const { clock, wheel } = setUp()
          const fired: number[] = []
          delays.forEach((delay, i) =>
            wheel.arm(
              new Timer(() => {
                fired[i] = clock.time - 1000
              }),
              delay,
            ),
          )
          for (let t = 0; t < 420_000; t += step) {
            clock.time += step
            wheel.run()
          }
          delays.forEach((delay, i) => {
            expect(fired[i]).toBeGreaterThanOrEqual(delay)
            expect(fired[i]).toBeLessThanOrEqual(delay + 10 + step)
          })
          expect(wheel.armedCount).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('moves an armed timer and forgets a disarmed one', () => {
    const { clock, wheel } = setUp()
    let count = 0
    const timer = new Timer(() => count++)
    wheel.arm(timer, 50)
    wheel.arm(timer, 500)
    clock.time += 200
    wheel.run()
    expect([count, timer.armed]).toEqual([0, true])
    wheel.disarm(timer)
    clock.time += 1000
    wheel.run()
    expect([count, timer.armed, wheel.armedCount]).toEqual([0, false, 0])
  })

  it('goes on after a timer that threw', () => {
    const { clock, wheel, errors } = setUp()
    let after = 0
    wheel.arm(
      new Timer(() => {
        throw new Error('mine')
      }),
      10,
    )
    wheel.arm(new Timer(() => after++), 10)
    clock.time += 100
    wheel.run()
    expect([errors.length, after]).toEqual([1, 1])
  })
})
