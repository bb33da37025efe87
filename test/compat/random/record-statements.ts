/**
 * Asks the real Kamailio what random statements do and writes statements.json.
 * Run: node test/compat/random/record-statements.ts (needs Debian's kamailio; loopback only)
 */
import { writeFileSync } from 'node:fs'
import { refusedOf, tracesOf } from '../script/real.ts'
import { answersOf, bodies, configOf } from './statements.ts'

const COUNT = 1500
const SEED = 20_241_121
const BATCH = 100

const all = bodies(COUNT, SEED)
const facts: [text: string, answer: string][] = []
for (let at = 0; at < all.length; at += BATCH) {
  const batch = all.slice(at, at + BATCH)
  const refused = await refusedOf(batch, configOf)
  const taken = batch.filter(text => !refused.has(text))
  const answers = answersOf(await tracesOf(configOf(taken), taken.length), taken.length)
  for (const text of batch)
    facts.push([text, refused.has(text) ? 'refused' : answers[taken.indexOf(text)]!])
}
const origin =
  'Kamailio 5.6.3 (Debian), asked by record-statements.ts: routes that ran, then the end'
const lines = facts.map(fact => JSON.stringify(fact)).join(',\n')
writeFileSync(
  new URL('statements.json', import.meta.url),
  `{ "origin": ${JSON.stringify(origin)}, "facts": [\n${lines}\n] }\n`,
)
const refused = facts.filter(([, answer]) => answer === 'refused').length
process.stdout.write(`${facts.length} bodies, ${refused} refused\n`)
