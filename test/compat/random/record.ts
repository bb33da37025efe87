/**
 * Asks the real Kamailio what random expressions are worth and writes values.json.
 * Run: node test/compat/random/record.ts (needs Debian's kamailio; loopback only)
 */
import { writeFileSync } from 'node:fs'
import { answerOf, LAST, refusedOf } from '../script/real.ts'
import { type Case, configOf } from '../script/cases.ts'
import { expressions, ROUTES, SETUP } from './generator.ts'

const COUNT = 4000
const SEED = 20_240_601
const BATCH = 250

const all = expressions(COUNT, SEED)
const refused = new Set<string>()

/** What it is, and what it is with 1 behind it: that tells a number from a text. */
const ask = (text: string, i: number): string =>
  [
    `$var(r) = "?"; $var(r) = ${text}; $var(t) = $var(r) + 1;`,
    `xlog("L_ERR", "@@${i} <$var(r)> <$var(t)>\\n");`,
  ].join(' ')

function caseOf(batch: readonly string[]): Case {
  const asked = batch.map((text, i) => `> ${ask(text, i)}`)
  const statements = [`> ${SETUP}`, ...asked, `> xlog("L_ERR", "${LAST}\\n");`]
  return {
    name: 'random',
    config: `${ROUTES}${statements.join('\n')}\n`,
    files: new Map(),
    args: [],
    env: {},
    bare: false,
    says: null,
    ours: null,
  }
}

const values = new Map<string, string>()
for (let at = 0; at < all.length; at += BATCH) {
  const some = all.slice(at, at + BATCH)
  for (const text of await refusedOf(some, texts => configOf(caseOf(texts)))) refused.add(text)
  const batch = some.filter(text => !refused.has(text))
  for (const line of (await answerOf(caseOf(batch))).split('\n')) {
    const found = /^(\d+) (<.*> <.*>)$/s.exec(line)
    if (found !== null) values.set(batch[Number(found[1])]!, found[2]!)
  }
}
const origin = 'Kamailio 5.6.3 (Debian), asked by record.ts: <the value> <the value + 1>'
const facts = all.map(text => [
  text,
  refused.has(text) ? 'refused' : (values.get(text) ?? 'no answer'),
])
const lines = facts.map(fact => JSON.stringify(fact)).join(',\n')
writeFileSync(
  new URL('values.json', import.meta.url),
  `{ "origin": ${JSON.stringify(origin)}, "facts": [\n${lines}\n] }\n`,
)
process.stdout.write(
  `${facts.length} expressions, ${refused.size} refused, ${values.size} values\n`,
)
