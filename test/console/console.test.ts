// What the keys do, over fake nodes on a virtual terminal.
import { describe, expect, test } from 'vitest'
import { busyFleet, openConsole, traffic } from '../kit/console.ts'

test('the screen is given back when the person leaves', async () => {
  const opened = openConsole(busyFleet())
  await opened.shows('● n1')
  expect(opened.terminal.isAlternate).toBe(true)
  expect(opened.terminal.isRaw).toBe(true)
  await opened.press('q')
  await opened.shows('leave the console? y / n')
  await opened.press('y')
  await opened.ended
  expect(opened.terminal.isAlternate).toBe(false)
  expect(opened.terminal.isRaw).toBe(false)
  expect(opened.terminal.written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(
    opened.terminal.written.lastIndexOf('\x1b[?25l'),
  )
})

test('a terminal that goes away ends the console', async () => {
  const opened = openConsole(busyFleet())
  await opened.shows('● n1')
  opened.gone.abort()
  await opened.ended
  expect(opened.terminal.isAlternate).toBe(false)
})

test('Ctrl-C once is a question, twice is the end', async () => {
  const opened = openConsole(busyFleet())
  await opened.shows('● n1')
  await opened.press('ctrl-c')
  await opened.shows('once more to leave')
  await opened.press('ctrl-c')
  await opened.ended
})

test('no frame is as high as the screen, and every frame is as wide', async () => {
  const opened = openConsole(busyFleet(), { columns: 90, rows: 20 })
  await opened.shows('● n1')
  expect(opened.terminal.screen().at(-1)).toBe('')
  expect(opened.terminal.screen().at(-2)).toMatch(/q back$/)
  opened.terminal.resize(60, 12)
  await expect.poll(() => opened.terminal.screen().at(-2) ?? '').toMatch(/q back$/)
  expect(opened.terminal.screen().at(-1)).toBe('')
})

describe('moving and choosing', () => {
  test('the cursor stays on its row when rows come before it', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'registrations' })
    await opened.shows('Hardphone')
    await opened.press('G')
    await expect.poll(() => opened.terminal.inverse(opened.rowOf('bob'))).toContain('bob')
    fakes.nodes[0]!.register('aaron', 'sip:aaron@127.0.0.1:7009')
    await opened.press('r')
    await opened.shows('aaron')
    expect(opened.terminal.inverse(opened.rowOf('bob'))).toContain('bob')
  })

  test('a filter is applied while it is typed, Escape takes it back', async () => {
    const opened = openConsole(busyFleet(), { view: 'registrations' })
    await opened.shows('Hardphone')
    await opened.press('/', 'b', 'o', 'b')
    await opened.hides('carol')
    await opened.press('enter')
    await opened.shows('/bob  1/3')
    await opened.press('esc')
    await opened.shows('carol')
  })

  test('a condition on a column, and what is wrong with one', async () => {
    const opened = openConsole(busyFleet(), { view: 'registrations' })
    await opened.shows('Hardphone')
    await opened.press('/', 'expires<60')
    await opened.hides('carol')
    await opened.press('ctrl-u', 'colour=red')
    await opened.shows('no column colour; there are node aor contact')
  })

  test('rows are sorted by a column, and the other way round', async () => {
    const opened = openConsole(busyFleet(), { view: 'registrations' })
    await opened.shows('Hardphone')
    await opened.press('>', '>')
    await opened.shows('AOR▲')
    expect(opened.rowOf('alice')).toBeLessThan(opened.rowOf('bob'))
    await opened.press('z')
    await opened.shows('AOR▼')
    await expect.poll(() => opened.rowOf('carol') < opened.rowOf('alice')).toBe(true)
  })

  test('one node only, and all again', async () => {
    const opened = openConsole(busyFleet(), { view: 'registrations' })
    await opened.shows('Hardphone')
    await opened.press('f')
    await opened.shows('node n1')
    await opened.hides('bob')
    await opened.press(':', 'node all', 'enter')
    await opened.shows('bob')
  })

  test('Enter goes in, Escape out, - to where one was', async () => {
    const opened = openConsole(busyFleet())
    await opened.shows('● n1')
    await opened.press('enter')
    await opened.shows('› Node')
    await opened.press('esc')
    await opened.hides('› Node')
    await opened.press('4')
    await opened.shows('rcv_requests')
    await opened.press('-')
    await opened.shows('CALLS/S')
  })

  test('a held screen stands still, another p lets it go on', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'log' })
    await opened.shows('something is wrong')
    await opened.press('p')
    await opened.shows('PAUSED')
    fakes.nodes[0]!.write('while you slept')
    await opened.press('p')
    await opened.shows('while you slept')
  })

  test('a log goes on by itself at its end, and stands still above it', async () => {
    const fakes = busyFleet()
    for (let line = 0; line < 40; line++) fakes.nodes[0]!.write(`line ${line}`)
    const opened = openConsole(fakes, { view: 'log' })
    await opened.shows('line 39')
    await opened.press('g')
    await opened.shows('INVITE for bob: not on this node')
    fakes.nodes[0]!.write('newest')
    await opened.press('j')
    await opened.shows('INVITE for bob: not on this node')
    await opened.press('G')
    await opened.shows('newest')
  })
})

describe('a node that is silent', () => {
  test('keeps its rows, grey, and its age stands at the top', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'registrations' })
    await opened.shows('Hardphone')
    const row = opened.rowOf('bob')
    expect(opened.terminal.isDim(row, 8)).toBe(false)
    fakes.nodes[1]!.mood = 'silent'
    opened.passed = 12_000
    traffic(
      new (fakes.constructor as new (...nodes: unknown[]) => typeof fakes)(
        fakes.nodes[0],
        fakes.nodes[2],
      ),
    )
    await opened.shows('○ n2 12s')
    await expect.poll(() => opened.terminal.isDim(opened.rowOf('bob'), 8)).toBe(true)
    expect(opened.terminal.text).toContain('● n1')
  })

  test('comes back by itself', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes)
    await opened.shows('● n2')
    fakes.nodes[1]!.mood = 'gone'
    fakes.breakConnections()
    opened.passed += 5000
    await opened.shows('○ n2')
    fakes.nodes[1]!.mood = 'answers'
    await opened.shows('● n2')
  })
})

describe('changing a parameter', () => {
  const value = (fakes: ReturnType<typeof busyFleet>) =>
    fakes.nodes.map(node => node.parameters[0]!.value)

  test('on all nodes, with what came of it on each', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'parameters', columns: 120 })
    await opened.shows('n2=3')
    await opened.press('e')
    await opened.shows('core.debug = 2   on all: n1 n2 n3 (tab)')
    await opened.press('ctrl-u', '1', 'enter')
    await opened.shows('set core.debug = 1 on n1 n2 n3? y / n')
    expect(value(fakes)).toEqual([2, 3, 2])
    await opened.press('y')
    await opened.shows('set core.debug = 1: n1 2 → 1, n2 3 → 1, n3 2 → 1')
    expect(value(fakes)).toEqual([1, 1, 1])
  })

  test('on one node, chosen by Tab', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'parameters', columns: 120 })
    await opened.shows('n2=3')
    await opened.press('e', 'tab', 'tab')
    await opened.shows('on n2 (tab)')
    await opened.press('ctrl-u', '0', 'enter', 'y')
    await opened.shows('set core.debug = 0: n2 3 → 0')
    expect(value(fakes)).toEqual([2, 0, 2])
  })

  test('a no changes nothing', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'parameters' })
    await opened.shows('n2=3')
    await opened.press('e', 'ctrl-u', '1', 'enter', 'n')
    await opened.shows('nothing was changed')
    expect(value(fakes)).toEqual([2, 3, 2])
  })

  test('in production the screen says PROD and the name of the fleet is typed', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'parameters', environment: 'prod' })
    await opened.shows(' PROD  testing')
    await opened.shows('n2=3')
    await opened.press(':', 'set core.debug 1', 'enter', 'enter')
    await opened.shows('type testing')
    await opened.press('y', 'enter')
    await opened.shows('nothing was changed')
    await opened.press(':', 'set core.debug 1', 'enter', 'enter', 'testing', 'enter')
    await opened.shows('n1 2 → 1')
    expect(value(fakes)).toEqual([1, 1, 1])
  })

  test('a node that does not answer is named, the others have changed', async () => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { view: 'parameters', columns: 120 })
    await opened.shows('n2=3')
    fakes.nodes[2]!.parameters.shift()
    await opened.press('e', 'ctrl-u', '1', 'enter', 'y')
    await opened.shows('n1 2 → 1, n2 3 → 1, n3 ✗ Failed to get the variable')
  })

  test('a word where a number belongs, and a parameter that is read-only', async () => {
    const opened = openConsole(busyFleet(), { view: 'parameters' })
    await opened.shows('n2=3')
    await opened.press('e', 'ctrl-u', 'x', 'enter')
    await opened.shows('core.debug takes an integer, not x')
    await opened.press('j', 'j', 'e')
    await opened.shows('siputils.ring_timeout is read-only')
  })
})

test('a contact is removed from its node after a question', async () => {
  const fakes = busyFleet()
  const opened = openConsole(fakes, { view: 'registrations', columns: 120 })
  await opened.shows('Hardphone')
  await opened.press('G', 'X')
  await opened.shows('remove contact sip:bob@127.0.0.1:7002 of bob on n2? y / n')
  await opened.press('y')
  await opened.hides('Hardphone')
  expect(fakes.nodes[1]!.contacts.get('bob')).toEqual([])
})

describe('the command line at the bottom', () => {
  test.for([
    ['reg', 'Hardphone'],
    ['reg /alice', '/alice  1/3'],
    ['view log', 'something is wrong'],
    ['trace 7f3a91c2@phone', '180 Ringing'],
    ['trace nobody', 'nothing matches /nobody'],
    ['help', 'half a page'],
    ['node n2', 'node n2'],
    ['node n9', 'no node n9; there are n1 n2 n3'],
    ['view moon', 'no view moon'],
    ['fly', 'no view or command fly'],
    ['set nonsense 1', 'no parameter nonsense'],
  ] as const)(':%s', async ([words, shows]) => {
    const opened = openConsole(busyFleet(), { view: 'parameters', columns: 100 })
    await opened.shows('n2=3')
    await opened.press(':', words, 'enter')
    await opened.shows(shows)
  })

  test('Tab completes', async () => {
    const opened = openConsole(busyFleet(), { view: 'parameters' })
    await opened.shows('n2=3')
    await opened.press(':', 'set co')
    await opened.shows(':set co   set core.debug')
    await opened.press('tab', 'enter')
    await opened.shows('core.debug = ')
  })
})

describe('a call', () => {
  test('lanes scroll, times change, a message opens', async () => {
    const opened = openConsole(busyFleet(), { view: 'trace', columns: 40 })
    await opened.shows('INVITE')
    await opened.press('enter')
    await opened.shows('more›')
    await opened.press('l')
    await expect.poll(() => opened.terminal.text).toMatch(/alice +n2$/m)
    await opened.press('t')
    await opened.shows(/^ +1\.3/m)
    await opened.press('w')
    await opened.shows('12:00:0')
  })

  test('log lines of the script stand among the messages', async () => {
    const opened = openConsole(busyFleet(), { view: 'trace' })
    await opened.shows('ANSWERED')
    await opened.press('enter')
    await opened.shows('· INVITE for bob: not on this node')
  })
})

test('bytes from the network do not reach the terminal', async () => {
  const fakes = busyFleet()
  fakes.nodes[0]!.register('mallory', 'sip:m@x', { userAgent: 'evil\x1b]0;owned\x07\x1b[2J' })
  fakes.nodes[0]!.write('log \x1b[31m line')
  const opened = openConsole(fakes, { view: 'registrations', columns: 120 })
  await opened.shows('evil^[]0;owned^G^[[2J')
  await opened.press('6')
  await opened.shows('log ^[[31m line')
  expect(opened.terminal.written).not.toContain('owned\x07')
})

test('without colour the chosen row still stands out, and nothing is coloured', async () => {
  const opened = openConsole(busyFleet(), { colour: false })
  await opened.shows('● n1')
  await expect.poll(() => opened.terminal.inverse(opened.rowOf('● up'))).toContain('n1')
  expect(opened.terminal.written).not.toMatch(/\x1b\[(1;)?3\dm/)
})

test('a locale without UTF-8 gets signs that it has, at the same places', async () => {
  const fakes = busyFleet()
  const opened = openConsole(fakes, { ascii: true, view: 'trace' })
  await opened.shows('* n1  * n2  * n3')
  await opened.shows('ANSWERED')
  await opened.press('enter')
  await opened.shows('|-- INVITE sdp ->|')
  expect(opened.terminal.text).toMatch(/^[\x20-\x7e\n]*$/)
})

test('a row is copied to the terminal of who looks, a message as it was on the wire', async () => {
  const opened = openConsole(busyFleet(), { view: 'registrations' })
  const copied = (): string => {
    const [, text = ''] =
      /\x1b\]52;c;([^\x07]*)\x07(?!.*\x1b\]52)/s.exec(opened.terminal.written) ?? []
    return Buffer.from(text, 'base64').toString()
  }
  await opened.shows('Hardphone')
  await opened.press('G', 'c')
  await opened.shows('copied')
  expect(copied()).toMatch(/^n2 +bob +sip:bob@127\.0\.0\.1:7002/)
  await opened.press('7')
  await opened.shows('ANSWERED')
  await opened.press('enter')
  await opened.shows('180 Ringing')
  await opened.press('G', 'enter')
  await opened.shows('CSeq: 1 BYE')
  await opened.press('c')
  await expect.poll(copied).toMatch(/^SIP\/2\.0 200 OK\r\n/)
})

test('an endpoint that never speaks first is asked', async () => {
  const fakes = busyFleet()
  for (const node of fakes.nodes) node.oneWay = true
  const opened = openConsole(fakes, { view: 'log' })
  await opened.shows('● n3')
  opened.passed = 1100
  await opened.shows('something is wrong')
  fakes.nodes[0]!.write('asked for')
  opened.passed = 2200
  await opened.shows('asked for')
})

test('what something else wrote on the screen goes away', async () => {
  const opened = openConsole(busyFleet())
  await opened.shows('● n1')
  opened.terminal.write('\x1b[3;10Hgarbage from elsewhere')
  await opened.shows('garbage')
  await opened.press('\x0c')
  await opened.hides('garbage')
  await opened.shows('CALLS/S')
})
