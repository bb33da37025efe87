// Plays a recorded call with tm and acc on a fake clock.
import {
  answerText,
  type Call,
  CALLEE_PORT,
  CALLER_PORT,
  maskLine,
  methodOf,
  requestText,
} from '../../../../compat/acc/facts.ts'
import type { AccWorld } from './acc-world.ts'

/** Returns the steps as they went with us; a world that has been started. */
export function play(world: AccWorld, call: Call): Call['steps'] {
  return call.steps.map(step => {
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
}
