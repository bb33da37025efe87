// The calls that were told to the real Kamailio, told to ours.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compared } from './compared.ts'
import { SETUPS, type Told } from './facts.ts'
import { Replay } from './replay.ts'

const HERE = ['dialog', 'sst', 'uac-dialog']

describe.for(SETUPS.filter(({ folder = 'dialog' }) => HERE.includes(folder)))('$name', setup => {
  const { folder = 'dialog', name, calls } = setup
  const path = resolve(import.meta.dirname, '..', folder, `${name}.json`)
  const known = JSON.parse(readFileSync(path, 'utf8')) as Told

  // One node has all the calls of a setup, one after the other, as Kamailio had.
  test('is as Kamailio has it', async () => {
    const replay = await Replay.start(setup)
    try {
      for (const call of calls) {
        const told = await replay.tell(call)
        const wanted = compared(setup, call, known[call.name]!)
        expect.soft(compared(setup, call, told), call.name).toEqual(wanted)
      }
    } finally {
      await replay.stop()
    }
  })
})
