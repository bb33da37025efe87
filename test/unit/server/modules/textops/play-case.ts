// Plays one case of test/compat/textops on our modules.
import { printForwardedReply, printRequest } from '../../../../../server/sip/print.ts'
import {
  answerLines,
  type Case,
  encode,
  type Facts,
  messageText,
  SERVER_PORT,
} from '../../../../compat/textops/facts.ts'
import { Stage } from './text-stage.ts'

export type Outcome = Pick<Case, 'values' | 'out' | 'answers'>

export function play(facts: Facts, one: Case): Outcome {
  const stage = new Stage(SERVER_PORT, facts.params)
  const source = messageText(one)
  const msg = stage.message(source)
  const values: NonNullable<Case['values']> = []
  let ended = false
  for (const [name, ...args] of one.steps) {
    if (ended) values.push('not reached')
    else if (name === 'set') {
      stage.set(msg, String(args[0]), args[1]!)
      values.push(null)
    } else if (name === 'read') {
      const value = stage.read(msg, String(args[0]))
      values.push(value === null ? null : String(value))
    } else {
      const verdict = stage.call(msg, name, ...args)
      ended = verdict === 0
      values.push(ended ? 'not reached' : verdict)
    }
  }
  const outcome: Outcome = { values, out: null, answers: null }
  if (one.reply) outcome.out = encode(printForwardedReply(msg), source)
  else if (!facts.answeredOnly && !ended) {
    outcome.out = encode(printRequest(msg, msg.uri, '', '', msg.received.socket), source)
  }
  if (stage.answers.length > 0) outcome.answers = stage.answers.map(answerLines)
  return outcome
}
