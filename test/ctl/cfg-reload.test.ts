import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const fleet = () => new FakeFleet(new FakeNode('n1'), new FakeNode('n2'))
const CHANGED = {
  same: false,
  routes: { added: ['route[NEW]'], removed: [], changed: ['request_route', 'route[RELAY]'] },
  parameters: [{ what: 'debug', old: 2, new: 3, at: '/etc/k.cfg:3:1' }],
  kept: [{ what: 'tm.fr_timer', value: 9000, config: 5000, at: '/etc/k.cfg:7:30' }],
  restart_needed: [{ what: 'children', old: null, new: 8, at: '/etc/k.cfg:4:1' }],
}
const BROKEN = {
  same: false,
  good: false,
  refused: 'the config has errors',
  diagnostics: [
    {
      severity: 'error',
      code: 'CFG_UNKNOWN_FUNCTION',
      file: '/etc/k.cfg',
      line: 12,
      col: 3,
      text: "unknown function 'nope'",
      hint: "did you mean 'note'?",
      source: '  nope("\x1b[2J");',
    },
  ],
}
const DIAGNOSTIC = `/etc/k.cfg:12:3: error: unknown function 'nope' [CFG_UNKNOWN_FUNCTION]
 12 |   nope("^[[2J");
    |   ^
    = hint: did you mean 'note'?
`
const methods = (node: FakeNode) => node.asked.map(([method]) => method)

describe('cfg reload', () => {
  test('asks all nodes first, then reloads them and says what changed', async () => {
    const both = fleet()
    for (const node of both.nodes) node.config.found = CHANGED
    const env = { USER: 'jane' }
    const { code, out, err } = await kamctl(both, ['cfg', 'reload'], { env })
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'NODE  RESULT    GENERATION  ROUTES    CHANGED       KEPT  RESTART',
        'n1    reloaded           2  +1 -0 ~2  debug 2 -> 3     1        1',
        'n2    reloaded           2  +1 -0 ~2  debug 2 -> 3     1        1',
        '',
      ].join('\n'),
    )
    expect(err).toBe(
      [
        'n1 n2: tm.fr_timer stays 9000, set by hand; the config says 5000 (/etc/k.cfg:7:30)',
        'n1 n2: restart needed: children (none) -> 8 (/etc/k.cfg:4:1)',
        '',
      ].join('\n'),
    )
    expect(methods(both.nodes[0]!)).toEqual(['ohana.cfg.diff', 'ohana.cfg.reload'])
    expect(both.nodes[0]!.asked.at(-1)).toEqual(['ohana.cfg.reload', `jane@${hostname()}`])
  })

  test('reloads none when one refuses, and shows what is wrong', async () => {
    const both = fleet()
    both.nodes[1]!.config.found = BROKEN
    const { code, out, err } = await kamctl(both, ['cfg', 'reload'])
    expect(code).toBe(7)
    expect(out).toContain('n1    held back')
    expect(out).toContain('n2    refused')
    expect(err).toBe(
      `n2: ${DIAGNOSTIC}n2: not reloaded: the config has errors\n` +
        'no node was reloaded, because not all would take the config; --force reloads the others\n',
    )
    expect(both.nodes.map(node => node.config.generation)).toEqual([1, 1])
  })

  test('with --force the others are reloaded', async () => {
    const both = fleet()
    both.nodes[1]!.config.found = BROKEN
    const { code, out } = await kamctl(both, ['cfg', 'reload', '--force'])
    expect(code).toBe(3)
    expect(out).toContain('n1    reloaded')
    expect(both.nodes.map(node => node.config.generation)).toEqual([2, 1])
  })

  test('reloads none when one does not answer', async () => {
    const both = fleet()
    both.nodes[1]!.mood = 'gone'
    const { code, err } = await kamctl(both, ['cfg', 'reload'])
    expect(code).toBe(3)
    expect(err).toContain('1/2 nodes; n2: not reachable')
    expect(err).toContain('no node was reloaded')
    expect(both.nodes[0]!.config.generation).toBe(1)
  })

  test('errors that all nodes have are told once', async () => {
    const both = fleet()
    for (const node of both.nodes) node.config.found = BROKEN
    const { code, err } = await kamctl(both, ['cfg', 'reload'])
    expect(code).toBe(7)
    expect(err.startsWith(`n1 n2: ${DIAGNOSTIC}`)).toBe(true)
  })

  test('asks before production is changed, with what will change', async () => {
    const both = fleet()
    for (const node of both.nodes) node.config.found = CHANGED
    const words = ['cfg', 'reload']
    const denied = await kamctl(both, words, { environment: 'prod' })
    expect(denied.code).toBe(8)
    expect(denied.err).toContain(
      'will reload the config (routes +1 -0 ~2, 1 values) on n1, n2 (PROD)',
    )
    expect(both.nodes[0]!.config.generation).toBe(1)
    const sure = await kamctl(both, [...words, '--yes'], { environment: 'prod' })
    expect(sure.code).toBe(0)
    expect(both.nodes[0]!.config.generation).toBe(2)
  })

  test('--json has everything', async () => {
    const both = fleet()
    both.nodes[0]!.config.found = CHANGED
    const { out } = await kamctl(both, ['cfg', 'reload', '--json'])
    const { kind, items } = JSON.parse(out) as { kind: string; items: unknown[] }
    expect(kind).toBe('ConfigReload')
    expect(items[0]).toMatchObject({
      node: 'n1',
      result: 'reloaded',
      generation: 2,
      diagnostics: [],
    })
    expect(items[0]).toHaveProperty('routes.added', ['route[NEW]'])
  })
})

describe('cfg reload --check', () => {
  test('changes nothing', async () => {
    const both = fleet()
    const { code, out } = await kamctl(both, ['cfg', 'reload', '--check'])
    expect(code).toBe(0)
    expect(out).toContain('n1    good    f00df00df00d       3      1')
    expect(methods(both.nodes[0]!)).toEqual(['ohana.cfg.check'])
  })

  test('of a config with errors ends with 7', async () => {
    const both = fleet()
    both.nodes[0]!.config.found = BROKEN
    const { code, out, err } = await kamctl(both, ['cfg', 'reload', '--check'])
    expect(code).toBe(7)
    expect(out).toContain('n1    bad')
    expect(err).toBe(`n1: ${DIAGNOSTIC}`)
  })
})

describe.each([[['cfg', 'diff']], [['cfg', 'reload', '--diff']]])('%s', words => {
  test('has a row for every change, and 1 for its exit code', async () => {
    const both = fleet()
    both.nodes[0]!.config.found = CHANGED
    const { code, out } = await kamctl(both, words)
    expect(code).toBe(1)
    expect(out.split('\n').map(line => line.replaceAll(/ {2,}/g, '|'))).toEqual([
      'NODE|CHANGE|WHAT|OLD|NEW|AT',
      'n1|route added|route[NEW]|-|-',
      'n1|route changed|request_route|-|-',
      'n1|route changed|route[RELAY]|-|-',
      'n1|value|debug|2|3|/etc/k.cfg:3:1',
      'n1|kept|tm.fr_timer|9000|5000|/etc/k.cfg:7:30',
      'n1|restart needed|children|-|8|/etc/k.cfg:4:1',
      '',
    ])
    expect(methods(both.nodes[0]!)).toEqual(['ohana.cfg.diff'])
  })

  test('is silent when nothing would change', async () => {
    expect(await kamctl(fleet(), words)).toMatchObject({ code: 0, out: '', err: '' })
  })

  test('of a config with errors ends with 7', async () => {
    const both = fleet()
    both.nodes[1]!.config.found = BROKEN
    const { code, err } = await kamctl(both, words)
    expect(code).toBe(7)
    expect(err).toContain('n2: a reload would be refused: the config has errors')
  })
})

describe('cfg undo', () => {
  test('goes back on every node', async () => {
    const both = fleet()
    await kamctl(both, ['cfg', 'reload'])
    const { code, out } = await kamctl(both, ['cfg', 'undo'])
    expect(code).toBe(0)
    expect(out).toContain('n1             1       2  +0 -0 ~0')
    expect(both.nodes.map(node => node.config.generation)).toEqual([1, 1])
  })

  test('says no where there is nothing to undo', async () => {
    const both = fleet()
    expect(await kamctl(both, ['cfg', 'undo'])).toMatchObject({ code: 1, out: '' })
    await kamctl(both, ['cfg', 'reload', '--nodes', 'n1'])
    const { code, err } = await kamctl(both, ['cfg', 'undo'])
    expect(code).toBe(3)
    expect(err).toContain('1/2 nodes; n2: there is no generation to go back to')
  })
})

describe('cfg history', () => {
  test('tells when, by whom, and what undo would bring back', async () => {
    const both = fleet()
    const chosen = ['--nodes', 'n1']
    await kamctl(both, ['cfg', 'reload', ...chosen], { env: { USER: 'jane' } })
    const { code, out } = await kamctl(both, ['cfg', 'history', ...chosen])
    expect(code).toBe(0)
    const jane = `jane@${hostname()}`
    expect(out.split('\n').map(line => line.trim().replaceAll(/ {2,}/g, '|'))).toEqual([
      expect.stringMatching(/GENERATION\|ACTION\|AT\|BY\|DOOR\|HASH\|ROUTES\|STATE$/),
      expect.stringMatching(/1\|start\|2026-11-21T10:57:55\.000Z\|-\|-\|111111111111\|3\|undo/),
      expect.stringContaining(`2|reload|2026-11-21T12:00:00.000Z|${jane}|unix|222222222222|3|in`),
      '',
    ])
  })
})
