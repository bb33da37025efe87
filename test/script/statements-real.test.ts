// Random statements do what they do in the real Kamailio (compat/random/statements.json): the same
// routes run in the same order, and the variables end alike.
//
// Some are told apart, and are named in statements-differ.json so that no other joins them:
// selval() as an operand (it fails there in Kamailio where it is not constant, ours has a value),
// `{ ... }` or an assignment as an operand in which the script is ended (Kamailio goes on with some
// operands and not with others), and a switch over a constant whose chosen part is empty.
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { answersOf, configOf } from '../compat/random/statements.ts'
import { MARK, request } from '../compat/script/cases.ts'
import { Bench } from '../kit/bench.ts'
import { PEER_PORT } from '../kit/bench-ports.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../compat/random/${name}`, import.meta.url), 'utf8'))
const { facts } = read('statements.json') as { facts: [text: string, answer: string][] }
const known = new Set(read('statements-differ.json') as string[])

const REFUSED = 'refused'
const ours = new Map<string, string>()

beforeAll(async () => {
  for (const [text] of facts) if (await isRefused(text)) ours.set(text, REFUSED)
  const taken = facts.map(([text]) => text).filter(text => !ours.has(text))
  const bench = await Bench.start(configOf(taken))
  const lines = taken.flatMap((_, i) => bench.logged(request(PEER_PORT, `X-Test: ${i}\r\n`)))
  const traces = lines
    .filter(line => line.includes(MARK))
    .map(line => line.slice(line.indexOf(MARK) + MARK.length).trimEnd())
  const answers = answersOf(traces.join('\n'), taken.length)
  taken.forEach((text, i) => ours.set(text, answers[i]!))
}, 120_000)

async function isRefused(text: string): Promise<boolean> {
  try {
    await Bench.start(configOf([text]))
    return false
  } catch {
    return true
  } finally {
    // What was made for it may go now.
    await new Promise(later => setImmediate(later))
  }
}

it('does what the real one does', () => {
  const alike = facts.filter(([text]) => !known.has(text))
  expect(alike.map(([text]) => [text, ours.get(text)])).toEqual(alike)
})

it('differs only where selval() or a statement is an operand, and where it is said to', () => {
  const differ = facts.filter(([text, answer]) => ours.get(text) !== answer)
  expect(differ.map(([text]) => text)).toEqual([...known])
})
