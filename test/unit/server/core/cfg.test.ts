import { describe, expect, test } from 'vitest'
import { CfgFramework, type CfgVariable } from '../../../../server/core/cfg.ts'

const variable = (name: string, more: Partial<CfgVariable> = {}): CfgVariable => ({
  ...{ group: 'gate', name, kind: 'int', doc: name, default: 1, live: true },
  ...more,
})

function gate() {
  const cfg = new CfgFramework()
  const values: Record<string, unknown> = { size: 1, label: 'plain', fixed: 5 }
  const told: unknown[] = []
  cfg.declare(variable('size', { min: 0, max: 9 }), values, 'size', value => told.push(value))
  const text = { kind: 'string', default: 'plain' } as const
  cfg.declare(variable('label', { ...text, accepts: given => given !== 'bad' }), values)
  cfg.declare(variable('fixed', { live: false }), values)
  return { cfg, values, told }
}

test('a change is in force at once, and who must know is told', () => {
  const { cfg, values, told } = gate()
  const changes: unknown[] = []
  cfg.onChange = (...change) => changes.push(change)
  expect(cfg.set('gate', 'size', 4)).toBe(null)
  expect(values.size).toBe(4)
  expect(told).toEqual([4])
  expect(changes).toEqual([['gate', 'size', 1, 4]])
})

test.each([
  ['none', 1, 'no such variable'],
  ['fixed', 6, 'read-only'],
  ['size', 'x', 'wrong type'],
  ['label', 7, 'wrong type'],
  ['size', 10, 'out of range'],
  ['size', -1, 'out of range'],
  ['label', 'bad', 'not accepted'],
])('%s = %s is refused: %s', (name, value, why) => {
  const { cfg, values } = gate()
  expect(cfg.set('gate', name, value)).toBe(why)
  expect(values).toEqual({ size: 1, label: 'plain', fixed: 5 })
})

describe('an instance of a group', () => {
  test('has the values of the group where it has none of its own', () => {
    const { cfg } = gate()
    expect(cfg.addInstance('gate', 3)).toBe(true)
    expect(cfg.addInstance('none', 3)).toBe(false)
    cfg.set('gate', 'label', 'third', 3)
    expect(cfg.get('gate', 'label', 3)).toBe('third')
    expect(cfg.get('gate', 'size', 3)).toBe(1)
    expect(cfg.instanceNumbers('gate')).toEqual([3])
    cfg.reset('gate', 'label', 3)
    expect(cfg.get('gate', 'label', 3)).toBe('plain')
    expect(cfg.removeInstance('gate', 3)).toBe(true)
    expect(cfg.removeInstance('gate', 3)).toBe(false)
  })

  test('is what everybody reads while it is chosen', () => {
    const { cfg, values, told } = gate()
    cfg.set('gate', 'size', 7, 2)
    expect(cfg.select('gate', 1)).toBe(false)
    expect(cfg.select('gate', 2)).toBe(true)
    expect(values).toMatchObject({ size: 7, label: 'plain' })
    expect(told).toEqual([7])
    expect(cfg.selections()).toEqual([['gate', 2]])
    expect(cfg.selectedInstance('gate')).toBe(2)
    cfg.deselectAll()
    expect(values.size).toBe(1)
    expect(cfg.anySelected).toBe(false)
    expect(cfg.selectedInstance('gate')).toBe(null)
  })

  test('gives way to another one of its group', () => {
    const { cfg, values } = gate()
    cfg.set('gate', 'size', 7, 2)
    cfg.set('gate', 'label', 'three', 3)
    cfg.select('gate', 2)
    cfg.select('gate', 3)
    expect(values).toMatchObject({ size: 1, label: 'three' })
    cfg.deselect('gate')
    expect(values).toMatchObject({ size: 1, label: 'plain' })
  })

  test('hides a change of the group until it is let go', () => {
    const { cfg, values } = gate()
    cfg.set('gate', 'size', 7, 2)
    cfg.select('gate', 2)
    cfg.set('gate', 'size', 4)
    expect(values.size).toBe(7)
    expect(cfg.get('gate', 'size', 5)).toBe(4)
    cfg.deselectAll()
    expect(values.size).toBe(4)
  })
})

test('a group ends with its last variable', () => {
  const { cfg } = gate()
  for (const name of ['size', 'label', 'fixed']) cfg.forget('gate', name)
  expect(cfg.groupNames()).toEqual([])
})
