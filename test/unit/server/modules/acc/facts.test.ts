// The calls that the real Kamailio accounted, again with tm and acc.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Facts, FOLDER } from '../../../../compat/acc/facts.ts'
import { makeTables, readRows, type RowsFacts } from '../../../../compat/acc/rows.ts'
import { AccWorld } from './acc-world.ts'
import { play } from './replay.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))

describe('lines of the log, as Kamailio has them', () => {
  test.for((read('calls.json') as Facts).calls)('$name', async call => {
    const world = new AccWorld(call)
    await world.start()
    expect(play(world, call)).toEqual(call.steps)
    await world.stop()
  })
})

describe('rows of the database, as Kamailio has them', () => {
  test.for((read('rows.json') as RowsFacts).calls)('$name', async call => {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-acc-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'acc.sqlite')
    makeTables(path)
    const acc = { ...call.params?.acc, db_url: `sqlite:///${path}` }
    const world = new AccWorld({ ...call, params: { ...call.params, acc } }, folder)
    await world.start()
    play(world, call)
    await world.delivered()
    await world.stop()
    expect(readRows(path)).toEqual(call.rows)
  })
})
