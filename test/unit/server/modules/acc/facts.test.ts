// The calls that the real Kamailio accounted, again with tm and acc.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  answerText,
  type Call,
  CALLEE_PORT,
  CALLER_PORT,
  type Facts,
  FOLDER,
  maskLine,
  methodOf,
  requestText,
} from '../../../../compat/acc/facts.ts'
import { AccWorld } from './acc-world.ts'

/** Plays the call and returns it as it went with us. */
async function replay(call: Call): Promise<Call['steps']> {
  const world = new AccWorld(call)
  await world.start()
  const steps = call.steps.map(step => {
    if (step.pause !== undefined) world.pass(step.pause * 1000)
    else if (step.send !== undefined) world.receive(requestText(step), CALLER_PORT)
    else {
      const method = step.method ?? 'INVITE'
      const sent = world.sent.filter(
        ({ port, text }) => port === CALLEE_PORT && methodOf(text) === method,
      )
      const requests = [...new Set(sent.map(({ text }) => text))]
      const request = requests[step.which ?? requests.length - 1]
      if (request === undefined) throw new Error(`no ${method} was sent to the callee`)
      world.receive(answerText(request, step), CALLEE_PORT)
    }
    const log = world.log.splice(0).map(maskLine)
    return step.log === undefined ? step : { ...step, log }
  })
  await world.stop()
  return steps
}

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  const { calls } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    test.for(calls)('$name', async call => {
      expect(await replay(call)).toEqual(call.steps)
    })
  })
}
