// Messages of calls with hidden topology, damaged, in an order of their own: the node survives all
// of them without a mistake of its own, on the way in and on the way out.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { toposD, toposT } from '../../server/core/db/tables/topos.ts'
import { type Fact, MODULES, ROUTES } from '../compat/topology/facts.ts'
import { PORTS } from '../compat/topology/story.ts'
import { Bench } from '../kit/bench.ts'
import { mutate, randomFrom } from '../kit/mutate.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const MESSAGES = 1500
/** Between two looks at the timers and at the storage. */
const BATCH = 100

const said = (file: string): [port: number, text: string][] => {
  const facts: Fact[] = JSON.parse(readFileSync(`test/compat/topology/${file}.json`, 'utf8'))
  return facts.flatMap(({ transcript = [] }) =>
    transcript.flatMap(line => {
      const [who, text] = [line.slice(0, line.indexOf(' ')), line.split(' says ', 2)[1]]
      return text === undefined ? [] : [[who === 'bob' ? PORTS.bob : PORTS.alice, text]]
    }),
  ) as [number, string][]
}

test.each(['topoh', 'topos'])('%s', async name => {
  const folder = mkdtempSync(join(tmpdir(), 'topology-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const own =
    name === 'topoh'
      ? 'modparam("topoh", "mask_callid", 1)'
      : `loadmodule "db_sqlite.so"
modparam("topos", "db_url", "${sqliteFile(join(folder, 'topos.db'), toposD, toposT)}")
loadmodule "topoh.so"
modparam("topoh", "use_mode", 1)
modparam("topos", "mask_callid", 1)
modparam("topos", "rr_update", 1)`
  const bench = await Bench.start(`debug=-1
${[...MODULES, name].map(module => `loadmodule "${module}.so"`).join('\n')}
${own}
${ROUTES}`)
  onTestFinished(async () => {
    await bench.host.stop()
    await bench.core.databases.close()
  })
  const random = randomFrom(name.length * 7)
  const messages = said(name)
  for (let i = 0; i < MESSAGES; i++) {
    const [port, text] = messages[random(messages.length)]!
    const branch = bench.sent.at(-1)?.text.match(/branch=(z9hG4bK[^;\r\n,]+)/)?.[1] ?? 'z9hG4bK'
    const real = text.replaceAll('branch=OURS', `branch=${branch}`)
    bench.receive(random(4) === 0 ? real : mutate(real, random), port)
    if (i % BATCH === 0) await pause(1)
  }
  await pause(50)
  expect(
    bench.lines.map(line => line.text).filter(text => / \(Call-ID |(Type|Range)Error/.test(text)),
  ).toEqual([])
  expect(bench.sent.length).toBeGreaterThan(MESSAGES / 10)
})
