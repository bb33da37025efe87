import { describe, expect, test } from 'vitest'
import { LatencyStats } from '../../../../../server/modules/dispatcher/latency.ts'
import { Sets } from '../../../../../server/modules/dispatcher/sets.ts'
import { destinationOf } from '../../../../../server/modules/dispatcher/build.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import { testNode } from '../../core/rpc/core-for-test.ts'

describe('latency', () => {
  test('has a mean and a deviation', () => {
    const stats = new LatencyStats()
    const values = [10, 30, 20, 40, 25]
    for (const value of values) stats.add(value, 0.9)
    const mean = values.reduce((sum, value) => sum + value) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    expect(stats.average).toBeCloseTo(mean)
    expect(stats.deviation).toBeCloseTo(Math.sqrt(squares / (values.length - 1)))
    expect([stats.min, stats.max]).toEqual([10, 40])
    expect(stats.estimate).toBeCloseTo(mean)
  })

  test('is estimated by the last answers once there are ten', () => {
    const stats = new LatencyStats()
    for (let i = 0; i < 9; i++) stats.add(20, 0.9)
    stats.add(120, 0.9)
    expect(stats.estimate).toBeCloseTo(20 * 0.9 + 120 * 0.1)
  })

  test('that is known beforehand changes slowly', () => {
    const stats = new LatencyStats()
    stats.init(50, 10_000)
    stats.add(150, 0.9)
    expect(stats.average).toBeCloseTo(50, 1)
    expect(stats.estimate).toBeCloseTo(60)
  })
})

describe('sets', () => {
  const setsOf = (ids: readonly number[]): Sets => {
    const { core } = testNode()
    const rows = ids.map(set => ({
      set,
      uri: 'sip:127.0.0.1',
      flags: 0,
      priority: 0,
      attributes: '',
    }))
    const made = rows.map(row => destinationOf(core, row, null, false))
    return Sets.of(made, new SeededRandom(1), Sets.NONE)
  }

  test.for([
    [
      [1, 2, 7, 5, 6],
      [1, 5, 7, 6, 2],
    ],
    [
      [3, 2, 1],
      [1, 3, 2],
    ],
    [
      [1, 3, 2],
      [1, 3, 2],
    ],
    [
      [3, 1, 2],
      [1, 3, 2],
    ],
    [[5], [5]],
  ])('of %j are gone through as %j', ([ids = [], order = []]) => {
    expect(setsOf(ids).all.map(({ id }) => id)).toEqual(order)
  })

  test('put the highest priority first, and the last row of equal ones', () => {
    const { core } = testNode()
    const rows = [0, 5, 0, 5].map((priority, i) => ({
      set: 1,
      uri: `sip:127.0.0.${i}`,
      flags: 0,
      priority,
      attributes: '',
    }))
    const made = rows.map(row => destinationOf(core, row, null, false))
    const sets = Sets.of(made, new SeededRandom(1), Sets.NONE)
    const hosts = sets.find(1)!.list.map(({ parsed }) => parsed.host.slice(-1))
    expect(hosts).toEqual(['3', '1', '2', '0'])
  })
})
