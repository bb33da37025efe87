// The console in a real terminal, over fake nodes: all tests side by side, as keys and screens take
// their time.
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { run } from '../kit/child.ts'
import { busyFleet } from '../kit/console.ts'
import { serveFleet } from '../kit/fake-fleet.ts'
import { tmuxForTest } from '../kit/tmux.ts'

const program = resolve('console/bin/console')

/** Processes that run the console over this fleet file. */
async function running(file: string): Promise<number[]> {
  const { output } = await run('pgrep', ['-f', `dist/console/main.js --fleet ${file}`])
  return output.trim().split('\n').filter(Boolean).map(Number)
}

describe.concurrent('the console', () => {
  test.for([
    ['xterm-256color', 80, 24],
    ['screen', 100, 30],
    ['linux', 200, 60],
  ] as const)('TERM=%s, %d x %d: every view, and out', async ([term, columns, rows], context) => {
    const { file } = await serveFleet(busyFleet(), context)
    const tmux = tmuxForTest(context)
    await tmux.open(`env TERM=${term} ${program} --fleet ${file}`, columns, rows)
    await tmux.shows('● n3')
    for (const [key, shows] of [
      ['2', 'Hardphone 2000'],
      ['3', '7f3a91c2@phone'],
      ['4', 'rcv_requests'],
      ['5', 'fr_timer'],
      ['6', 'something is wrong'],
      ['7', 'ANSWERED'],
      ['Enter', '180 Ringing'],
      ['?', 'half a page down'],
    ] as const) {
      await tmux.keys(key)
      await tmux.shows(shows)
    }
    await tmux.keys('C-c', 'C-c')
    await tmux.shows('ended with 0')
    expect(await tmux.flag('alternate_on')).toBe(false)
    expect(await tmux.flag('cursor_flag')).toBe(true)
    expect(await running(file)).toEqual([])
  })

  describe('however it ends, the screen is given back', () => {
    test.for([
      ['TERM', 143],
      ['HUP', 129],
      ['INT', 130],
    ] as const)('SIG%s', async ([signal, code], context) => {
      const { file } = await serveFleet(busyFleet(), context)
      const tmux = tmuxForTest(context)
      await tmux.open(`${program} --fleet ${file}`, 80, 24)
      await tmux.shows('● n3')
      const [pid] = await running(file)
      process.kill(pid!, `SIG${signal}`)
      await tmux.shows(`ended with ${code}`)
      expect(await tmux.flag('alternate_on')).toBe(false)
      expect(await tmux.flag('cursor_flag')).toBe(true)
    })

    test('the dashboard too', async context => {
      const { file } = await serveFleet(busyFleet(), context)
      const tmux = tmuxForTest(context)
      await tmux.open(`${program} --fleet ${file}`, 80, 24)
      await tmux.shows('● n3')
      await tmux.keys('D')
      await tmux.shows('Calls per second')
      const [pid] = await running(file)
      process.kill(pid!, 'SIGTERM')
      await tmux.shows('ended with 143')
      expect(await tmux.flag('alternate_on')).toBe(false)
      expect(await tmux.flag('cursor_flag')).toBe(true)
    })

    test('a terminal that is closed takes the console with it', async context => {
      const { file } = await serveFleet(busyFleet(), context)
      const tmux = tmuxForTest(context)
      await tmux.open(`${program} --fleet ${file}`, 80, 24)
      await tmux.shows('● n3')
      await tmux.command('kill-session')
      await context.expect.poll(() => running(file)).toEqual([])
    })
  })

  test('a storm of sizes leaves a whole screen', async context => {
    const { file } = await serveFleet(busyFleet(), context)
    const tmux = tmuxForTest(context)
    await tmux.open(`${program} --fleet ${file}`, 80, 24)
    await tmux.shows('● n3')
    for (const [columns, rows] of [
      [20, 5],
      [200, 50],
      [33, 7],
      [120, 40],
      [61, 13],
      [90, 28],
    ] as const) {
      await tmux.resize(columns, rows)
      await pause(20)
    }
    await tmux.shows(/^ 1 Nodes {2}2 Registrations {2}3 Transactions /m)
    // The last size may still be drawn.
    const lines = async (): Promise<string[]> => (await tmux.screen()).split('\n')
    const last = context.expect.poll(async () => (await lines())[26])
    await last.toMatch(/q back$/)
    expect((await lines()).filter(line => line.includes('NODE '))).toHaveLength(1)
  })

  describe('without a terminal', () => {
    test('the view is printed once, without a single escape', async context => {
      const { file } = await serveFleet(busyFleet(), context)
      const { code, output } = await run(program, ['--fleet', file, '--view', 'cfg'])
      expect(code).toBe(0)
      expect(output).toMatch(/^GROUP +PARAMETER +VALUE/)
      expect(output).toContain('n1=2 n2=3 n3=2')
      expect(output).not.toContain('\x1b')
    })

    test('a silent node is named, exit code 3', async context => {
      const fakes = busyFleet()
      fakes.nodes[1]!.mood = 'silent'
      const { file } = await serveFleet(fakes, context)
      const { code, output } = await run(program, ['--plain', '--fleet', file])
      expect(code).toBe(3)
      expect(output).toContain('2/3 nodes; n2: ')
    })

    test.for([
      [['dashboard'], 'charts need a terminal'],
      [['--view', 'moon'], 'no view moon; there are nodes, registrations'],
      [['--flet', 'x'], "unknown option '--flet' (Did you mean --fleet?)"],
      [['--fleet', '/nowhere/fleet.yaml'], 'cannot read the fleet file'],
    ] as const)('%j is refused with 2', async ([words, complaint]) => {
      const { code, output } = await run(program, [...words])
      expect(code).toBe(2)
      expect(output).toContain(complaint)
    })

    test('help', async () => {
      const { code, output } = await run(program, ['--help'])
      expect(code).toBe(0)
      expect(output).toContain('ssh-server')
    })
  })
})
