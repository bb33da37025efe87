// The stories that were told to the real Kamailio, told to ours: every byte that a phone hears and
// every line of the script is the same.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import { FACTS, type Fact, MODULES, masked, ROUTES } from './facts.ts'
import { CALL_ID, SECRET, Story } from './story.ts'

const MARK = '@@'

function configOf(fact: Fact): string {
  const params = Object.entries({ rr: { append_fromtag: 1 }, ...fact.params })
  return [
    'debug=0\nserver_signature=no',
    ...[...MODULES, ...(fact.modules ?? [])].map(name => `loadmodule "${name}.so"`),
    ...params.flatMap(([module, values]) =>
      Object.entries(values).map(
        ([name, value]) => `modparam("${module}", "${name}", ${JSON.stringify(value)})`,
      ),
    ),
    ROUTES + (fact.routes ?? ''),
  ].join('\n')
}

async function tell(fact: Fact): Promise<Story & { marks: string[] }> {
  const bench = await Bench.start(configOf(fact))
  const story = new Story(async (port, text) => {
    const before = bench.sent.length
    bench.receive(text, port)
    await pause(5)
    return bench.sent.slice(before).map(({ text: got, to }) => ({ port: to.port, text: got }))
  })
  try {
    await story[fact.story]()
  } finally {
    await bench.host.stop()
  }
  const marks = bench.lines.flatMap(({ text }) =>
    text.includes(MARK) ? [text.slice(text.indexOf(MARK) + MARK.length).trimEnd()] : [],
  )
  return Object.assign(story, { marks })
}

for (const [file, facts] of Object.entries(FACTS)) {
  const recorded: Fact[] = JSON.parse(
    readFileSync(resolve(import.meta.dirname, `${file}.json`), 'utf8'),
  )
  describe(file, () => {
    test.for(facts.map((fact, index) => [fact.name, fact, recorded[index]!] as const))(
      '%s',
      async ([, fact, known]) => {
        const told = await tell(fact)
        const said = known
          .transcript!.map(masked)
          .filter(line => / (says|hears) /.test(line.slice(0, 12)))
        expect(told.transcript.map(masked)).toEqual(said)
        expect(told.marks).toEqual(known.transcript!.slice(said.length))
        const hidden = fact.params[file]?.mask_callid === 1
        for (const { who, message } of told.heard) {
          const seen = hidden ? message.text : message.text.replaceAll(CALL_ID, '')
          if (who === 'bob') expect(seen).not.toContain(SECRET.alice)
          else expect(seen).not.toContain(SECRET.bob)
        }
      },
    )
  })
}
