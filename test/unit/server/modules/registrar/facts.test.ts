// The conversations that the real Kamailio had, again with usrloc and registrar.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Conversation,
  type Facts,
  FOLDER,
  Mask,
  messageText,
  SERVER_PORT,
} from '../../../../compat/registrar/facts.ts'
import { World } from './registrar-world.ts'

/** Plays the conversation and returns it as it went with us. */
async function replay(conversation: Conversation): Promise<Conversation['steps']> {
  const world = new World(SERVER_PORT, conversation.params)
  await world.start()
  const mask = new Mask()
  const steps = conversation.steps.map((step, index) => {
    if (step.pause !== undefined) {
      world.pass(step.pause)
      return step
    }
    if (step.rpc !== undefined) {
      const [name, ...params] = step.rpc
      const answer = JSON.stringify(world.rpc(String(name), params))
      const masked = mask.text(answer).replaceAll(/:TIME\b/g, ':"TIME"')
      return { ...step, answer: JSON.parse(masked) as unknown }
    }
    const msg = world.message(mask.real(messageText(step, index + 1)))
    world.run(
      msg,
      msg.method === 'REGISTER' ? conversation.onRegister : (conversation.onRequest ?? []),
    )
    const replies = world.replies.sent.splice(0).map(lines => lines.map(line => mask.text(line)))
    const marks = world.marks.splice(0).map(line => mask.text(line))
    return { ...step, replies, marks }
  })
  await world.stop()
  return steps
}

for (const name of readdirSync(FOLDER).filter(file => file.endsWith('.json'))) {
  const facts = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    test.for(facts.conversations)('$name', async conversation => {
      expect(await replay(conversation)).toEqual(conversation.steps)
    })
  })
}
