// The charts on a virtual terminal. blessed draws them; what is tested is that they are whole,
// leave and come back.
import { describe, expect, onTestFinished, test } from 'vitest'
import { showDashboard } from '../../console/dashboard/dashboard.ts'
import { healthColumns } from '../../console/dashboard/figures.ts'
import { FleetModel } from '../../console/model/fleet-model.ts'
import { busyFleet, openConsole, traffic } from '../kit/console.ts'
import { START_MS } from '../kit/fake-node.ts'
import { VirtualTerminal } from '../kit/virtual-terminal.ts'

function openDashboard(columns: number, rows: number) {
  const fakes = busyFleet()
  const terminal = new VirtualTerminal(columns, rows)
  const gone = new AbortController()
  const { connect } = fakes
  const now = (): number => START_MS
  const model = new FleetModel({ name: 'testing', nodes: fakes.rows(), connect, now })
  const style = { colour: true, ascii: false }
  const screen = { input: terminal, output: terminal, style, gone: gone.signal }
  const ended = showDashboard(screen, model)
  onTestFinished(async () => {
    gone.abort()
    await ended
    await model.close()
  })
  const shows = (text: string): Promise<void> => expect.poll(() => terminal.text).toContain(text)
  return { terminal, fakes, gone, ended, shows }
}

describe.for([
  [80, 24],
  [120, 40],
  [200, 60],
] as const)('%d x %d', ([columns, rows]) => {
  test('every chart with its title, within the screen', async () => {
    const { terminal, fakes, shows } = openDashboard(columns, rows)
    await shows('● up')
    traffic(fakes)
    for (const title of ['Calls per second  n1 n2 n3', 'Registered', 'Replies/s by class', 'Nodes'])
      await shows(title)
    await shows('54')
    if (rows >= 30) await shows('something is wrong')
    const lines = terminal.screen()
    expect(lines[0]).toMatch(/^┌─ Calls per second .*┐$/)
    expect(lines.filter(line => line.startsWith('┌')).length).toBe(rows >= 30 ? 3 : 2)
  })
})

test('q leaves and gives the screen back', async () => {
  const { terminal, ended, shows } = openDashboard(80, 24)
  await shows('● up')
  expect(terminal.isAlternate).toBe(true)
  terminal.type('q')
  await ended
  await expect.poll(() => terminal.isAlternate).toBe(false)
  expect(terminal.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(
    terminal.written.lastIndexOf('\x1b[?25l'),
  )
})

test('another size has another layout', async () => {
  const { terminal, shows } = openDashboard(80, 24)
  await shows('● up')
  terminal.resize(120, 40)
  await shows('Log')
  await shows('something is wrong')
})

test('within the console and back', async () => {
  const opened = openConsole(busyFleet(), { columns: 100, rows: 30, view: 'registrations' })
  await opened.shows('Hardphone')
  await opened.press('D')
  await opened.shows('Calls per second')
  await opened.press('q')
  await opened.shows('Hardphone')
  await opened.press('1')
  await opened.shows('CALLS/S')
})

test.for([
  [20, ['node', 'state']],
  [30, ['node', 'state', 'req/s']],
  [60, ['node', 'state', 'req/s', 'cpu', 'active', 'mem', 'p99']],
] as const)('with room for %d cells the nodes have %j', ([room, titles]) => {
  expect(healthColumns(room).map(({ title }) => title)).toEqual(titles)
})
