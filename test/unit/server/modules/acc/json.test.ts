// The calls that the real Kamailio accounted in JSON, again with ours.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AnyModule } from '../../../../../server/core/module/index.ts'
import accJson from '../../../../../server/modules/acc_json/acc_json.module.ts'
import { dumpReal } from '../../../../../server/modules/acc_json/dump.ts'
import mqueue from '../../../../../server/modules/mqueue/mqueue.module.ts'
import type { Mqueue } from '../../../../../server/modules/mqueue/mqueue.ts'
import { CALLER_PORT, FOLDER, requestText, type Word } from '../../../../compat/acc/facts.ts'
import { type JsonCall, type JsonFacts, maskJson } from '../../../../compat/acc/json.ts'
import { AccWorld } from './acc-world.ts'
import { play } from './replay.ts'

const facts = JSON.parse(readFileSync(join(FOLDER, 'json.json'), 'utf8')) as JsonFacts
const MODULES = [mqueue, accJson] as unknown as AnyModule[]

async function world(call: Pick<JsonCall, 'params' | 'on'>): Promise<AccWorld> {
  const made = new AccWorld(call, '', MODULES)
  await made.start()
  return made
}

/** `key value` of all that is in the queue. */
function queued(made: AccWorld): string[] {
  const queue = (made.instance('mqueue') as Mqueue).queues.get('q')!
  const found: string[] = []
  for (let entry = queue.take(); entry !== null; entry = queue.take())
    found.push(`${entry.key} ${entry.value}`)
  return found
}

describe('texts in the queue, as Kamailio has them', () => {
  test.for(facts.calls)('$name', async call => {
    const made = await world(call)
    play(made, call)
    expect(queued(made).map(maskJson)).toEqual(call.events)
    await made.stop()
  })
})

const MARKED: Word[] = [['setflag', 1], ['t_newtran'], ['t_reply', '200', 'OK']]

test('texts go to the log, at their level and to their facility', async () => {
  const made = await world({
    params: {
      acc_json: {
        acc_flag: 1,
        acc_output_syslog: 1,
        acc_log_level: 0,
        acc_log_facility: 'LOG_LOCAL3',
      },
    },
    on: { '*': MARKED },
  })
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  const line = made.core.log.tail(1)[0]!
  expect(line).toMatchObject({ level: 0, source: 'acc_json', facility: 'LOG_LOCAL3' })
  expect(JSON.parse(line.text)).toMatchObject({ method: 'MESSAGE', sip_code: '200' })
})

test('call data records need those of acc', async () => {
  const acc_json = { cdr_enable: 1 }
  const why = 'cannot register ACC CDR JSON engine'
  await expect(world({ params: { acc_json }, on: {} })).rejects.toThrow(why)
})

test('a queue that is not there is told of', async () => {
  const acc_json = { acc_flag: 1, acc_output_mqueue: 'none' }
  const made = await world({ params: { acc_json }, on: { '*': MARKED } })
  made.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
  const lines = made.core.log.tail(2).map(({ text }) => text)
  expect(lines).toEqual(['mqueue not found: none', expect.stringContaining('ACC mqueue add error')])
})

test.for([
  [1.5, '1.5'],
  [0.1, '0.10000000000000001'],
  [1795280822.123, '1795280822.1229999'],
  [3, '3'],
] as const)('%d has the digits of a double', ([value, text]) => {
  expect(dumpReal(value)).toBe(text)
})
