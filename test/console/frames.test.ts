// Every view as a whole screen, at the size of an old terminal and at a comfortable one. The
// screens are files; with OHANA_UPDATE_FRAMES=1 they are written anew, and a look at the difference
// tells whether it was meant.
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { busyFleet, openConsole, traffic } from '../kit/console.ts'

type Frame = { name: string; keys: string[]; shows: string }

const FRAMES: Frame[] = [
  { name: 'nodes', keys: [], shows: '● up' },
  { name: 'node', keys: ['j', 'enter'], shows: 'The last minutes' },
  { name: 'registrations', keys: ['2'], shows: 'Hardphone' },
  { name: 'contact', keys: ['2', 'G', 'enter'], shows: 'bob on n2' },
  { name: 'transactions', keys: ['3'], shows: 'INVITE' },
  { name: 'statistics', keys: ['4'], shows: 'rcv_requests' },
  { name: 'parameters', keys: ['5'], shows: 'n2=3' },
  { name: 'parameter', keys: ['5', 'enter'], shows: 'nodes differ' },
  { name: 'log', keys: ['6'], shows: 'something is wrong' },
  { name: 'trace', keys: ['7'], shows: 'ANSWERED' },
  { name: 'call', keys: ['7', 'enter'], shows: '180 Ringing' },
  { name: 'message', keys: ['7', 'enter', 'G', 'enter'], shows: 'CSeq: 1 BYE' },
  { name: 'help', keys: ['?'], shows: 'half a page' },
]
const SIZES = [
  [80, 24],
  [120, 40],
] as const

describe.for(SIZES)('%d x %d', ([columns, rows]) => {
  test.for(FRAMES)('$name', async ({ name, keys, shows }) => {
    const fakes = busyFleet()
    const opened = openConsole(fakes, { columns, rows })
    await opened.shows('● n3')
    traffic(fakes)
    await opened.shows('108')
    for (const key of keys) {
      await opened.press(key)
      if (/^\d$/.test(key) && key !== keys.at(-1)) await opened.shows(READY[key]!)
    }
    await opened.shows(shows)
    const path = `test/console/frames/${name}-${columns}x${rows}.txt`
    const text = `${opened.terminal.text.trimEnd()}\n`
    if (process.env.OHANA_UPDATE_FRAMES) writeFileSync(path, text)
    expect(text).toBe(readFileSync(path, 'utf8'))
  })
})

/** What a view shows when its rows have come. */
const READY: Record<string, string> = { 2: 'Hardphone', 5: 'n2=3', 7: 'ANSWERED' }
